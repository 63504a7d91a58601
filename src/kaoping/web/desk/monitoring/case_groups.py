"""What the office can do about one order, as its page offers it: each act with its form, or the reason why not."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.monitoring.shown import Followed
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.queries import case_days
from kaoping.rectification.queries.rows import Case, CasePage, CaseRow
from kaoping.support import clock
from kaoping.web.desk.monitoring import case_merge
from kaoping.web.desk.monitoring.case_forms import (
    CheckForm,
    ExplanationForm,
    MergeForm,
    OrderForm,
    ReplyForm,
    ServeForm,
)
from kaoping.web.desk.years import term_mark
from kaoping.web.ui import case_page
from kaoping.web.ui.case_acts import Turned, drawn
from kaoping.web.ui.editing import mark_of
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case_page import ActForm, ActGroup, CaseLink
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date
from kaoping.workdays.queries import calendar

MERGING: Final = (
    "同一处地点写成两种写法、立了两张的，把本单并入另一张：本单结案，所依据的记录审定撤回（原记录保留），"
    "不再另扣分；另一张的期限不变；以后的查看不论哪种写法都记在一处。单位看得到理由。并入以后不能恢复。"
)
BY_HAND: Final = "不是在线监测查出来的，没有规则可以复测，请登记人工核查。"
FAILED: Final = "{when} 复测未完成，原因在{whose}：{cause}"


def groups(
    request: SignedIn,
    found: Case,
    page: CasePage,
    finding: Followed | None,
    turned: Turned | None,
    *,
    now: datetime,
) -> tuple[ActGroup, ...]:
    """The acts that this reader is offered, in the order of the work."""
    case, actor = page.case, request.actor
    mine = queries.served_by(found, actor)
    offered = [
        _serving(request, case, turned)
        if policy.can_serve_cases(actor, case) and case.state == logic.DRAFT
        else None,
        _ending(actor, page, finding, now) if case.is_open else None,
        _explanation(request, case, turned, mine=mine) if case.state == logic.EXPLAINED else None,
        _check(request, case, turned, mine=mine)
        if policy.can_check_case(actor, case) and case.is_open
        else None,
        _reply(request, case, turned)
        if policy.can_reply(actor, case) and case.served_at is not None
        else None,
        _merging(request, found, turned, now),
    ]
    return tuple(one for one in offered if one is not None)


def _url(name: str, case: CaseRow) -> str:
    return reverse(name, args=[case.number])


def _serving(request: SignedIn, case: CaseRow, turned: Turned | None) -> ActGroup:
    panel = turned.panel if turned else None
    serve = drawn(ServeForm, "serve", turned, request, days=queries.order_days(case.organiser, clock.today()))
    serve.fields["days"].help_text = term_words(case.organiser)
    return ActGroup(
        "将发给单位的原话",
        forms=(
            ActForm(
                url=_url(OrderForm.to, case),
                form=drawn(OrderForm, "order", turned, request, text=case.order_text),
                button="保存修改",
                edition=mark_of(request, {"text": case.order_text}, panel),
                panel=panel,
            ),
            ActForm(url=_url(ServeForm.to, case), form=serve, button="下发", kind="primary", icon="stamp"),
        ),
    )


def term_words(organiser: str) -> str:
    """What the deadline would be if the order were served today."""
    days, today = calendar(clock.now()), clock.today()
    proposed = queries.order_days(organiser, today)
    due = case_days.proposed_due(today, proposed, days)
    until = f"，今天下发则到 {cn_date(due)} 24:00 止" if due else ""
    if days.rests_on_provisional(today, due):
        until += "（暂按周末和法定节日推算，安排录入后只会延后，不会提前）"
    return f"建议 {proposed} 个工作日{term_mark()}{until}。"


def _ending(actor: Actor, page: CasePage, finding: Followed | None, now: datetime) -> ActGroup | None:
    """A re-test, and closing when there is proof."""
    case, actions = page.case, []
    notes: tuple[str, ...] = ()
    if policy.can_check_case(actor, case):
        retest = case_page.retest_action(
            actor,
            case,
            finding,
            label="安排复测",
            url=_url("desk-case-retest", case),
            by_hand=BY_HAND,
            now=now,
        )
        actions.append(retest)
        gone = f"{{when}} 复测时{{cause}}，网页可能已撤。{_gone(finding)}"
        notes = case_page.retest_note(finding, failed=FAILED, gone=gone)
    if policy.can_close_case(actor, case):
        why = page.why_open()
        close = Action("结案", _url("desk-case-close", case), method="post", kind="primary")
        actions.append(Action("结案", icon="lock", disabled=why) if why else close)
    return ActGroup("现在可以做的", "close", tuple(actions), notes=notes) if actions else None


def _gone(finding: Followed | None) -> str:
    """What follows when a page answers 404 or 410, and where a person decides."""
    if finding is None or not finding.is_open:
        return ""
    if finding.lacks:
        return f"认定网页已撤{finding.lacks}。"
    return "可在监测台这一条下认定网页已撤，认定后即可结案。"


def _explanation(request: SignedIn, case: CaseRow, turned: Turned | None, *, mine: bool) -> ActGroup | None:
    if not policy.can_decide_explanation(request.actor, case):
        return None
    form = ActForm(
        url=_url(ExplanationForm.to, case),
        form=drawn(ExplanationForm, "explanation", turned, request),
        button="提交",
        kind="primary",
        locked=logic.SAME_PERSON.format(what="单位的说明") if mine else "",
    )
    return ActGroup("单位的说明", "explanation", forms=(form,))


def _check(request: SignedIn, case: CaseRow, turned: Turned | None, *, mine: bool) -> ActGroup:
    words = f"记在您的名下：{request.actor.name}。照片可不附，附了更好核对。"
    form = ActForm(
        url=_url(CheckForm.to, case),
        form=drawn(CheckForm, "check", turned, request),
        button="登记核查",
        note="" if mine else words,
        locked=logic.SAME_PERSON.format(what="人工核查") if mine else "",
        pledge=True,
    )
    return ActGroup("登记人工核查", "check", forms=(form,))


def _reply(request: SignedIn, case: CaseRow, turned: Turned | None) -> ActGroup:
    form = ActForm(
        url=_url(ReplyForm.to, case), form=drawn(ReplyForm, "reply", turned, request), button="答复"
    )
    return ActGroup("答复单位", "reply", forms=(form,))


def _merging(request: SignedIn, found: Case, turned: Turned | None, now: datetime) -> ActGroup | None:
    """合并办理: the orders that this one might be joined with, those that it cannot be with the reason."""
    offered = case_merge.choices(request.actor, found, now)
    if not offered:
        return None
    free = [(one.number, f"{one.number} {one.words}") for one in offered if not one.refused]
    form = drawn(MergeForm, "merge", turned, request).offer(free)
    refused = tuple(
        CaseLink(one.number, one.url, f"{one.words}：{one.refused}") for one in offered if one.refused
    )
    is_open = bool(free) or form.is_bound
    if not is_open:
        form.fields.clear()
    elif not free:
        del form.fields["into"]
    act = ActForm(
        url=reverse(MergeForm.to, args=[found.number]),
        form=form,
        button="并入所选的一张" if is_open else "",
        kind="danger",
        note=MERGING,
        barred=refused,
    )
    return ActGroup("合并办理", "merge", forms=(act,))
