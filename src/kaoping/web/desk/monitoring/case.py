"""One case: the strip of working days, the timeline, what it was merged from, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Actor, Refused, Stale
from kaoping.evidence import queries as ledger
from kaoping.monitoring import queries as monitoring
from kaoping.monitoring.services import retest as retests
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.services import closing, order, unit
from kaoping.support import clock
from kaoping.web.desk.monitoring import case_merge
from kaoping.web.desk.monitoring.cases import DOOR, scope
from kaoping.web.desk.years import term_mark
from kaoping.web.ui import late_looks
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.case_words import day_strip, deadline_of, ladder, no_more_reminders, problem, timeline
from kaoping.web.ui.editing import mark_of, opened_with, panel_of
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.form import Panel
from kaoping.web.ui.parts.head import Basis, Chip, Crumb, Head
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.parts.table import Cell, DataTable, table_of
from kaoping.web.ui.requests import SignedIn, pledged
from kaoping.web.ui.wording import cn_date, cn_datetime, cn_short_datetime
from kaoping.workdays.queries import calendar

OUTCOMES = {"met": "符合", "not_met": "不符合", "withdrawn": "撤回"}


def found_case(request: SignedIn, number: str) -> Any:
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
    return _page(request, found_case(request, number))


def _page(
    request: SignedIn,
    case: Any,
    refusal: str = "",
    form: str = "",
    typed: str = "",
    panel: Panel | None = None,
) -> HttpResponse:
    now = clock.now()
    why = queries.why_not_closed(case)
    days = calendar(now)
    left = queries.days_left(case, days, now=now)
    late = queries.is_overdue(case, now=now)
    provisional = queries.is_provisional(case, days)
    proposed = queries.proposed_due(clock.today(), queries.order_days(clock.today()), days)
    sources = queries.sources(case)
    finding = (
        monitoring.open_finding(case.organisation.code, case.check_id, case.target) if case.check_id else None
    )
    opened = [one for one in sources if one.value == "not_met" and one.source in logic.OPENING]
    kinds = len({one.source for one in opened})
    mine = queries.served_by(case, request.actor)
    choices = case_merge.choices(request.actor, case, now)
    context = {
        "title": _title(case, left),
        "has_errors": bool(refusal),
        "errors": [Mistake(refusal, f"#c-{form}")] if refusal else [],
        "form": form,
        "typed": typed,
        "edition": mark_of(request, {"text": case.order_text}, panel),
        "panel": panel,
        "case": case,
        "head": Head(
            title=_title(case, left),
            crumbs=(Crumb(label="整改台", url=reverse("desk-cases")), Crumb(label=case.number)),
            chips=(
                Chip(label=logic.STATES[case.state], tone="soft"),
                *((Chip(label=f"反弹，前单 {case.relapse_of}", tone="line"),) if case.relapse_of else ()),
                *((Chip(label=f"{kinds} 类来源合并", tone="line"),) if kinds > 1 else ()),
                *((Chip(label=f"并入 {case.merged_into}", tone="line"),) if case.merged_into else ()),
            ),
            deadline=deadline_of(
                left, passed=queries.days_over(case, days, now=now), provisional=provisional
            ),
            basis=Basis(
                n=case.number,
                as_of=now,
                extra=(case.organisation.name, _item(case.item), *_rule(case.check_id)),
                address=reverse("desk-case", args=[case.number]),
            ),
            actions=(Action(label="打印整改单", url=reverse("desk-case-order", args=[case.number])),),
        ),
        "strip": day_strip(case, queries.strip(case, days), clock.today(), provisional=provisional),
        "entries": late_looks.said(
            timeline(
                queries.entries(case),
                case,
                file_url=lambda sha: reverse("desk-case-file", args=[case.number, sha]),
                ready=why is None,
                now=now,
            ),
            sources,
        ),
        "over": late_looks.warning_of(sources, is_open=case.state != logic.CLOSED, now=now),
        "sources": _sources(sources),
        "source_title": f"一个问题，{len(opened)} 条记录，扣一次",
        "ladder": ladder(queries.reminders(case), case, logic.REMINDERS, now, late=late),
        "no_more": no_more_reminders(case, late=late),
        "seen": _seen(finding),
        "finding": finding,
        "retest": _retest(request.actor, case, finding),
        "why": why,
        "proposed_due": proposed,
        "proposed_provisional": days.rests_on_provisional(clock.today(), proposed),
        "days": queries.order_days(clock.today()),
        "term_mark": term_mark(),
        "delivery": queries.delivery(case),
        "may_hand_over": policy.can_serve_cases(request.actor)
        and case.state not in (logic.DRAFT, logic.CLOSED),
        "may_explain": policy.can_decide_explanation(request.actor) and case.state == logic.EXPLAINED,
        "not_me": logic.SAME_PERSON.format(what="单位的说明") if mine else "",
        "check_by_other": logic.SAME_PERSON.format(what="人工核查") if mine else "",
        "may_serve": policy.can_serve_cases(request.actor) and case.state == logic.DRAFT,
        "may_close": policy.can_close_case(request.actor) and case.state != logic.CLOSED,
        "may_check": policy.can_check_case(request.actor) and case.state != logic.CLOSED,
        "may_reply": policy.can_reply(request.actor) and case.served_at is not None,
        "may_retest": policy.can_check_case(request.actor) and case.state != logic.CLOSED,
        "joined": case_merge.joined(case),
        "merge": choices,
        "may_join": any(not one.refused for one in choices),
        "least_reason": logic.LEAST_REASON,
    }
    return render(request, "desk/monitoring/case.html", context, status=422 if refusal else 200)


def _item(code: str) -> str:
    name = queries.item_name(code)
    return f"指标 {code}" if name == code else f"指标 {code} {name}"


def _rule(check: str) -> list[str]:
    name = queries.rule_name(check)
    return [f"规则 {check} {name}"] if name else []


def _title(case: Any, left: int | None) -> str:
    start = f"{case.organisation.short_name}：|{problem(case.title)}，|"
    if case.state == logic.DRAFT:
        return f"{start}还没有下发"
    if case.state == logic.CLOSED:
        how = "" if case.ending in ("", logic.MENDED) else f"：{logic.ENDINGS[case.ending]}"
        return f"{start}已经结案{how}"
    if case.state == logic.PASSED:
        return f"{start}核查通过，待结案"
    if case.state == logic.EXPLAINED:
        return f"{start}单位说明不可补救，待确认"
    if case.state == logic.ANSWERED and left is not None:
        return f"{start}逾期后回复，待核实"
    if case.state == logic.ANSWERED:
        return f"{start}已回复，待核实"
    if left is not None and left < 0:
        return f"{start}逾期未整改到位"
    return f"{start}整改中"


def _sources(sources: list[Any]) -> DataTable:
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


def _seen(finding: Any) -> list[dict[str, str]]:
    if finding is None:
        return []
    words = {
        "met": "符合",
        "not_met": "不符合",
        "undecided": "无法判定，不扣分",
        "not_applicable": "不适用",
        "gone": "网页答复 404 或 410",
    }
    return [
        {
            "when": cn_short_datetime(one.at),
            "words": words.get(one.outcome, one.outcome),
            "reason": one.reason,
        }
        for one in monitoring.sightings(finding)[-6:]
    ]


def _retest(actor: Actor, case: Any, finding: Any) -> Action:
    entry = Action(
        label="安排复测",
        url=reverse("desk-case-retest", args=[case.number]),
        method="post",
        icon="refresh-cw",
        kind="primary",
    )
    if finding is None:
        return replace(entry, disabled="不是在线监测查出来的，没有规则可以复测，请登记人工核查。")
    words = retests.ask_retest.check(
        actor=actor,
        organisation_code=case.organisation.code,
        check=case.check_id,
        target=case.target,
        now=clock.now(),
    )
    if words:
        return replace(entry, disabled=words)
    last = monitoring.last_retest(finding)
    if last is not None and last.state == "failed":
        whose = {"site": "网站", "network": "网络"}.get(last.whose, "本平台")
        note = f"{cn_datetime(last.started_at)} 复测未完成，原因在{whose}：{last.cause}"
        return replace(entry, note=note)
    if last is not None and monitoring.found_gone(last):
        note = f"{cn_datetime(last.started_at)} 复测时{last.cause}，网页可能已撤。{gone_words(finding)}"
        return replace(entry, note=note)
    return entry


def gone_words(finding: Any) -> str:
    """What follows when a page answers 404 or 410, and where a person decides."""
    lacks = monitoring.absence_of(finding, on=clock.today()).missing()
    if finding.state not in monitoring.OPEN:
        return ""
    return f"认定网页已撤{lacks}。" if lacks else "可在监测台这一条下认定网页已撤，认定后即可结案。"


def _act(request: SignedIn, number: str, form: str, act: Callable[[Any], object], done: str) -> HttpResponse:
    """Call a verb; a refusal comes back on the page with what was typed."""
    case = found_case(request, number)
    try:
        act(case)
    except Stale as stale:
        panel = panel_of(stale, labels={"text": "整改内容"}, me=request.actor)
        return _page(
            request, found_case(request, number), str(stale), form, request.POST.get("text", ""), panel
        )
    except Refused as refusal:
        return _page(request, found_case(request, number), str(refusal), form, request.POST.get("text", ""))
    messages.success(request, done)
    return redirect("desk-case", number)


@require_POST
def case_revise(request: SignedIn, number: str) -> HttpResponse:
    """Change the words of a draft."""
    text = request.POST.get("text", "")
    return _act(
        request,
        number,
        "order",
        lambda case: order.revise(
            actor=request.actor, case=case, text=text, opened=opened_with(request), now=clock.now()
        ),
        "已修改，原文留在经过里。",
    )


@require_POST
def case_serve(request: SignedIn, number: str) -> HttpResponse:
    """Serve this one."""
    typed = request.POST.get("days", "")
    days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    return _act(
        request,
        number,
        "serve",
        lambda _case: order.serve(actor=request.actor, numbers=[number], days=days, now=clock.now()),
        "已下发，列入单位“整改”页。单位打开后这里显示已查看。",
    )


@require_POST
def case_reply(request: SignedIn, number: str) -> HttpResponse:
    """Answer the unit's question."""
    text = request.POST.get("text", "")
    return _act(
        request,
        number,
        "reply",
        lambda case: unit.reply(actor=request.actor, case=case, text=text, now=clock.now()),
        "已答复。",
    )


