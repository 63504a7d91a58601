"""Tables that people offer (CSV, XLSX), read in a limited child: a hostile one costs an answer in words, nothing more."""

from __future__ import annotations

from typing import Any

from kaoping.support.reading import NotRead, read
from kaoping.support.sheets import MAX_BYTES, SheetError
from kaoping.support.sheets import read_sheet as _read_sheet

__all__ = ["MAX_BYTES", "SheetError", "read_sheet", "read_table"]


def read_table(filename: str, content: bytes) -> list[tuple[int, list[Any]]]:
    """What ``sheets.read_lines`` gives, from a child. Raises ``SheetError``, also for what cannot be read through."""
    return read_sheet(filename, content)[1]


def read_sheet(filename: str, content: bytes) -> tuple[str, list[tuple[int, list[Any]]]]:
    """What ``sheets.read_sheet`` gives, in the same way."""
    if len(content) > MAX_BYTES:
        raise SheetError("超过 10 MB", "请拆成几个文件。")
    try:
        (sheet, lines), fault = read(lines_or_fault, filename, content)
    except NotRead as unread:
        remedy = (
            "请过一会儿再导入。"
            if unread.cause == "busy"
            else "请只留要导入的一张表，另存为 CSV（UTF-8）再选。"
        )
        raise SheetError(f"没有能检查这个文件：{unread}", remedy) from None
    if fault is not None:
        raise SheetError(*fault)
    return sheet, list(lines)


def lines_or_fault(
    filename: str, content: bytes
) -> tuple[tuple[str, list[tuple[int, list[Any]]]], tuple[str, str] | None]:
    """In the child: an error of the sheet travels as its two sentences."""
    try:
        return _read_sheet(filename, content), None
    except SheetError as error:
        return ("", []), (error.message, error.remedy)
