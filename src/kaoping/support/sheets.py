"""Rows of an offered table, CSV or XLSX, with their line numbers. Nothing is interpreted here.

Of an XLSX the first visible sheet with content is read; hidden ones are passed over, since nobody saw what is in them. A
merged range says its value in every cell, as people read it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from kaoping.foreign import strict_csv
from kaoping.support.workbooks import Limits, SheetError, inspect, is_zip, refuse_unreadable

__all__ = ["MAX_BYTES", "MAX_ROWS", "SheetError", "read_lines", "read_sheet"]

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
MAX_CELLS: Final = 1_000_000
LIMITS: Final = Limits(MAX_ROWS, MAX_COLUMNS, MAX_CELLS)
_UNREADABLE: Final = ("读不出来", "请另存为 CSV（UTF-8）或 XLSX 后再选。")


def read_lines(filename: str, content: bytes) -> list[tuple[int, list[Any]]]:
    """Lines that hold something, each with its number in the file. Raises ``SheetError``."""
    return read_sheet(filename, content)[1]


def read_sheet(filename: str, content: bytes) -> tuple[str, list[tuple[int, list[Any]]]]:
    """The name of the sheet that is read, '' for CSV, and its lines as ``read_lines`` gives them. Raises ``SheetError``.

    What the bytes are decides how they are read, not what the file is called.
    """
    if len(content) > MAX_BYTES:
        raise SheetError("超过 10 MB", "请拆成几个文件。")
    refuse_unreadable(content)
    if not is_zip(content) and filename.lower().endswith((".xlsx", ".xlsm")):
        raise SheetError(*_UNREADABLE)
    sheet, lines = "", []
    for name, number, cells in _xlsx(content) if is_zip(content) else _csv(content):
        sheet = name
        lines.append((number, cells))
        if len(lines) > MAX_ROWS:
            raise SheetError(f"超过 {MAX_ROWS} 行", "请拆成几个文件。")
    return sheet, lines


_Named = tuple[str, int, list[Any]]


def _csv(content: bytes) -> Iterator[_Named]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise SheetError(*_UNREADABLE) from None
    try:
        for number, cells in strict_csv.rows(text):
            if len(cells) > MAX_COLUMNS:
                raise SheetError(
                    f"第 {number} 行有 {len(cells)} 列，超过 {MAX_COLUMNS} 列", "请删去多余的列。"
                )
            if any(cell.strip() for cell in cells):
                yield "", number, list(cells)
    except strict_csv.CsvFault as error:
        raise SheetError(f"第 {error.line} 行：{error.message}", f"请{error.remedy}。") from None


def _xlsx(content: bytes) -> Iterator[_Named]:
    inspect(content, LIMITS)
    try:
        yield from _sheet(CalamineWorkbook.from_filelike(io.BytesIO(content)))
    except (CalamineError, ValueError, OSError, EOFError) as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError(*_UNREADABLE) from None
    except BaseException as error:
        # A fault inside the library is no exception of Python's; the file is the cause all the same.
        if type(error).__name__ != "PanicException":
            raise
        raise SheetError(*_UNREADABLE) from None


def _sheet(book: CalamineWorkbook) -> Iterator[_Named]:
    """The lines of the first visible sheet that holds something."""
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    visible = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    if sheets and not visible:
        names = "、".join(f"“{one.name}”" for one in sheets[:5])
        raise SheetError(f"工作表 {names} 都是隐藏的", "请把要导入的一张取消隐藏后再选。")
    for name in visible:
        sheet = book.get_sheet_by_name(name)
        lines = [
            (name, number, cells)
            for number, cells in enumerate(_spread(sheet), start=1)
            if any(cell not in ("", None) for cell in cells)
        ]
        if lines:
            yield from lines
            return


def _spread(sheet: CalamineSheet) -> list[list[Any]]:
    """All cells from A1, the value of a merged range in each of its cells."""
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    left = MAX_CELLS
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or first >= len(rows[top]) or rows[top][first] in ("", None):
            continue
        for row in rows[top : bottom + 1]:
            width = min(last + 1, len(row)) - first
            left -= width
            if left < 0:
                raise SheetError("合并的单元格重叠过多", "请取消合并，每格填写内容。")
            row[first : first + width] = [rows[top][first]] * width
    return rows