@require_POST
def case_handed(request: SignedIn, number: str) -> HttpResponse:
    """Note how the order was handed over."""
    how = request.POST.get("text", "")
    return _act(
        request,
        number,
        "handed",
        lambda case: order.hand_over(actor=request.actor, case=case, how=how, now=clock.now()),
        "已登记送达。",
    )


@require_POST
def case_explanation(request: SignedIn, number: str) -> HttpResponse:
    """Confirm that the fault cannot be repaired, or send the explanation back."""
    text, outcome = request.POST.get("text", ""), request.POST.get("outcome", "")

    def act(case: Any) -> None:
        if outcome == "confirm":
            closing.confirm_explanation(actor=request.actor, case=case, note=text, now=clock.now())
        elif outcome == "decline":
            closing.decline_explanation(actor=request.actor, case=case, reason=text, now=clock.now())
        else:
            raise Refused("请选确认或退回。")

    done = "已确认，结案，按规定计分。" if outcome == "confirm" else "已退回，单位仍须整改。"
    return _act(request, number, "explanation", act, done)


@require_POST
def case_check(request: SignedIn, number: str) -> HttpResponse:
    """A named person's check, with a note and maybe a photo."""
    upload = request.FILES.get("photo")
    photo = (str(upload.name)[:120], upload.read()) if upload else None
    outcome = request.POST.get("outcome", "")

    def act(case: Any) -> None:
        if outcome not in ("met", "not_met"):
            raise Refused("请选核查结果。")
        closing.check(
            actor=request.actor,
            case=case,
            met=outcome == "met",
            note=request.POST.get("text", ""),
            photo=photo,
            confirmed=pledged(request),
            now=clock.now(),
        )

    return _act(request, number, "check", act, "已登记核查，记在您的名下。")


