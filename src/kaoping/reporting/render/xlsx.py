"""XLSX: codes and texts as strings, so that no spreadsheet drops a zero or runs a formula; the basis on a second sheet."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

from kaoping.patterns import linear
from kaoping.reporting.tables import Cell, Table, is_number, text_of

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_SHEET_NAMES: Final = linear(r"[\[\]:*?/\\']")
_CONTROL: Final = linear(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MAX_DIGITS: Final = 15  # what a spreadsheet's number holds exactly


def render_xlsx(table: Table) -> bytes:
    """The list as a workbook: headings frozen and filterable, numbers as numbers, everything else as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet(_NOT_IN_SHEET_NAMES.sub(" ", table.title)[:31].strip() or "表")
    heading = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, heading)
        sheet.set_column(column, column, _width(table, column))
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, text)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    notes = book.add_worksheet("说明")
    notes.set_column(0, 0, 80)
    for number, sentence in enumerate([table.title, *table.basis]):
        notes.write_string(number, 0, sentence)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, text: Any) -> None:
    if cell is None:
        return
    if is_number(cell) and _holds(cell):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, _CONTROL.sub("", text_of(cell))[:32767], text)


def _holds(cell: Cell) -> bool:
    return len(Decimal(str(cell)).as_tuple().digits) <= _MAX_DIGITS


def _width(table: Table, column: int) -> int:
    longest = max(
        [len(table.columns[column]) * 2, *(_cells(text_of(row[column])) for row in table.rows[:200])],
        default=8,
    )
    return max(8, min(longest + 2, 60))


def _cells(text: str) -> int:
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)
