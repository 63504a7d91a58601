"""One order of the own unit: sign for it, answer with evidence, explain, ask, ask for a re-test."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.evidence import queries as ledger
from kaoping.monitoring import shown
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.queries import rows
from kaoping.rectification.queries.rows import Case, CasePage, CaseRow
from kaoping.rectification.services import unit
from kaoping.registry.queries.places import TargetWords
from kaoping.support import clock
from kaoping.web.ui import case_page
from kaoping.web.ui.case_acts import Turned, drawn, file_answer
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case_page import ActForm, ActGroup, CaseLink, CaseShell
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.requests import TYPES_HINT, SignedIn
from kaoping.web.ui.wording import PROVISIONAL, cn_date
from kaoping.web.unit.case_forms import AnswerForm, AskForm, ExplainForm
from kaoping.workdays.queries import calendar

MENDED: Final = "整改后请申请复测；由人查出的问题，等检查员或政务公开办核查。"
BY_HAND: Final = "这个问题由人查出，整改后由检查员或政务公开办核查。"
FAILED: Final = "{when} 复测未完成：{cause}。不影响已作的回复，可以再申请。"
GONE: Final = "{when} 复测时{cause}。确已撤下的，请在回复里写明，由政务公开办认定后结案。"
UNIT: Final = case_page.Audience(
    place="整改",
    list_url="unit-cases",
    page_url="unit-case",
    file_url="unit-case-file",
    standing={
        logic.SERVED: "请整改后回复",
        case_page.LATE: "已经逾期，请立即回复",
        logic.ANSWERED: "已回复，待核实",
        logic.EXPLAINED: "已说明不可补救，待确认",
        logic.PASSED: "核查通过，待结案",
        logic.CLOSED: "已经结案",
    },
    opening=lambda case: f"{case_page.named(case)}：|",
    ending="，",
    reminders_where="只在本系统内显示，不发短信、邮件",
    hidden=("revised",),
    retry="unit-case-retry",
)


def own_case(request: SignedIn, number: str) -> Case:
    """The served case of the reader's own unit; else 404, so that nobody learns whether the number exists."""
    case = queries.case(number)
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
    found = own_case(request, number)
    if request.method == "GET":
        unit.opened(actor=request.actor, case=found, now=clock.now())
    return case_answer(request, number)


def case_answer(request: SignedIn, number: str, turned: Turned | None = None) -> HttpResponse:
    """The page, with the refusal of an act where there is one."""
    now = clock.now()
    page = rows.page_of(own_case(request, number), calendar(now), now=now)
    shell = case_page.shell(page, UNIT, _head(page.case, now), now=now)
    return case_page.page_answer(
        request,
        replace(
            shell,
            joined=_joined(page),
            arrival=_arrival(page, shell),
            beside=_groups(request, page, turned, now),
        ),
        turned,
        width="unit",
    )


def _head(case: CaseRow, now: datetime) -> Head:
    until = f"期限 {cn_date(case.due_on)} 24:00 止" if case.due_on else ""
    reply = Action(label="回复整改情况", url="#reply", kind="primary")
    return replace(
        case_page.head_of(case, UNIT),
        basis=Basis(
            n=case.number,
            as_of=now,
            extra=(case.unit_name, until + (f"（{PROVISIONAL}）" if case.provisional else "")),
        ),
        actions=(reply,) if case.state == logic.SERVED else (),
    )


def _joined(page: CasePage) -> tuple[CaseLink, ...]:
    """What the unit reads of orders about one place that became one; one that was never served is named without a way to it."""
    named = TargetWords()
    found = [(page.into, "和本单是同一处，本单已并入，请在那一张上整改、回复")] if page.into else []
    found += [(one, "和本单是同一处，已并入本单，不另扣分") for one in page.taken]
    return tuple(
        CaseLink(
            one.number,
            reverse("unit-case", args=[one.number]) if one.served_at else "",
            f"“{named(one.unit, one.target)}”{how}。",
        )
        for one, how in found
    )


def _arrival(page: CasePage, shell: CaseShell) -> ActGroup | None:
    """How far the order came; the unit signs for it."""
    if shell.arrival is None or page.delivery is None or page.delivery.signed or not page.case.is_open:
        return shell.arrival
    sign = Action("签收", _url("unit-case-sign", page.case), method="post")
    return replace(shell.arrival, actions=(sign,))


def _url(name: str, case: CaseRow) -> str:
    return reverse(name, args=[case.number])


def _groups(request: SignedIn, page: CasePage, turned: Turned | None, now: datetime) -> tuple[ActGroup, ...]:
    """What the unit can do about its order, each in a card."""
    case = page.case
    if not case.is_open:
        return ()
    answering = case.state in (logic.SERVED, logic.ANSWERED)
    return (
        *((_reply(request, case, turned), _past(request, case, turned)) if answering else ()),
        _next(request, page, now),
        _question(request, case, turned),
    )


def _reply(request: SignedIn, case: CaseRow, turned: Turned | None) -> ActGroup:
    form = drawn(AnswerForm, "answer", turned, request)
    form.fields["file"].help_text = f"{TYPES_HINT}可选多份。"
    act = ActForm(url=_url(AnswerForm.to, case), form=form, button="回复", kind="primary", pledge=True)
    return ActGroup("回复整改情况", "reply", forms=(act,))


def _past(request: SignedIn, case: CaseRow, turned: Turned | None) -> ActGroup:
    act = ActForm(
        url=_url(ExplainForm.to, case),
        form=drawn(ExplainForm, "explain", turned, request),
        button="提交说明",
    )
    return ActGroup("不可补救的", "past", forms=(act,))


def _next(request: SignedIn, page: CasePage, now: datetime) -> ActGroup:
    """A re-test, and what closes the order."""
    case = page.case
    finding = shown.followed(case.unit, case.check, case.target, on=clock.today())
    retest = case_page.retest_action(
        request.actor,
        case,
        finding,
        label="申请复测",
        url=_url("unit-case-retest", case),
        by_hand=BY_HAND,
        now=now,
    )
    gone = GONE if finding and finding.is_open else ""
    why = (
        "说明已提交，待政务公开办由下发人以外的另一人确认。"
        if case.state == logic.EXPLAINED
        else page.why_open(MENDED) or "已有通过的复测或核查，待政务公开办结案。"
    )
    notes = (*case_page.retest_note(finding, failed=FAILED, gone=gone), why)
    return ActGroup("整改以后", "next", actions=(retest,), notes=notes)


def _question(request: SignedIn, case: CaseRow, turned: Turned | None) -> ActGroup:
    act = ActForm(url=_url(AskForm.to, case), form=drawn(AskForm, "ask", turned, request), button="提问")
    return ActGroup("有疑问", "question", forms=(act,))


@require_safe
def case_file(request: SignedIn, number: str, sha256: str) -> HttpResponse:
    """A file of the timeline."""
    return file_answer(rows.file_of(own_case(request, number), ledger.page_of(sha256)), sha256)