@require_POST
def case_retest(request: SignedIn, number: str) -> HttpResponse:
    """Queue a re-test."""
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
        "已安排复测，几分钟内出结果。",
    )


@require_POST
def case_close(request: SignedIn, number: str) -> HttpResponse:
    """Close, when there is proof."""
    note = request.POST.get("text", "")
    return _act(
        request,
        number,
        "close",
        lambda case: closing.close(actor=request.actor, case=case, note=note, now=clock.now()),
        "已结案。",
    )


@require_POST
def case_merge_into(request: SignedIn, number: str) -> HttpResponse:
    """Join the case with another about the same place."""
    into, reason = request.POST.get("into", ""), request.POST.get("text", "")
    return _act(
        request,
        number,
        "merge",
        lambda case: case_merge.join(request.actor, case, into, reason, clock.now()),
        f"已并入 {into}，以后这两种写法的查看都记在一处。",
    )


@require_safe
def case_order(request: SignedIn, number: str) -> HttpResponse:
    """The order as a plain page to print; the document number is typed in by the office's own system."""
    case = found_case(request, number)
    context = {
        "title": f"整改通知单 {case.number}",
        "case": case,
        "deadline": cn_date(case.due_on) if case.due_on else "",
        "office": settings.KAOPING_OFFICE,
        "phone": settings.KAOPING_OFFICE_PHONE,
        "back": reverse("desk-case", args=[case.number]),
    }
    return render(request, "desk/monitoring/case_order.html", context)


@require_safe
def case_file(request: SignedIn, number: str, sha256: str) -> HttpResponse:
    """A file of the timeline."""
    case = found_case(request, number)
    held = [one for one in queries.entries(case) if ledger.page_of(sha256) in queries.digests(one)]
    if not is_digest(sha256) or not held:
        raise Http404
    name = next((one.text for one in held if one.kind == "file"), "")
    return attachment(sha256, name or ledger.plain_name(sha256))
