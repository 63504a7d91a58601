"""Texts that some bytes may be, pure: every encoding that a Chinese office's files come in, markup taken off two ways."""

from __future__ import annotations

import codecs
import html
from collections.abc import Iterator
from typing import Final

from kaoping.patterns import Found, linear

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = linear(r"(?i)(?:encoding|charset)\s*=\s*[\"']?\s*([a-z0-9_.:-]{2,40})")
_TAG: Final = linear(r"<[^<>]*>")
# Ends of paragraphs, cells and lines in OOXML, ODF and HTML; every other tag may stand inside a word.
_BREAKING: Final = linear(
    r"(?i)</?(?:w:p|w:tc|w:tr|w:br|w:cr|w:tab|a:p|a:br|a:tc|p:sp|si|is|c|row|v|t|f|author|comment|dc:\w+|cp:\w+|vt:\w+"
    r"|text:p|text:h|text:tab|text:line-break|table:table-cell|p|br|div|li|ul|ol|tr|td|th|table|h[1-6]|title|option|hr"
    r"|section|article|header|footer|head|body|textarea|button|label|oddheader|oddfooter|evenheader|evenfooter"
    r"|firstheader|firstfooter)(?:[\s/][^<>]*)?>"
)
_DATA_HEAD: Final = linear(r"(?i)data:[a-z0-9.+/;=_-]{0,100},")
_EDGES: Final = linear(r"[<>\"'=\t]+")
# What Excel writes into headers and footers: &L &C &R, fonts and sizes.
_SHEET_CODES: Final = linear(r"&(?:[A-Z]|K[0-9A-F]{6}|\"[^\"\n]{0,80}\"|\d{1,3})")
# What is no sign of a Chinese or English text, as a line end.
_READABLE: Final = linear(
    r"[\p{Han}\x20-\x7e\x{2000}-\x{206f}\x{2460}-\x{27bf}\x{2b50}-\x{2b5f}\x{3000}-\x{303f}\x{ff00}-\x{ffef}]+"
)
# One walk over all signs: a search a sign would cost every process half a second at its start.
_ALL: Final = "".join(map(chr, range(0x10000)))
_UNREADABLE: Final = dict.fromkeys(map(ord, set(_ALL).difference(*_READABLE.findall(_ALL))), "\n")
# \u673a and \u{673a} of scripts, %u673A of old ones, \673A of style sheets.
_ESCAPED: Final = linear(
    r"(?:\\u|%u)([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}|\\U([0-9a-fA-F]{8})|\\([0-9a-fA-F]{2,6})[ \t\r\n\f]?"
)
# Bytes one by one: %E6 or %BB of addresses, \xe6 and \346 of scripts.
_BYTES: Final = linear(r"(?:%[0-9a-fA-F]{2}){2,}|(?:\\x[0-9a-fA-F]{2}){2,}|(?:\\[23][0-7]{2}){2,}")
_ESCAPES_SIGN: Final = ("\\", "%")
# What stands small above a word to say how it is read; it tears the word apart for who reads the line only.
_READING: Final = linear(
    r"(?is)<(?:rt|rp|w:rt|rph|text:ruby-text)(?:\s[^<>]*)?>.{0,400}?</(?:rt|rp|w:rt|rph|text:ruby-text)\s*>"
)
_OPEN_READING: Final = linear(r"(?i)<(?:rt|rp)(?:\s[^<>]*)?>[^<>]*")
_SEVEN: Final = linear(r"\+[A-Za-z0-9+/]{5}")
# Encodings of neighbours; tried where the one sign stands that every mark has.
_RARE: Final = tuple((name, "密".encode(name)) for name in ("cp932", "euc_jis_2004", "cp949", "johab"))
_RTF_UNICODE: Final = linear(r"\\u(-?\d{1,6})(?:\\'[0-9a-fA-F]{2}|\s?\?)?")
_RTF_BYTES: Final = linear(r"(?:\\'[0-9a-fA-F]{2})+")
_RTF_WORDS: Final = linear(r"\\(?:par|line|cell|row|tab|sect|page)\b[ ]?")
_RTF_OTHER: Final = linear(r"\\[a-zA-Z]{1,32}-?\d{0,10}[ ]?|[{}]")


