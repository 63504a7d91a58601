"""Which encoding a page is in: BOM, then header, then meta, then what decodes without loss.

GB2312 and GBK are read as GB18030, their superset, as browsers do. Measured against detector libraries on
Chinese pages: they guess other scripts when the declaration is missing, this rule does not. Only encodings that browsers
know are obeyed: of Python's own some raise, some read any bytes as something else, and one tag must not hide a page.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable
from encodings.aliases import aliases
from typing import Final, NamedTuple

from kaoping.patterns import linear

_IN_HEADER = linear(r"(?i)charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([^\s\"';]{1,60})")
_IN_META = linear(r"(?i)<meta[^>]{0,300}?charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([^\s\"';/>]{1,60})")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE: Final = {"gb2312", "gbk", "gb18030", "cp936", "gb_2312-80", "x-gbk", "hz-gb-2312"}
# The encodings of the web (WHATWG Encoding) by the names that Python gives them. Those of two bytes a character count only in a header.
_TWO_BYTES: Final = frozenset(("utf-16", "utf-16-le", "utf-16-be"))
_OF_THE_WEB: Final = _TWO_BYTES | {
    *("utf-8", "ascii", "big5", "big5hkscs", "gb18030", "shift_jis", "cp932", "euc_jp", "iso2022_jp"),
    *("euc_kr", "cp949", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874", "tis-620"),
    *(f"iso8859-{part}" for part in (*range(1, 12), 13, 14, 15, 16)),
    *(f"cp{page}" for page in range(1250, 1259)),
}
_ALSO: Final = {
    **dict.fromkeys(_CHINESE, "gb18030"),
    "unicode-1-1-utf-8": "utf-8",
    "x-sjis": "cp932",
    "windows-874": "cp874",
    "x-euc-jp": "euc_jp",
    "x-big5": "big5",
}


def _spelt(name: str) -> str:
    return name.lower().replace("-", "_")


def _found(module: str) -> str:
    return "gb18030" if module in ("gb2312", "gbk", "hz") else codecs.lookup(module).name


# A table and not a search for a codec by name: that would look for a module of any name that a page may think of.
_NAMES: Final[dict[str, str]] = {
    _spelt(label): name
    for label, name in (
        *((name, name) for name in _OF_THE_WEB),
        *((alias, _found(module)) for alias, module in aliases.items() if module != "mbcs"),
        *_ALSO.items(),
    )
    if name in _OF_THE_WEB
}
# Control signs, halves of signs, private and unassigned ones: what no writer types.
_ODD: Final = ("Cc", "Cs", "Co", "Cn")
HEAD: Final = 4096
_ASCII_MARKUP: Final = (b"<html", b"<head", b"<body", b"<meta", b"<!doctype", b"<title", b"<div")


class Decoded(NamedTuple):
    """A text, the encoding that it was read by (utf-8, gb18030, …), and what is wrong with the declared one, in words."""

    text: str
    encoding: str
    fault: str


def decode(data: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text and the name of the encoding used. Never fails: bad bytes become U+FFFD."""
    return decoded(data, content_type)[:2]


def decoded(data: bytes, content_type: str | None = None) -> Decoded:
    """As ``decode``, and the fault of the declaration: a browser may show such a page as gibberish."""
    contradicted = ""
    if marked := next((pair for pair in _BOMS if data.startswith(pair[0])), None):
        bom, name = marked
        if not _is_ascii_markup(data, name):
            return Decoded(data[len(bom) :].decode(name, "replace"), name, "")
        contradicted = f"开头的编码标记是 {name}，内容不是"
    names = _declared(data, content_type)
    known = [(name, found) for name in names if (found := _canonical(name))]
    # What says in ASCII that it is UTF-16 is not; browsers read it as UTF-8.
    obeyed = ["utf-8" if _is_ascii_markup(data, found) else found for _, found in known]
    text, used = _least_damage(data, (*obeyed, "utf-8", "gb18030"))
    if contradicted:
        return Decoded(text, used, contradicted)
    if unknown := [name for name in names if not _canonical(name)]:
        return Decoded(text, used, f"声明的编码“{_shown(unknown[0])}”不是网页所用的编码")
    if known and used not in obeyed:
        return Decoded(text, used, f"声明的编码是“{_shown(names[0])}”，内容是 {used}")
    return Decoded(text, used, "")


def is_text(data: bytes, *, markup: bool = False) -> bool:
    """Whether bytes are a text in some encoding, and not an archive, a picture or noise.

    One sign in fifty may be odd, in ``markup`` one in five: a spoilt page is a page.
    """
    text = decode(data)[0]
    odd = sum(
        sign == "\ufffd" or unicodedata.category(sign) in _ODD and sign not in "\t\n\r\f\v" for sign in text
    )
    return odd * (5 if markup else 50) <= len(text)


def _least_damage(data: bytes, names: Iterable[str]) -> tuple[str, str]:
    """The first encoding that takes every byte; when none does, the one with the fewest bytes that it cannot read."""
    tried = tuple(dict.fromkeys(names))
    for name in tried:
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    return min(
        ((data.decode(name, "replace"), name) for name in tried), key=lambda pair: pair[0].count("\ufffd")
    )


def _is_ascii_markup(data: bytes, name: str) -> bool:
    """True when ``name`` takes two bytes a character and yet tags stand there one byte a character."""
    return name in _TWO_BYTES and any(tag in data[:HEAD].lower() for tag in _ASCII_MARKUP)


def _declared(data: bytes, content_type: str | None) -> list[str]:
    names = []
    if content_type and (match := _IN_HEADER.search(content_type[:300])):
        names.append(match[1])
    if found := _IN_META.search(data[:HEAD].decode("latin-1")):
        names.append(found[1])
    return names


def _canonical(name: str) -> str | None:
    return _NAMES.get(_spelt(name))


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:20])
