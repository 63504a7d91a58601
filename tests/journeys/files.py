"""Files that people hand in on the journey."""

from __future__ import annotations

import io

from docx import Document

from kaoping.reporting.render.xlsx import render_xlsx
from kaoping.reporting.tables import Table
from tests.journeys.driver import File, a_file

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LEDGER = ("单位代码", "指标", "种类", "取值", "观察日期", "理由", "依据网址")


def document(name: str, *lines: str) -> File:
    """A DOCX of these lines."""
    made, buffer = Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(buffer)
    return a_file(name, buffer.getvalue(), DOCX)


def ledger_csv(name: str, rows: list[list[str]]) -> File:
    """The office's own ledger as CSV."""
    lines = [",".join(row) for row in [list(LEDGER), *rows]]
    return a_file(name, "\n".join(lines).encode("utf-8-sig"), "text/csv")


def ledger_xlsx(name: str, rows: list[list[str]]) -> File:
    """The same as a workbook."""
    return a_file(name, render_xlsx(Table("台账", list(LEDGER), rows)))