def decodings(content: bytes) -> Iterator[str]:
    """The texts that ``content`` may be; one only when its encoding is certain."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            yield content.decode(name, errors="replace")
            return
    declared = _declared(content)
    if declared:
        yield content.decode(declared, errors="replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\x00" not in text:
        yield text
        if "~{" in text:
            yield content.decode("hz", errors="replace")
        if "\x1b$" in text or "\x0e" in text:
            yield content.decode("iso2022_jp_ext", errors="replace")
            yield content.decode("iso2022_jp_2", errors="replace")
            yield content.decode("iso2022_kr", errors="replace")
        if "+" in text and text.isascii() and _SEVEN.search(text):
            yield content.decode("utf-7", errors="replace")
        return
    for name in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "utf-8"):
        yield content.decode(name, errors="replace")
    for name, sign in _RARE:
        if sign in content:
            yield content.decode(name, errors="replace")


def _declared(content: bytes) -> str:
    """The encoding that the head of a page or part names, when it is one of text and not the one tried anyway."""
    found = _DECLARED.search(content[:2000].decode("latin-1"))
    name = found.group(1).lower() if found else ""
    if not name or name in ("utf-8", "utf8"):
        return ""
    try:
        codec = codecs.lookup(name)
        b"".decode(name)
    except (LookupError, ValueError):
        return ""
    return codec.name if getattr(codec, "_is_text_encoding", False) else ""


def stripped(text: str) -> Iterator[str]:
    """A text with markup taken off: lines as a reader sees them, then everything between signs of markup by itself.

    The second finds what stands in attributes, comments and cells; the first what is cut up by tags inside a word.
    """
    if not any(sign in text for sign in ("<", "&", *_ESCAPES_SIGN)):
        yield text
        return
    read = _OPEN_READING.sub("", _READING.sub("", text)) if "<" in text else text
    yield _resolved(_TAG.sub("", _BREAKING.sub("\n", read)))
    yield _resolved(
        _EDGES.sub("\n", _DATA_HEAD.sub("\n", text) if "ata:" in text or "ATA:" in text else text)
    )


def _resolved(text: str) -> str:
    """Entities, escapes and percent signs read; once more for what was written twice (&amp;#26426;)."""
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    if any(sign in text for sign in _ESCAPES_SIGN):
        text = _ESCAPED.sub(_sign, _BYTES.sub(_signs, text))
    return _SHEET_CODES.sub("\n", text) if "&" in text else text


def _sign(found: Found) -> str:
    number = int(next(one for one in found.groups() if one), 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else "\n"


def _signs(found: Found) -> str:
    text = found.group(0)
    if text[0] == "%" or text[1] in "xX":
        content = bytes.fromhex(text.replace("%", "").replace("\\x", ""))
    else:
        content = bytes(int(one, 8) for one in text.split("\\")[1:])
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def rtf_text(content: bytes) -> str:
    r"""The words of an RTF: ``\u26426?`` and ``\'bb\'fa`` read (GB 18030), control words dropped."""
    text = content.decode("latin-1").replace("\r", "").replace("\n", "")
    text = _RTF_WORDS.sub("\n", text)
    text = _RTF_UNICODE.sub(lambda found: chr(int(found[1]) % 0x10000), text)
    text = _RTF_BYTES.sub(
        lambda found: bytes.fromhex(found[0].replace("\\'", "")).decode("gb18030", errors="replace"), text
    )
    return _RTF_OTHER.sub("", text)


def wide_texts(content: bytes) -> Iterator[str]:
    """UTF-16 inside binary streams, at both alignments, with everything that is no readable sign as a line end."""
    for start in (0, 1):
        yield content[start:].decode("utf-16-le", errors="replace").translate(_UNREADABLE)
    yield content.decode("gb18030", errors="replace")
