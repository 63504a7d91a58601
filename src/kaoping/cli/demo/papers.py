"""Files of the demonstration, as an office would hand them in. Every figure is an example."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date

from kaoping.cli.demo.chance import fraction
from kaoping.reporting.render.docx import Text, render
from kaoping.reporting.render.xlsx import render_xlsx
from kaoping.reporting.tables import Table


def register_file(units: Iterable[str], day: date) -> bytes:
    """A ledger of due and done up to ``day`` as the XLSX that an office would keep."""
    rows = []
    for unit in units:
        for item in ("K3.2", "K3.10.p", "K4.2.p"):
            due = 6 + int(fraction(unit, item, day.year) * 8)
            lost = int(fraction(unit, item, day.year, "lost") * 2.4)
            share = f"{due - lost}/{due}"
            rows.append([unit, item, "比例", share, day.isoformat(), "政务公开办台账（示例）", ""])
        if fraction(unit, "K3.8", day.year) < 0.3:
            rows.append([unit, "K3.8", "件数", "1", day.isoformat(), "政务新媒体停更（示例）", ""])
    columns = ["单位代码", "指标", "种类", "取值", "观察日期", "理由", "依据网址"]
    return render_xlsx(Table("台账", columns, rows))


def scan(text: str) -> bytes:
    """A made-up scan: a small DOCX that says what it stands for."""
    buffer = io.BytesIO(render([Text(text, indent=False, align="center")], title=text, footer="示例数据"))
    return buffer.getvalue()
