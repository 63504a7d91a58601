"""A unit's own cases: what to mend until when."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.rectification import logic, queries
from kaoping.rectification.queries.rows import CaseRow, case_rows
from kaoping.registry.queries.places import TargetWords
from kaoping.registry.scope import about
from kaoping.reporting.tables import Table
from kaoping.scoring import targets
from kaoping.support import clock
from kaoping.web.ui.case_words import deadline_cell, ending_words
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_short_date


@require_safe
def cases(request: SignedIn) -> HttpResponse:
    """Own cases, open ones by deadline first."""
    own = request.actor.organisations("liaison")
    if not own:
        raise PermissionDenied("这一页给单位联络员用。")
    rows, now = queries.served_only(queries.cases(scope=about(*own))), clock.now()
    if "format" in request.GET:
        return download(_file(case_rows(rows, now=now)), request.GET["format"])
    table = paged_table(
        columns=["编号", "问题", "状态", "期限", "下发"],
        rows=case_rows(rows, now=now),
        cells=lambda one: _cells(one, several=len(own) > 1),
        params=request.GET,
        caption="本单位整改单",
        empty=Empty(title="没有整改单。", text="政务公开办下发后，这里写明改什么、改到哪天。"),
    )
    waiting = queries.cases(state=logic.SERVED, scope=about(*own))
    late, todo = queries.overdue(waiting, now=now).count(), waiting.count()
    title = (
        f"{late} 张整改单已经逾期，|请立即回复"
        if late
        else (f"{todo} 张整改单|等您回复" if todo else "没有等您回复的整改单")
    )
    context = {
        "title": title,
        "shell_width": "unit",
        "head": Head(title=title, basis=Basis(as_of=now, extra=("期限当天 24:00 止，按工作日计算",))),
        "table": table,
    }
    return render(request, "unit/cases.html", context)


def _cells(case: CaseRow, *, several: bool) -> list[Value]:
    return [
        Cell(text=case.number, url=reverse("unit-case", args=[case.number])),
        Cell(text=case.title, note=case.unit_short_name if several else ""),
        Cell(text=logic.STATES[case.state], note=ending_words(case)),
        deadline_cell(case),
        cn_short_date(case.served_at) if case.served_at else "—",
    ]


def _file(rows: Iterable[CaseRow]) -> Table:
    named = TargetWords()
    return Table(
        "本单位整改单",
        [
            "编号",
            "单位",
            "问题",
            "网址或地点",
            "状态",
            "下发",
            "期限（24:00 止）",
            "逾期",
            "结案",
            "结案方式",
            "并入",
        ],
        [
            [
                one.number,
                one.unit_name,
                one.title,
                targets.address(one.target) or named(one.unit, one.target),
                logic.STATES[one.state],
                one.served_at,
                one.due_on,
                "是" if one.late else "否",
                one.closed_at,
                logic.ENDINGS.get(one.ending, ""),
                one.merged_into,
            ]
            for one in rows
        ],
    )
