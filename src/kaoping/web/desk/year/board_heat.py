"""The table of the board: units by groups of items, and the file of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse

from kaoping.arithmetic import half_up
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.rectification import policy as rectification
from kaoping.reporting import board
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.desk.year import board_routine
from kaoping.web.ui.heat import cell
from kaoping.web.ui.paging import asked_page, page_count, page_links, rows_of
from kaoping.web.ui.parts.head import Basis
from kaoping.web.ui.parts.heat import HeatColumn, HeatHeading, HeatRow, HeatTable, PlainCell, PlainColumn
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_short_date, points


def heat_of(
    campaign: Campaign,
    rows: Sequence[sheets.Row],
    before: Sequence[sheets.Row],
    standings: Mapping[str, Any],
    request: SignedIn,
) -> HeatTable:
    """The table of units: totals, groups of items and what is to be mended, a page at a time."""
    columns = board.tops(campaign)
    names = sheets.grade_names(campaign)
    pages = page_count(len(rows))
    page = asked_page(request.GET, pages)
    here = rows_of(rows, page)
    edges = board.heat_edges(campaign)
    return HeatTable(
        caption="单位乘一级指标的得分率表",
        columns=tuple(HeatColumn(top.title, max=top.max) for top in columns),
        plain_columns=(
            PlainColumn("考核进度", "已有依据 / 全部"),
            PlainColumn("总分"),
            PlainColumn("等次"),
            board_routine.COLUMN,
        ),
        rows=_heat_rows(
            here,
            columns,
            names,
            edges,
            before=before,
            standings=standings,
            linked=rectification.can_list_cases(request.actor, campaign),
            key=campaign.key,
        ),
        pages=page_links(request.GET, range(1, pages + 1)),
        page=page,
        total=len(rows),
    )


def _heat_rows(
    rows: Sequence[sheets.Row],
    columns: Sequence[board.Top],
    names: Mapping[str, str],
    edges: Sequence[int],
    *,
    before: Sequence[sheets.Row],
    standings: Mapping[str, Any],
    linked: bool,
    key: OrganisedYear,
) -> tuple[HeatRow | HeatHeading, ...]:
    made: list[HeatRow | HeatHeading] = []
    group = None
    old = {row.unit: row.summary for row in before}
    for row in rows:
        if row.summary["group"] != group:
            group = row.summary["group"]
            made.append(HeatHeading(group or "未分组"))
        lines = board.first_levels(row.summary, columns)
        was = board.first_levels(old[row.unit], columns) if row.unit in old else [None] * len(columns)
        total = row.summary["total"]
        made.append(
            HeatRow(
                label=row.short_name,
                url=reverse("desk-unit-sheet", args=[key, row.unit]),
                cells=tuple(
                    cell(
                        line.percent,
                        maximum=100,
                        before=then.percent if then else None,
                        unit=row.short_name,
                        item=f"{top.title}得分率",
                        state="value" if line.of or line.done else "absent",
                        bands=edges,
                    )
                    for top, line, then in zip(columns, lines, was, strict=True)
                ),
                plain=(
                    PlainCell(done=sum(line.done for line in lines), total=sum(line.of for line in lines)),
                    PlainCell(points(total, 2) if total is not None else "未定", strong=total is not None),
                    PlainCell(grade=names.get(row.summary["grade"] or "", row.summary["grade"]))
                    if row.summary["grade"]
                    else PlainCell("未定"),
                    board_routine.case_cell(row.unit, row.short_name, standings, linked=linked),
                ),
            )
        )
    return tuple(made)


def basis_of(
    campaign: Campaign, sheet: sheets.Sheet | None, rows: Sequence[sheets.Row], before: sheets.Sheet | None
) -> Basis | None:
    """The basis line: how many units, of which sheet and which rulebook, and the way to the files."""
    if sheet is None:
        return None
    compared = [f"▲▼ 较上一份计分表（{cn_short_date(before.as_of)}）变动 3 个百分点以上"] if before else []
    settled = stages.reached(campaign.stage, stages.FROZEN)
    return Basis(
        n=f"{len(rows)} 个单位",
        as_of=sheet.as_of,
        rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}",
        extra=("得分率 = 已得分 ÷ 已有依据的项满分，取整数，不进位", *compared),
        state="frozen" if settled else "provisional",
        digest=sheet.digest if settled else "",
        csv="?format=csv",
        xlsx="?format=xlsx",
        address=reverse("desk-board-year", args=[campaign.key]),
    )


def _exact(value: str | Decimal | None) -> Decimal | None:
    """Points as stored on the sheet: a finite decimal, null while there are none."""
    if value is None:
        return None
    number = Fraction(value)
    return Decimal(number.numerator) / Decimal(number.denominator)


def file_of(
    campaign: Campaign, rows: Sequence[sheets.Row], sheet: sheets.Sheet | None, standings: Mapping[str, Any]
) -> Table:
    """The same as a file, every unit."""
    columns = board.tops(campaign)
    names = sheets.grade_names(campaign)
    lines = []
    for row in rows:
        first = board.first_levels(row.summary, columns)
        got = [Decimal(half_up(one.points, 2)) if one.points is not None else None for one in first]
        lines.append(
            [
                row.unit,
                row.short_name,
                row.summary["group"],
                *got,
                _exact(row.summary["total"]),
                names.get(row.summary["grade"] or "", ""),
                *([case.overdue, case.open] if (case := standings.get(row.unit)) else [0, 0]),
            ]
        )
    basis = [f"{len(rows)} 个单位。规则集 {campaign.rulebook.title} {campaign.rulebook.version}。"]
    if sheet is not None:
        basis.append(f"计分表截至 {sheet.as_of.isoformat()}，校验值 {sheet.digest}。")
    return Table(
        f"{campaign.year} 年度考核一级指标得分",
        [
            "代码",
            "单位",
            "分组",
            *(f"{top.title}（满分 {top.max}）" for top in columns),
            "总分",
            "等次",
            "逾期整改单",
            "在办整改单",
        ],
        lines,
        basis,
    )
