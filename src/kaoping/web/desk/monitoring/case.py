"""One case: the strip of working days, the timeline, what it was merged from, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.evidence import queries as ledger
from kaoping.monitoring import shown
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.queries import rows
from kaoping.rectification.queries.rows import Case, CaseRow, SourceRow
from kaoping.registry.queries import organisers
from kaoping.support import clock
from kaoping.web.desk.monitoring import case_merge
from kaoping.web.desk.monitoring.case_forms import HandedForm
from kaoping.web.desk.monitoring.case_groups import groups
from kaoping.web.desk.monitoring.cases import DOOR, scope
from kaoping.web.ui import case_page
from kaoping.web.ui.case_acts import Turned, drawn, file_answer
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case_page import ActForm, ActGroup, CaseShell, Seen
from kaoping.web.ui.parts.head import Basis, Chip, Head
from kaoping.web.ui.parts.table import Cell, DataTable, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date, cn_short_datetime
from kaoping.workdays.queries import calendar

OUTCOMES: Final = {"met": "符合", "not_met": "不符合", "withdrawn": "撤回"}
SEEN: Final = {
    "met": "符合",
    "not_met": "不符合",
    "undecided": "无法判定，不扣分",
    "not_applicable": "不适用",
    "gone": "网页答复 404 或 410",
}
DESK: Final = case_page.Audience(
    place="整改台",
    list_url="desk-cases",
    page_url="desk-case",
    file_url="desk-case-file",
    standing={
        logic.DRAFT: "还没有下发",
        logic.SERVED: "整改中",
        case_page.LATE: "逾期未整改到位",
        logic.ANSWERED: "已回复，待核实",
        logic.EXPLAINED: "单位说明不可补救，待确认",
        logic.PASSED: "核查通过，待结案",
        logic.CLOSED: "已经结案",
    },
    opening=lambda case: f"{case.unit_short_name}：|{case_page.named(case)}，|",
    ending="：",
    reminders_where="只在单位的整改页显示，不发短信、邮件",
    none_sent="下发后才有提醒。",
)


def found_case(request: SignedIn, number: str) -> Case:
    """The case behind the door."""
    case = queries.case(number)
    if case is None:
        raise Http404
    scope(request.actor)
    if not queries.may_see(request.actor, case):
        raise PermissionDenied(DOOR)
    return case


@require_safe
def case(request: SignedIn, number: str) -> HttpResponse:
    """The page."""
    return case_answer(request, number)


def case_answer(request: SignedIn, number: str, turned: Turned | None = None) -> HttpResponse:
    """The page, with the refusal of an act where there is one."""
    found, now = found_case(request, number), clock.now()
    page = rows.page_of(found, calendar(now), now=now)
    finding = shown.followed(page.case.unit, page.case.check, page.case.target, on=clock.today())
    opened = [one for one in page.sources if one.value == "not_met" and one.source in logic.OPENING]
    kinds = len({one.source for one in opened})
    head = _head(page.case, kinds, now)
    shell = case_page.shell(page, DESK, head, now=now)
    return case_page.page_answer(
        request,
        replace(
            shell,
            under=groups(request, found, page, finding, turned, now=now),
            joined=case_merge.joined(page),
            sources=_sources(page.sources),
            sources_title=f"一个问题，{len(opened)} 条记录，扣一次",
            arrival=_arrival(request, page.case, shell, turned),
            seen=_seen(finding),
            seen_url=_seen_url(page.case, finding),
        ),
        turned,
    )


def _head(case: CaseRow, kinds: int, now: datetime) -> Head:
    merged = (Chip(label=f"{kinds} 类来源合并", tone="line"),) if kinds > 1 else ()
    return replace(
        case_page.head_of(case, DESK, *merged),
        basis=Basis(
            n=case.number,
            as_of=now,
            extra=(case.unit_name, _item(case.item), *_rule(case.check)),
            address=reverse("desk-case", args=[case.number]),
        ),
        actions=(Action(label="打印整改单", url=reverse("desk-case-order", args=[case.number])),),
    )


def _item(code: str) -> str:
    name = queries.item_name(code)
    return f"指标 {code}" if name == code else f"指标 {code} {name}"


def _rule(check: str) -> list[str]:
    name = queries.rule_name(check)
    return [f"规则 {check} {name}"] if name else []


def _sources(sources: Sequence[SourceRow]) -> DataTable:
    return table_of(
        caption="合并的来源",
        columns=["来源", "记录", "时间"],
        rows=[
            [
                logic.SOURCES.get(one.source, one.source),
                Cell(text=one.reason or "—", note=f"{OUTCOMES.get(one.value, one.value)}，{one.by}"),
                cn_short_datetime(one.at),
            ]
            for one in sources
            if one.value != "met"
        ],
        fold=True,
    )


def _arrival(request: SignedIn, case: CaseRow, shell: CaseShell, turned: Turned | None) -> ActGroup | None:
    """How far the order came; the office notes how it was handed over."""
    if shell.arrival is None or not policy.can_serve_cases(request.actor, case) or not case.is_open:
        return shell.arrival
    form = ActForm(
        url=reverse(HandedForm.to, args=[case.number]),
        form=drawn(HandedForm, "handed", turned, request),
        button="登记",
    )
    return replace(shell.arrival, forms=(form,))


def _seen(finding: shown.Followed | None) -> tuple[Seen, ...]:
    looks = finding.looks[-6:] if finding else ()
    return tuple(
        Seen(cn_short_datetime(one.at), SEEN.get(one.outcome, one.outcome), one.reason) for one in looks
    )


def _seen_url(case: CaseRow, finding: shown.Followed | None) -> str:
    if finding is None:
        return ""
    return f"{reverse('desk-monitoring-site', args=[case.unit])}?finding={finding.id}#evidence"


@require_safe
def case_order(request: SignedIn, number: str) -> HttpResponse:
    """The order as a plain page to print; the document number is typed in by the office's own system."""
    case = found_case(request, number)
    context = {
        "title": f"整改通知单 {case.number}",
        "case": case,
        "deadline": cn_date(case.due_on) if case.due_on else "",
        "office": organisers.office_of(case.organiser),
        "phone": settings.KAOPING_OFFICE_PHONE
        if case.organiser == organisers.main_code(on=clock.today())
        else "",
        "back": reverse("desk-case", args=[case.number]),
    }
    return render(request, "desk/monitoring/case_order.html", context)


@require_safe
def case_file(request: SignedIn, number: str, sha256: str) -> HttpResponse:
    """A file of the timeline."""
    return file_answer(rows.file_of(found_case(request, number), ledger.page_of(sha256)), sha256)
