"""Which encoding a page is in: BOM, then header, then meta, then what decodes without loss.

GB2312 and GBK are read as GB18030, their superset, as browsers do. Measured against detector libraries on
Chinese pages: they guess other scripts when the declaration is missing, this rule does not.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_IN_HEADER = re.compile(r"charset\s{0,3}=\s{0,3}[\"']?([\w-]{2,20})", re.ASCII | re.IGNORECASE)
_IN_META = re.compile(rb"<meta[^>]{0,300}?charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([\w-]{2,20})", re.IGNORECASE)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE: Final = {"gb2312", "gbk", "gb18030", "cp936", "gb_2312-80", "x-gbk", "hz-gb-2312"}
HEAD = 4096


def decode(data: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text and the name of the encoding used (utf-8, gb18030, …). Never fails: bad bytes become U+FFFD."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace"), name
    for declared in _declared(data, content_type):
        try:
            return data.decode(declared), declared
        except (UnicodeDecodeError, LookupError):
            continue
    for name in ("utf-8", "gb18030"):
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    return _least_damage(data, _declared(data, content_type))


def _declared(data: bytes, content_type: str | None) -> list[str]:
    names = []
    if content_type and (match := _IN_HEADER.search(content_type[:300])):
        names.append(match[1])
    if found := _IN_META.search(data[:HEAD]):
        names.append(found[1].decode("ascii"))
    return [name for name in map(_canonical, names) if name]


def _canonical(name: str) -> str | None:
    lowered = name.lower()
    if lowered in _CHINESE:
        return "gb18030"
    try:
        codec = codecs.lookup(lowered)
    except LookupError:
        return None
    # Codecs that are not text encodings (hex, zip, …) must never be chosen by a hostile header.
    return (
        codec.name
        if getattr(codec, "_is_text_encoding", False) and lowered not in {"idna", "punycode"}
        else None
    )


def _least_damage(data: bytes, declared: list[str]) -> tuple[str, str]:
    candidates = [
        (data.decode(name, "replace"), name) for name in dict.fromkeys([*declared, "utf-8", "gb18030"])
    ]
    return min(candidates, key=lambda pair: pair[0].count("\ufffd"))
