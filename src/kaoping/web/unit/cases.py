"""A unit's own cases: what to mend until when, sign for it, answer with evidence, explain, ask, ask for a re-test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Refused
from kaoping.evidence import queries as ledger
from kaoping.monitoring import queries as monitoring
from kaoping.monitoring.services import retest as retests
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.services import link_capture, unit
from kaoping.registry.queries.places import TargetWords
from kaoping.reporting.tables import Table
from kaoping.scoring import targets
from kaoping.support import clock
from kaoping.web.ui import late_looks
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.case_words import (
    day_strip,
    deadline_cell,
    deadline_of,
    ending_words,
    ladder,
    no_more_reminders,
    problem,
    timeline,
)
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Chip, Crumb, Head
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.requests import TYPES_HINT, SignedIn, pledged
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import PROVISIONAL, cn_date, cn_datetime, cn_short_date
from kaoping.workdays.queries import calendar

DOOR = "这一页只给本单位联络员看，您只能看自己单位的。"
HIDDEN = ("revised",)
MENDED = "整改后请申请复测；由人查出的问题，等检查员或市政务公开办核查。"


@require_safe
def cases(request: SignedIn) -> HttpResponse:
    """Own cases, open ones by deadline first."""
    own = request.actor.organisations("liaison")
    if not own:
        raise PermissionDenied("这一页给单位联络员用。")
    rows, now = queries.served_only(queries.cases(codes=own)), clock.now()
    if "format" in request.GET:
        return download(_file(queries.with_facts(rows), now), request.GET["format"])
    days = calendar(now)
    rows = queries.with_facts(rows)
    table = paged_table(
        columns=["编号", "问题", "状态", "期限", "下发"],
        rows=rows,
        cells=lambda one: [
            Cell(text=one.number, url=reverse("unit-case", args=[one.number])),
            Cell(text=one.title, note=one.organisation.short_name if len(own) > 1 else ""),
            Cell(text=logic.STATES[one.state], note=ending_words(one)),
            deadline_cell(
                one,
                queries.days_left(one, days, now=now),
                passed=queries.days_over(one, days, now=now),
                provisional=queries.is_provisional(one, days),
            ),
            cn_short_date(one.served_at),
        ],
        params=request.GET,
        caption="本单位整改单",
        empty=Empty(title="没有整改单。", text="市政务公开办下发后，这里写明改什么、改到哪天。"),
    )
    waiting = queries.cases(state=logic.SERVED, codes=own)
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


def _file(rows: Any, now: datetime) -> Table:
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
                one.organisation.name,
                one.title,
                targets.address(one.target) or named(one.organisation.code, one.target),
                logic.STATES[one.state],
                one.served_at,
                one.due_on,
                "是" if queries.is_overdue(one, now=now) else "否",
                one.closed_at,
                logic.ENDINGS.get(one.ending, ""),
                one.merged_into,
            ]
            for one in rows
        ],
    )


def _own(request: SignedIn, number: str) -> Any:
    case = queries.case(number)
    # Another unit's order is as good as none: a refusal would say that the number exists.
    if (
        case is None
        or case.served_at is None
        or not policy.can_answer_case(request.actor, case.organisation.code)
    ):
        raise Http404
    return case


@require_safe
def case(request: SignedIn, number: str) -> HttpResponse:
    """One case; that a person of the unit opened it is noted once."""
    found = _own(request, number)
    if request.method == "GET":
        unit.opened(actor=request.actor, case=found, now=clock.now())
    return _page(request, found)


def _page(request: SignedIn, case: Any, refusal: str = "", form: str = "") -> HttpResponse:
    now = clock.now()
    days = calendar(now)
    left = queries.days_left(case, days, now=now)
    late = queries.is_overdue(case, now=now)
    provisional = queries.is_provisional(case, days)
    finding = (
        monitoring.open_finding(case.organisation.code, case.check_id, case.target) if case.check_id else None
    )
    sources = queries.sources(case)
    title = _title(case, left)
    delivery = queries.delivery(case)
    why = logic.refusal_to_close(case.state, queries.proofs(case), case.served_at, then=MENDED)
    context = {
        "types_hint": TYPES_HINT,
        "title": title,
        "shell_width": "unit",
        "has_errors": bool(refusal),
        "errors": [Mistake(refusal, f"#u-{form}")] if refusal else [],
        "form": form,
        "answer_error": refusal if form == "answer" else "",
        "explain_error": refusal if form == "explain" else "",
        "explained": case.state == logic.EXPLAINED,
        "typed": request.POST.get("text", "") if refusal else "",
        "url": request.POST.get("url", "") if refusal else "",
        "case": case,
        "head": Head(
            title=title,
            crumbs=(Crumb(label="整改", url=reverse("unit-cases")), Crumb(label=case.number)),
            chips=(
                Chip(label=logic.STATES[case.state], tone="soft"),
                *((Chip(label=f"反弹，前单 {case.relapse_of}", tone="line"),) if case.relapse_of else ()),
                *((Chip(label=f"并入 {case.merged_into}", tone="line"),) if case.merged_into else ()),
            ),
            deadline=deadline_of(
                left, passed=queries.days_over(case, days, now=now), provisional=provisional
            ),
            basis=Basis(
                n=case.number,
                as_of=now,
                extra=(
                    case.organisation.name,
                    f"期限 {cn_date(case.due_on)} 24:00 止" + (f"（{PROVISIONAL}）" if provisional else ""),
                ),
            ),
            actions=(Action(label="回复整改情况", url="#u-reply", kind="primary"),)
            if case.state == logic.SERVED
            else (),
        ),
        "strip": day_strip(case, queries.strip(case, days), clock.today(), provisional=provisional),
        "entries": late_looks.said(
            timeline(
                queries.entries(case),
                case,
                file_url=lambda sha: reverse("unit-case-file", args=[case.number, sha]),
                hide=HIDDEN,
                ready=why is None,
                again=None
                if case.state == logic.CLOSED
                else lambda entry: reverse("unit-case-retry", args=[case.number, entry.pk]),
                now=now,
            ),
            sources,
        ),
        "over": late_looks.warning_of(sources, is_open=case.state != logic.CLOSED, now=now),
        "ladder": ladder(queries.reminders(case), case, logic.REMINDERS, now, late=late),
        "no_more": no_more_reminders(case, late=late),
        "joined": _joined(case),
        "delivery": delivery,
        "signed": delivery is not None and delivery.signed,
        "open": case.state != logic.CLOSED,
        "may_answer": case.state in (logic.SERVED, logic.ANSWERED),
        "retest": _retest(case, finding),
        "why": None if case.state == logic.EXPLAINED else why,
    }
    return render(request, "unit/case.html", context, status=422 if refusal else 200)


def _title(case: Any, left: int | None) -> str:
    if case.state == logic.CLOSED:
        how = "" if case.ending in ("", logic.MENDED) else f"，{logic.ENDINGS[case.ending]}"
        return f"{problem(case.title)}：|已经结案{how}"
    if case.state == logic.PASSED:
        return f"{problem(case.title)}：|核查通过，待结案"
    if case.state == logic.EXPLAINED:
        return f"{problem(case.title)}：|已说明不可补救，待确认"
    if case.state == logic.ANSWERED and left is not None:
        return f"{problem(case.title)}：|逾期后回复，待核实"
    if case.state == logic.ANSWERED:
        return f"{problem(case.title)}：|已回复，待核实"
    if left is not None and left < 0:
        return f"{problem(case.title)}：|已经逾期，请立即回复"
    return f"{problem(case.title)}：|请整改后回复"


def _joined(case: Any) -> list[dict[str, str]]:
    """What the unit reads of orders about one place that became one; one that was never served is named without a way to it."""
    named = TargetWords()
    into = queries.case(case.merged_into) if case.merged_into else None
    found = [(into, "和本单是同一处，本单已并入，请在那一张上整改、回复")] if into else []
    found += [(one, "和本单是同一处，已并入本单，不另扣分") for one in queries.merged_in(case)]
    return [
        {
            "number": one.number,
            "url": reverse("unit-case", args=[one.number]) if one.served_at else "",
            "words": f"“{named(one.organisation.code, one.target)}”{how}。",
        }
        for one, how in found
    ]


def _retest(case: Any, finding: Any) -> Action:
    entry = Action(
        label="申请复测",
        url=reverse("unit-case-retest", args=[case.number]),
        method="post",
        icon="refresh-cw",
    )
    if finding is None:
        return replace(entry, disabled="这个问题由人查出，整改后由检查员或市政务公开办核查。")
    last = monitoring.last_retest(finding)
    if last is not None and last.state == "failed":
        note = f"{cn_datetime(last.started_at)} 复测未完成：{last.cause}。不影响已作的回复，可以再申请。"
        entry = replace(entry, note=note)
    if last is not None and last.state == "waiting":
        return replace(entry, disabled="已经排了一次复测，几分钟内出结果。")
    if last is not None and monitoring.found_gone(last) and finding.state in monitoring.OPEN:
        note = f"{cn_datetime(last.started_at)} 复测时{last.cause}。确已撤下的，请在回复里写明，由市政务公开办认定后结案。"
        entry = replace(entry, note=note)
    return entry


def _act(request: SignedIn, number: str, form: str, act: Callable[[Any], object], done: str) -> HttpResponse:
    case = _own(request, number)
    try:
        act(case)
    except Refused as refusal:
        return _page(request, _own(request, number), str(refusal), form)
    messages.success(request, done)
    return redirect("unit-case", number)


@require_POST
def case_answer(request: SignedIn, number: str) -> HttpResponse:
    """Say what was mended, with files or an address."""
    case = _own(request, number)
    files = [(str(one.name)[:120], one.read()) for one in request.FILES.getlist("file")]
    return _act(
        request,
        number,
        "answer",
        lambda case: unit.answer(
            actor=request.actor,
            case=case,
            text=request.POST.get("text", ""),
            url=request.POST.get("url", ""),
            files=files,
            confirmed=pledged(request),
            now=clock.now(),
        ),
        _answered(case.check_id, late=logic.deadline_passed(case.due_on, clock.now())),
    )


def _answered(check: str, *, late: bool) -> str:
    """In time is spoken of only while the deadline is still ahead."""
    mended = "整改到位" if late else "按期整改到位"
    if check:
        return f"已回复。随即复测一次，是否{mended}以这次复测为准，结果写在经过里。"
    return f"已回复。是否{mended}，以检查员或市政务公开办的核查为准。"


@require_POST
def case_sign(request: SignedIn, number: str) -> HttpResponse:
    """Sign that the order arrived."""
    return _act(
        request,
        number,
        "sign",
        lambda case: unit.sign_for(actor=request.actor, case=case, now=clock.now()),
        "已签收。",
    )


@require_POST
def case_retry(request: SignedIn, number: str, entry_id: int) -> HttpResponse:
    """Ask once more for the page that an answer names."""
    return _act(
        request,
        number,
        "retry",
        lambda case: link_capture.ask_again(
            actor=request.actor, case=case, entry_id=entry_id, now=clock.now()
        ),
        "已排入，稍后刷新本页看结果。",
    )


@require_POST
def case_explain(request: SignedIn, number: str) -> HttpResponse:
    """Explain why a past fact cannot be repaired."""
    text = request.POST.get("text", "")
    return _act(
        request,
        number,
        "explain",
        lambda case: unit.explain(actor=request.actor, case=case, text=text, now=clock.now()),
        "说明已提交，待市政务公开办由下发人以外的另一人确认。确认后结案，按规定计分。",
    )


@require_POST
def case_ask(request: SignedIn, number: str) -> HttpResponse:
    """Ask the office."""
    return _act(
        request,
        number,
        "ask",
        lambda case: unit.ask(
            actor=request.actor, case=case, text=request.POST.get("text", ""), now=clock.now()
        ),
        "已发给市政务公开办，答复会写在经过里。期限不因提问停止。",
    )


@require_POST
def case_retest(request: SignedIn, number: str) -> HttpResponse:
    """Ask for a re-test after mending."""
    return _act(
        request,
        number,
        "retest",
        lambda case: retests.ask_retest(
            actor=request.actor,
            organisation_code=case.organisation.code,
            check=case.check_id,
            target=case.target,
            now=clock.now(),
        ),
        "已安排复测，几分钟内出结果。没有通过也可以整改后再申请。",
    )


@require_safe
def case_file(request: SignedIn, number: str, sha256: str) -> HttpResponse:
    """A file of the timeline."""
    case = _own(request, number)
    if not is_digest(sha256) or not any(
        ledger.page_of(sha256) in queries.digests(one) for one in queries.entries(case)
    ):
        raise Http404
    stored = ledger.artefact(sha256)
    name = stored.name.rpartition("/")[2] if stored else ""
    return attachment(sha256, name or f"{sha256[:16]}.html")
