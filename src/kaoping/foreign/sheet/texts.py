"""A table as a text: in which encoding it was saved, and what stands between its cells."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from itertools import islice
from typing import Final

from kaoping.foreign import strict_csv
from kaoping.foreign.sheet.headings import ABOVE, known_in, names_of

# The comma first: of two that fit equally well it is the one that was meant.
DELIMITERS: Final = (",", "\t", ";")


def decoded(content: bytes) -> str | None:
    """The text of a table: UTF-8 or UTF-16, each with or without its mark, or GB18030; null when it is none of them."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _in(content, "utf-16")
    if b"\0" in content and len(content) % 2 == 0:
        # Without its mark: read in the wrong order of bytes there would be no line and no comma in it.
        for encoding in ("utf-16-le", "utf-16-be"):
            text = _in(content, encoding)
            if text is not None and "\0" not in text and any(one in text for one in ("\n", *DELIMITERS)):
                return text
    text = _in(content, "utf-8-sig")
    return text if text is not None else _in(content, "gb18030")


def delimiter_of(text: str, known: Mapping[str, str]) -> str:
    """What parts the cells: the sign by which most of the known headings stand in one row near the top."""
    return max(DELIMITERS, key=lambda one: _headings_by(text, one, known))


def _headings_by(text: str, delimiter: str, known: Mapping[str, str]) -> int:
    most = 0
    try:
        for _number, cells in islice(strict_csv.rows(text, delimiter), ABOVE):
            most = max(most, known_in(names_of(cells, known), known))
    except strict_csv.CsvFault:
        pass  # by the sign that is chosen the fault is met again, and then said
    return most


def _in(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
