"""Tables that people offer (CSV, XLSX), read by their declaration. Bytes are opened in a limited child: a hostile file costs an
answer in words, nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaoping.foreign.sheet import Offered, Rows, Sheet, lay_out, unreadable
from kaoping.support.reading import NotRead
from kaoping.support.reading import read as _in_a_child
from kaoping.support.sheets import MAX_BYTES, SheetError, read_cells

__all__ = ["MAX_BYTES", "read"]


def read(content: bytes, filename: str, sheet: Sheet) -> Rows:
    """Every row of a file, its cells typed as ``sheet`` declares them, and all that is wrong at once. Never raises."""
    try:
        return lay_out(_offered(content, filename, sheet.headings), sheet)
    except SheetError as error:
        return unreadable(error.message, error.remedy)


def _offered(content: bytes, filename: str, headings: Mapping[str, str]) -> Offered:
    """What the file holds. Raises ``SheetError``, also for what could not be read through."""
    if len(content) > MAX_BYTES:
        raise SheetError("超过 10 MB", "请拆成几个文件。")
    try:
        (name, lines, notes), fault = _in_a_child(cells_or_fault, filename, content, dict(headings))
    except NotRead as unread:
        remedy = (
            "请过一会儿再导入。"
            if unread.cause == "busy"
            else "请只留要导入的一张表，另存为 CSV（UTF-8）再选。"
        )
        raise SheetError(f"没有能检查这个文件：{unread}", remedy) from None
    if fault is not None:
        raise SheetError(*fault)
    return Offered(name, lines, tuple(notes))


_Plain = tuple[str, list[tuple[int, list[Any]]], list[str]]


def cells_or_fault(
    filename: str, content: bytes, headings: Mapping[str, str]
) -> tuple[_Plain, tuple[str, str] | None]:
    """In the child: plain values, and an error of the file as its two sentences."""
    try:
        found = read_cells(filename, content, headings)
    except SheetError as error:
        return ("", [], []), (error.message, error.remedy)
    return (found.sheet, [(number, list(cells)) for number, cells in found.lines], list(found.notes)), None
