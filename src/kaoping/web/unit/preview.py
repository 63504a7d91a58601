"""The preview: every point of the unit with its reason and evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import changes, items
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.publication import standing
from kaoping.reporting.tables import Table
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.score import ScoreBar, ScoreRow
from kaoping.web.ui.parts.table import Cell, Column, DataTable, Value, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import cn_short_datetime, points
from kaoping.web.unit.own import Own, appeals_open, latest, own_page, time_to

STATUSES: Final = {"not_scored": "没有依据，未定", "not_applicable": "不涉及", "vetoed": "被否决"}
ROLES: Final = {"veto": "单项否决", "penalty": "扣分", "bonus": "加分", "gate": "评优前提"}

Changed = Mapping[str, Sequence[changes.Step]]

current = latest("unit-preview-year", stages.PREVIEW)


def closed_page(request: SignedIn, own: Own) -> HttpResponse:
    """What a unit reads while there is no result to see."""
    shown = stages.reached(own.campaign.stage, stages.PREVIEW)
    context = {
        "title": "还没有结果可看",
        "text": "没有计分表，由政务公开办经办计算。"
        if shown
        else f"现在是“{stages.LABELS[own.campaign.stage]}”，综合评定完成后才打开结果预览。",
        "back": own.url("unit-home-year"),
        "shell_width": "unit",
    }
    return render(request, "unit/nothing.html", context)


def status_words(line: sheets.PointLine) -> str:
    """Why an item has no points; '' where it has."""
    return STATUSES.get(line.status, "")


@require_safe
@own_page(policy.can_preview)
def preview(request: SignedIn, own: Own) -> HttpResponse:
    """The whole result by first-level indicators, and the unit's own appeals."""
    view = standing.preview(own.campaign, own.unit.code)
    if view is None:
        return closed_page(request, own)
    if "format" in request.GET:
        return download(_file(own, view), request.GET["format"])
    changed = changes.steps(own.campaign, own.unit.code, view.sheet)
    until = closes_at(own.campaign, own.unit.code)
    grade = sheets.grade_names(own.campaign).get(view.grade or "", "")
    provisional = not stages.reached(own.campaign.stage, stages.FROZEN)
    title = _title(own, view, grade, provisional)
    context = {
        "title": title,
        "shell_width": "unit",
        "own": own,
        "head": _head(own, view, title, provisional=provisional),
        "may_appeal": appeals_open(own.campaign, until),
        "withdrawal": withdrawal_notice(own.campaign.key),
        "grade": grade,
        "grade_reason": view.grade_reason,
        "components": _components(own, view),
        "bars": _bars(own, view, changed),
        "extras": _extras(own, view),
        "appeals": _appeal_table(own),
        "may_file": ""
        if policy.can_file_appeal(request.actor, own.unit.code)
        else "只有本单位联络员能申请。",
    }
    return render(request, "unit/preview.html", context)


def _head(own: Own, view: sheets.UnitView, title: str, *, provisional: bool) -> Head:
    return Head(
        title=title,
        crumbs=own.crumbs("结果预览"),
        basis=Basis(
            n=f"{sum(line.column.leaf for line in view.lines)} 项",
            as_of=view.sheet.as_of,
            rubric=own.rubric(),
            state="provisional" if provisional else "frozen",
            digest="" if provisional else view.sheet.digest,
            csv="?format=csv",
            xlsx="?format=xlsx",
        ),
        deadline=time_to(closes_at(own.campaign, own.unit.code)),
    )


def _title(own: Own, view: sheets.UnitView, grade: str, provisional: bool) -> str:
    year = own.campaign.year
    if view.total is None:
        return f"{year} 年总分还没有定：|有的项还没有依据"
    gone = standing.withdrawal(own.campaign.key)
    if gone is not None and gone.valid is None:
        return f"{year} 年考核结果已撤回：|原得 {points(view.total, 2)} 分，不再有效"
    word = "暂" if provisional else ""
    return f"{year} 年{word}得 {points(view.total, 2)} 分，|{grade or '等次未定'}"


def _components(own: Own, view: sheets.UnitView) -> list[tuple[str, str]]:
    names = sheets.component_names(own.campaign)
    return [(names.get(code, code), f"{points(value, 2)} 分") for code, value in view.components.items()]


