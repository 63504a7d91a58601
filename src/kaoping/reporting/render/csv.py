"""CSV: UTF-8 with BOM (spreadsheets need it), CRLF, every text quoted, no cell that a spreadsheet would run.

A cell whose text begins like a formula gets an apostrophe in front, as spreadsheets write text. Codes stay exactly as they
are, leading zeros included.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from kaoping.patterns import linear
from kaoping.reporting.tables import Cell, Table, is_number, text_of

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
BOM: Final = "\ufeff"
# The full-width forms count too: some spreadsheets take ＝ for =.
_RISKY: Final = linear(r"^[\s\p{Z}]*[=+\-@＝＋－＠]|^[\t\r\n]")
_PLAIN_NUMBER: Final = linear(r"^[+-]?\p{Nd}+(\.\p{Nd}+)?%?$")


def harmless(text: str) -> str:
    """The text, with an apostrophe in front when a spreadsheet might run it as a formula."""
    if _RISKY.match(text) and not _PLAIN_NUMBER.match(text):
        return "'" + text
    return text


def render_csv(table: Table) -> bytes:
    """The list as a CSV file: one heading line, then the rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in table.columns])
    for row in table.rows:
        writer.writerow([_cell(one) for one in row])
    return (BOM + out.getvalue()).encode("utf-8")


def _cell(cell: Cell) -> object:
    # Decimal is not float: the csv module writes it unquoted and exactly.
    return cell if is_number(cell) else harmless(text_of(cell))
