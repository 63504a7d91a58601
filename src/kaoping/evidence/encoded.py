"""What stands in a text in another form, pure: parts of mails and web archives, base64, quoted-printable, encoded words.

A reader's program shows these decoded, so they are looked at decoded. Whatever is decoded here is bytes again, and may be
anything: a text in any encoding, a document, a picture.
"""

from __future__ import annotations

import base64
import binascii
import email
import quopri
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kaoping.patterns import linear

_HEAD: Final = 64 * 1024
_MESSAGE: Final = linear(r"(?im)^(?:mime-version|content-type|content-transfer-encoding)[ \t]*:")
_TRANSFERS: Final = ("", "7bit", "8bit", "binary", "base64", "quoted-printable")
# Sixteen signs or more, and the lines that go on with it; shorter where it is said that it is base64.
_BASE64: Final = linear(r"[A-Za-z0-9+/_-]{16,}={0,2}(?:[ \t]*\r?\n[ \t>]*[A-Za-z0-9+/_-]+={0,2})*")
_SAID_BASE64: Final = linear(r"(?i)base64,\s*([a-z0-9+/_-]{4,})")
_NO_BASE64: Final = linear(r"[^A-Za-z0-9+/]+")
_QUOTED: Final = linear(r"(?:=[0-9A-Fa-f]{2}){2}")
_WORD: Final = linear(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
# uuencode, BinHex, yEnc, and ISO-2022-CN, for which there is no codec.
_OTHER: Final = linear(
    r"(?m)^begin(?:-base64)? [0-7]{3,4} \S|^\(This file must be converted with BinHex|^=ybegin |\x1b\$\)[AGE]"
)
_LOCKED: Final = linear(r"-----BEGIN PGP MESSAGE-----")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail or web archive: its name (may be empty), its content decoded, its declared encoding."""

    name: str
    content: bytes
    charset: str
    decoded: bool


def is_message(content: bytes) -> bool:
    """Whether the bytes are a mail or a web archive (MHT), or hold one."""
    return _MESSAGE.search(content[:_HEAD].decode("latin-1")) is not None


def message_parts(content: bytes) -> Iterator[Part]:
    """The parts of a mail or web archive. Raises ``ValueError`` when it cannot be taken apart."""
    try:
        message = email.message_from_bytes(content.lstrip(b"\xef\xbb\xbf \t\r\n"))
        if not any(message[name] for name in ("content-type", "content-transfer-encoding")):
            found = _MESSAGE.search(content[:_HEAD].decode("latin-1"))
            message = email.message_from_bytes(content[found.start() :] if found else content)
        for part in message.walk():
            if part.is_multipart():
                continue
            payload = part.get_payload(decode=True)
            transfer = str(part.get("content-transfer-encoding", "")).strip().lower()
            yield Part(
                part.get_filename("") or "",
                payload if isinstance(payload, bytes) else b"",
                str(part.get_content_charset("") or ""),
                transfer in _TRANSFERS,
            )
    except (RecursionError, LookupError, TypeError, AttributeError) as error:
        raise ValueError("taken apart no further") from error


def in_other_code(text: str) -> bool:
    """Whether something stands there in a code that is not read here."""
    return _OTHER.search(text) is not None


def is_locked(text: str) -> bool:
    """Whether an encrypted message stands there."""
    return _LOCKED.search(text) is not None


def hidden_bytes(text: str) -> Iterator[bytes]:
    """Everything in a text that may be base64, decoded; most of it is none, and means nothing."""
    for found in _SAID_BASE64.finditer(text):
        yield _from_base64(found.group(1))
    for found in _BASE64.finditer(text):
        whole = found.group(0)
        yield _from_base64(whole)
        first, _, rest = whole.partition("\n")
        if rest and len(first.strip()) % 4:  # a long word stood on the line before
            yield _from_base64(rest)


def unquoted(text: str) -> bytes:
    """A text with its quoted-printable signs read (``=E6=9C=BA``); empty when it has none."""
    if "=" not in text or not _QUOTED.search(text):
        return b""
    return quopri.decodestring(text.encode("utf-8", errors="replace"))


def encoded_words(text: str) -> Iterator[str]:
    """Encoded words of headers (RFC 2047) read; a sign cut in two by two words is put together."""
    if "=?" not in text:
        return
    held, said, before, end = b"", [], "", 0
    for found in _WORD.finditer(text):
        charset, way, content = found.groups()
        if held and (charset.lower() != before or text[end : found.start()].strip()):
            said.append(_text_in(before, held))
            held = b""
        held += (
            _from_base64(content)
            if way in "bB"
            else quopri.decodestring(content.encode("utf-8", "replace"), header=True)
        )
        before, end = charset.lower(), found.end()
    yield "\n".join([*said, _text_in(before, held)])


def _text_in(charset: str, content: bytes) -> str:
    try:
        return content.decode(charset.partition("*")[0], errors="replace")
    except (LookupError, ValueError):
        return content.decode("gb18030", errors="replace")


def _from_base64(text: str) -> bytes:
    signs = _NO_BASE64.sub("", text.replace("-", "+").replace("_", "/"))
    signs = signs[: len(signs) - (len(signs) % 4 == 1)]
    try:
        return base64.b64decode(signs + "=" * (-len(signs) % 4))
    except (binascii.Error, ValueError):
        return b""