def _bars(own: Own, view: sheets.UnitView, changed: Changed) -> list[ScoreBar]:
    """One bar a first-level indicator of the hundred; its items below with reason and way to the evidence."""
    bars: list[ScoreBar] = []
    for line in view.lines:
        column = line.column
        if column.role != "item":
            continue
        if column.level == 1:
            bars.append(_bar(line))
        if column.leaf and bars:
            above = bars[-1]
            # What was changed after the review or what is still open is shown without asking.
            shown = column.code in changed or line.status == "not_scored"
            row = _row(own, line, changed.get(column.code, ()))
            bars[-1] = replace(above, rows=(*above.rows, row), open=above.open or shown)
    return bars


def _bar(line: sheets.PointLine) -> ScoreBar:
    column = line.column
    return ScoreBar(
        label=f"{column.code} {column.title}",
        points=None if line.status in ("not_scored", "not_applicable") else line.points,
        max=line.max,
        state=f"暂得 {points(line.points, 2)}，有项未定"
        if line.status == "not_scored" and not column.leaf
        else status_words(line) or "没有计分",
    )


def _row(own: Own, line: sheets.PointLine, steps: Sequence[changes.Step]) -> ScoreRow:
    counted = line.status == "scored"
    status = status_words(line)
    return ScoreRow(
        label=f"{line.column.code} {line.column.title}",
        max=line.max,
        points=line.points if counted else None,
        why="：".join(part for part in (status, line.reason) if part) + _moved(steps),
        evidence=f"依据 {len(line.observations)} 条",
        url=own.url("unit-preview-item", line.column.code),
        old=steps[0].before if steps else None,
    )


def _moved(steps: Sequence[changes.Step]) -> str:
    """What changed the points after the review, each step by its name."""
    told = "，".join(f"经{one.what}由 {one.before} 分改为 {one.after} 分" for one in steps)
    return f"（{told}）" if told else ""


def _extras(own: Own, view: sheets.UnitView) -> DataTable:
    rows: list[list[Value]] = [
        [
            Cell(
                text=f"{line.column.code} {line.column.title}",
                url=own.url("unit-preview-item", line.column.code),
            ),
            ROLES.get(line.column.role, line.column.role),
            outcome_words(line, view),
            line.reason or "—",
        ]
        for line in view.lines
        if line.column.leaf and line.column.role != "item"
    ]
    return table_of(
        caption="百分之外的事项一览",
        columns=["事项", "作用", "结果", "理由"],
        rows=rows,
        fold=True,
    )


def outcome_words(line: sheets.PointLine, view: sheets.UnitView) -> str:
    """What came of a matter outside the hundred."""
    code, role = line.column.code, line.column.role
    if role == "veto":
        return "被否决" if code in view.vetoes else "没有发生"
    if role == "gate":
        met = view.gates.get(code)
        return "没有依据" if met is None else "符合" if met else "不符合"
    if line.status != "scored":
        return status_words(line)
    moved = abs(Fraction(line.points))
    word = "扣" if role == "penalty" else "加"
    return f"{word} {points(moved, 2)} 分" if moved else f"没有{word}分"


def _appeal_table(own: Own) -> DataTable:
    names = {one.code: one.title for one in items.items(own.campaign)}
    return table_of(
        caption="本单位的复核申请一览",
        columns=[
            "编号",
            "指标",
            "申请时间",
            "结果",
            Column("申请时得分", num=True),
            Column("复核后", num=True),
            "决定理由",
        ],
        rows=[
            _appeal_cells(own, one, names) for one in appeal_reads.listed(own.campaign, unit=own.unit.code)
        ],
        empty="没有提过复核申请。对某一项有异议，点这一项的“依据”，在那一页申请。",
        fold=True,
    )


def _appeal_cells(own: Own, one: appeal_reads.Filed, names: Mapping[str, str]) -> list[Value]:
    return [
        Cell(text=one.number, url=own.url("unit-preview-item", one.item)),
        f"{one.item} {names.get(one.item, '')}".strip(),
        cn_short_datetime(one.filed_at),
        appeal_reads.OUTCOMES.get(one.outcome, "在办"),
        points(one.points_before, 2),
        points(one.decided_points, 2) if one.decided_points else "—",
        one.decision or "—",
    ]


def _file(own: Own, view: sheets.UnitView) -> Table:
    rows = [
        [
            line.column.code,
            line.column.title,
            line.max,
            line.points if line.status == "scored" else "",
            status_words(line),
            line.reason,
            "；".join(one.id for one in line.observations),
        ]
        for line in view.lines
        if line.column.leaf
    ]
    columns = ["指标代码", "指标", "满分", "得分", "状态", "理由", "依据编号"]
    basis = [own.rubric(), f"计分表校验值 {view.sheet.digest}"]
    return Table(f"{own.campaign.year}年{own.unit.short_name}结果预览", columns, rows, basis)
