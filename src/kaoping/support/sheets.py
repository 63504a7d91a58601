"""The cells of an offered table, CSV or XLSX, with their line numbers. Nothing is interpreted here.

Of an XLSX the first visible sheet is read that looks like the table that is wanted, or else the first with content: a page of
instructions may come before it. What is hidden, and other sheets that look like it, are said. A merged range says its value in
every cell, as people read it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from kaoping.foreign import strict_csv
from kaoping.foreign.sheet import Offered, letters
from kaoping.foreign.sheet.headings import ABOVE, known_in, names_of
from kaoping.foreign.sheet.texts import decoded, delimiter_of
from kaoping.support.workbooks import NAMED, Limits, Part, SheetError, inspect, is_zip, refuse_unreadable

__all__ = ["MAX_BYTES", "MAX_ROWS", "SheetError", "read_cells"]

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
MAX_CELLS: Final = 1_000_000
LIMITS: Final = Limits(MAX_ROWS, MAX_COLUMNS, MAX_CELLS)
# A sheet looks like a table with so many of its headings; a title may hold one by chance.
_ALIKE: Final = 2
# So many sheets of a workbook are looked at for the one that is wanted.
_LOOKED_AT: Final = 10
_UNREADABLE: Final = ("读不出来", "请另存为 CSV（UTF-8）或 XLSX 后再选。")


def read_cells(filename: str, content: bytes, headings: Mapping[str, str]) -> Offered:
    """The lines that hold something. ``headings`` are those of the table that is wanted. Raises ``SheetError``.

    What the bytes are decides how they are read, not what the file is called.
    """
    if len(content) > MAX_BYTES:
        raise SheetError("超过 10 MB", "请拆成几个文件。")
    refuse_unreadable(content)
    if is_zip(content):
        return _xlsx(content, headings)
    if filename.lower().endswith((".xlsx", ".xlsm")):
        raise SheetError(*_UNREADABLE)
    return Offered(lines=_bounded(_csv(content, headings)))


def _bounded(found: Iterable[tuple[int, list[Any]]]) -> list[tuple[int, list[Any]]]:
    lines = []
    for line in found:
        lines.append(line)
        if len(lines) > MAX_ROWS:
            raise SheetError(f"超过 {MAX_ROWS} 行", "请拆成几个文件。")
    return lines


def _csv(content: bytes, headings: Mapping[str, str]) -> Iterator[tuple[int, list[Any]]]:
    text = decoded(content)
    if text is None:
        raise SheetError(*_UNREADABLE)
    try:
        for number, cells in strict_csv.rows(text, delimiter_of(text, headings)):
            if len(cells) > MAX_COLUMNS:
                raise SheetError(
                    f"第 {number} 行有 {len(cells)} 列，超过 {MAX_COLUMNS} 列", "请删去多余的列。"
                )
            if any(cell.strip() for cell in cells):
                yield number, list(cells)
    except strict_csv.CsvFault as error:
        raise SheetError(f"第 {error.line} 行：{error.message}", f"请{error.remedy}。") from None


def _xlsx(content: bytes, headings: Mapping[str, str]) -> Offered:
    parts = inspect(content, LIMITS)
    with _library():
        return _sheet(CalamineWorkbook.from_filelike(io.BytesIO(content)), parts, headings)


@contextmanager
def _library() -> Iterator[None]:
    """Whatever the library says against a file is one refusal in words."""
    try:
        yield
    except (CalamineError, ValueError, OSError, EOFError) as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError(*_UNREADABLE) from None
    except BaseException as error:
        # A fault inside the library is no exception of Python's; the file is the cause all the same.
        if type(error).__name__ != "PanicException":
            raise
        raise SheetError(*_UNREADABLE) from None


def _sheet(book: CalamineWorkbook, parts: Mapping[str, Part], headings: Mapping[str, str]) -> Offered:
    """The sheet that is wanted, and what is to be said of the workbook beside it."""
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    visible = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    if sheets and not visible:
        raise SheetError(
            f"工作表 {_quoted([one.name for one in sheets])} 都是隐藏的", "请把要导入的一张取消隐藏后再选。"
        )
    hidden = [one.name for one in sheets if one.name not in visible and _holds(parts, one.name)]
    held = [name for name in visible if name not in parts or _holds(parts, name)]
    alike = [name for name in held[:_LOOKED_AT] if _looks_like(book, name, headings)]
    for name in [*alike[:1], *held]:
        lines = _bounded(
            (number, cells)
            for number, cells in enumerate(_spread(book.get_sheet_by_name(name)), start=1)
            if any(cell not in ("", None) for cell in cells)
        )
        if lines:
            notes = [*_unread(name, hidden, alike[1:]), *_unseen(name, lines, parts.get(name, Part()))]
            return Offered(name, lines, tuple(notes))
    return Offered(notes=tuple(_unread("", hidden, [])))


def _looks_like(book: CalamineWorkbook, name: str, headings: Mapping[str, str]) -> bool:
    """Whether some of the headings that are wanted stand in one row near the top; a sheet that cannot be read looks like nothing."""
    try:
        with _library():
            rows = (
                row for row in book.get_sheet_by_name(name).iter_rows() if any(cell != "" for cell in row)
            )
            return any(known_in(names_of(row, headings), headings) >= _ALIKE for row in islice(rows, ABOVE))
    except SheetError:
        return False


def _holds(parts: Mapping[str, Part], name: str) -> bool:
    return name in parts and parts[name].cells > 0


def _unread(name: str, hidden: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    if hidden:
        yield f"工作表 {_quoted(hidden)} 是隐藏的，没有读；要用的请取消隐藏，单独存成一个文件。"
    if others:
        yield f"只读了工作表“{name}”；{_quoted(others)} 也是这样的表，没有读，要用的请单独存成一个文件。"


def _unseen(name: str, lines: Sequence[tuple[int, Sequence[Any]]], part: Part) -> Iterator[str]:
    """Rows and columns that hold something and that nobody sees who opens the file: they are read, and named."""
    rows = [number for number, _cells in lines if number in part.rows]
    columns = [
        at
        for at in sorted(part.columns)
        if any(at < len(cells) and cells[at] not in ("", None) for _number, cells in lines)
    ]
    for what, places in (("行", [*map(str, rows)]), ("列", [letters(at) for at in columns])):
        if places:
            more = f" 等 {len(places)} {what}" if len(places) > NAMED else f" {what}"
            yield (
                f"表“{name}”里隐藏的第 {'、'.join(places[:NAMED])}{more}有内容，照样读了；"
                f"不要的请先取消隐藏，删去。"
            )
    if part.errors:
        more = " 等" if len(part.errors) > NAMED else ""
        yield f"表“{name}”{'、'.join(part.errors[:NAMED])}{more}的算式没有结果（如 #N/A，或没有算过），按空格读；请改成文字或数字。"


def _quoted(names: Sequence[str]) -> str:
    return "、".join(f"“{one}”" for one in names[:NAMED]) + (" 等" if len(names) > NAMED else "")


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
