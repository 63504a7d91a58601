"""Cases: the list with its deadlines, and the batch that is served by a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Actor, Organising, Refused
from kaoping.accounts.doors import somewhere
from kaoping.evidence.logic import LATE
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.queries.rows import Case, CaseRow, case_rows
from kaoping.rectification.services import overdue
from kaoping.registry.queries.organisers import served
from kaoping.registry.queries.places import TargetWords
from kaoping.registry.scope import Scope
from kaoping.reporting.tables import Table
from kaoping.scoring import targets
from kaoping.support import clock
from kaoping.web.ui.case_words import deadline_cell, ending_words
from kaoping.web.ui.days import typed_day, typed_fault
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.head import Basis
from kaoping.web.ui.parts.lists import Figure
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_date, cn_short_date

DOOR = "整改台由政务公开办、签发人、领导小组、检查员和主管部门查看。单位请看“整改”。"
COLUMNS: Final = (
    "编号",
    "单位代码",
    "单位",
    "问题",
    "规则",
    "指标",
    "网址或地点",
    "状态",
    "立单",
    "下发",
    "期限（24:00 止）",
    "工作日数",
    "逾期",
    "结案",
    "结案人",
    "结案方式",
    "反弹自",
    "并入",
)
SHOW = {"open": "未结案", "overdue": "逾期", **logic.STATES, "all": "全部"}


def scope(actor: Actor) -> Scope:
    """Whose cases an actor sees at this desk; the door for those who see none."""
    if not policy.can_list_cases(actor, Organising(served(actor))):
        raise PermissionDenied(DOOR)
    return queries.visible(actor)


@require_safe
def cases(request: SignedIn) -> HttpResponse:
    """The list: open ones by deadline first."""
    seen, now = scope(request.actor), clock.now()
    show = request.GET.get("show", "open")
    show = show if show in SHOW else "open"
    chosen = {
        "show": show,
        "words": request.GET.get("words", "").strip(),
        "check": request.GET.get("check", "").strip(),
        "organisation": request.GET.get("unit", "").strip(),
    }
    rows = _narrowed(chosen, seen, now)
    if "format" in request.GET:
        return download(_file(case_rows(rows, now=now)), request.GET["format"])
    table = paged_table(
        columns=["编号", "单位", "问题", "状态", "下发", "期限", "指标"],
        rows=case_rows(rows, now=now),
        cells=_cells,
        params=request.GET,
        caption="整改单",
        empty=Empty(
            title="没有符合条件的整改单。", text="确认的监测发现、实地查看中没做到的，会自动立单，待下发。"
        ),
    )
    counts, late = queries.counts(seen), queries.overdue_count(now=now, scope=seen)
    context = {
        "title": _title(counts, late),
        "table": table,
        "chosen": chosen,
        "shows": list(SHOW.items()),
        "counts": counts,
        "figures": _figures(counts, late),
        "basis": Basis(as_of=now, extra=("同一问题只立一张单、只扣一次",)),
        "missed": queries.missed_reminders(now=now).count(),
        "may_record_overdue": somewhere(policy.can_record_overdue, request.actor),
        "today": clock.today(),
        "may_serve": somewhere(policy.can_serve_cases, request.actor),
    }
    return render(request, "desk/monitoring/cases.html", context)


def _narrowed(chosen: dict[str, str], seen: Scope, now: datetime) -> QuerySet[Case]:
    show = chosen["show"]
    rows = queries.cases(
        state=show if show in logic.STATES else "",
        words=chosen["words"],
        check=chosen["check"],
        organisation=chosen["organisation"],
        scope=seen,
    )
    if show == "open":
        return queries.open_only(rows)
    return queries.overdue(rows, now=now) if show == "overdue" else rows


def _figures(counts: dict[str, int], late: int) -> list[Figure]:
    drafts = counts[logic.DRAFT]
    return [
        Figure(label="待下发", value=drafts, tone="cau" if drafts else ""),
        Figure(label="整改中", value=counts[logic.SERVED]),
        Figure(label="已回复，待核实", value=counts[logic.ANSWERED]),
        Figure(label="待确认说明", value=counts[logic.EXPLAINED]),
        Figure(label="待结案", value=counts[logic.PASSED]),
        Figure(label="逾期", value=late, tone="neg" if late else ""),
        Figure(label="已结案", value=counts[logic.CLOSED]),
    ]


def _cells(case: CaseRow) -> list[Value]:
    return [
        Cell(text=case.number, url=reverse("desk-case", args=[case.number])),
        case.unit_short_name,
        case.title,
        Cell(text=logic.STATES[case.state], note=ending_words(case)),
        cn_short_date(case.served_at) if case.served_at else "—",
        deadline_cell(case),
        case.item,
    ]


def _title(counts: dict[str, int], late: int) -> str:
    if late:
        return f"{late} 张整改单逾期未整改到位"
    if counts[logic.DRAFT]:
        return f"{counts[logic.DRAFT]} 张整改单|待下发"
    if counts[logic.ANSWERED]:
        return f"{counts[logic.ANSWERED]} 张已回复，|待核实后结案"
    if counts[logic.EXPLAINED]:
        return f"{counts[logic.EXPLAINED]} 张说明不可补救，|待确认"
    if counts[logic.PASSED]:
        return f"{counts[logic.PASSED]} 张核查通过，|待结案"
    if counts[logic.SERVED]:
        return f"{counts[logic.SERVED]} 张正在整改，|没有逾期"
    return "没有未结的整改单"


def _file(rows: Iterable[CaseRow]) -> Table:
    named = TargetWords()
    return Table(
        "整改单",
        list(COLUMNS),
        [
            [
                one.number,
                one.unit,
                one.unit_name,
                one.title,
                one.check,
                one.item,
                targets.address(one.target) or named(one.unit, one.target),
                logic.STATES[one.state],
                one.opened_at,
                one.served_at,
                one.due_on,
                one.days or None,
                "是" if one.late else "否",
                one.closed_at,
                one.closed_by,
                logic.ENDINGS.get(one.ending, ""),
                one.relapse_of,
                one.merged_into,
            ]
            for one in rows
        ],
    )


@require_POST
def cases_overdue(request: SignedIn) -> HttpResponse:
    """State who has overdue cases on a day: the rulebook says what it counts for (前提)."""
    if not somewhere(policy.can_record_overdue, request.actor):
        raise PermissionDenied("逾期情况由政务公开办经办登记。")
    text = request.POST.get("on", "")
    on = typed_day(text)
    if on is None:
        raise Refused(typed_fault(text) if text else "请选日期，如考核截止日 2025-11-28。")
    count = overdue.record_overdue(actor=request.actor, on=on, now=clock.now())
    late = f"{LATE}。" if overdue.is_late(served(request.actor), on) else ""
    messages.success(request, f"已登记 {cn_date(on)} 的逾期情况：{count} 个单位有逾期未结的整改单。{late}")
    return redirect("desk-cases")
