"""Self-reviews of all units: who has submitted, one unit's form, return or name as missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.self_review import NOT_SUBMITTED_RULE
from kaoping.campaigns.queries import lists
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.queries.lists import FormRow
from kaoping.campaigns.queries.self_review import SelfReview
from kaoping.campaigns.services import self_review as self_review_verbs
from kaoping.evidence.policy import can_see_ledger
from kaoping.evidence.queries import gone_among
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.support.rows import Rows
from kaoping.web.desk.years import (
    ReasonForm,
    act_page,
    campaign_of,
    crumbs,
    latest,
    require,
    scope_of,
)
from kaoping.web.ui.offering import offered
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, DataTable, Value
from kaoping.web.ui.proofs import closed, link
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_short_datetime

current = latest("desk-self-reviews-year", stages.SELF_REVIEW)
SHOWN: Final = {"": "全部", "open": "没有提交", **self_reviews.STATES}
OPEN_STATES: Final = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class Answered:
    """One item of a form as the office reads it."""

    code: str
    title: str
    first: str
    answer: str
    text: str
    decision: str
    artefacts: tuple[Artefact, ...]


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """All forms in register order; a branch sees its own."""
    campaign = campaign_of(key)
    units = scope_of(request.actor, campaign)
    show = request.GET.get("show", "")
    wanted = OPEN_STATES if show == "open" else (show,) if show in self_reviews.STATES else ()
    rows = lists.forms(campaign, units=units, states=wanted)
    if "format" in request.GET:
        return download(_file(key, rows), request.GET["format"])
    states = [row.state for row in lists.forms(campaign, units=units)]
    waiting = sum(state in OPEN_STATES for state in states)
    claims = self_reviews.undecided_count(campaign) if units is None else 0
    title = _title(campaign, states, waiting)
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, "自查"),
            basis=Basis(
                n=f"{len(states)} 个单位",
                extra=(f"已提交 {states.count('submitted')}，登记为逾期未报 {states.count('missing')}",),
            )
            if states
            else None,
            actions=_ways(key, claims) if units is None else (),
        ),
        "shows": list(SHOWN.items()),
        "show": show,
        "table": _table(request, key, rows, any_form=bool(states)),
    }
    return render(request, "desk/people/self_reviews.html", context)


def _ways(key: OrganisedYear, claims: int) -> tuple[Action, ...]:
    count = f"（{claims} 项）" if claims else ""
    return (
        Action(label="评审进度", url=reverse("desk-reviews-year", args=[key])),
        Action(
            label=f"审定“不涉及”{count}",
            url=reverse("desk-claims", args=[key]),
            kind="primary" if claims else "",
        ),
    )


def _table(request: SignedIn, key: OrganisedYear, rows: Rows[FormRow], *, any_form: bool) -> DataTable:
    may_open = policy.can_see_self_review(request.actor, key, "")
    return paged_table(
        columns=["单位", "状态", "已答", "提交时间", "回执码", "退回或未交的理由"],
        rows=rows,
        cells=lambda row: _cells(row, key, may_open=may_open),
        params=request.GET,
        caption="各单位自查",
        empty=Empty(
            title="没有这样的自查。" if any_form else "自查还没有开始。",
            text="请换一个状态再看。" if any_form else "进入“部门自查”阶段后，每个参评单位有一份表。",
        ),
    )


@require_safe
def of_unit(request: SignedIn, key: OrganisedYear, code: str) -> HttpResponse:
    """One unit's form, read only."""
    campaign, form = _form(request, key, code)
    lines = self_reviews.lines(form)
    name = form.organisation.short_name
    title = f"{name}自查：|{self_reviews.STATES[form.state]}，答了 {sum(one.done for one in lines)} / {len(lines)} 项"
    asked = {"actor": request.actor, "self_review": form}
    returning = Action(label="退回单位", url=reverse("desk-self-review-return", args=[key, code]))
    naming = Action(label="登记为逾期未报", url=reverse("desk-self-review-missing", args=[key, code]))
    back = form.state == "returned"  # the page shows it with its reason
    acts = [
        *(() if back else offered(self_review_verbs.return_to_unit, returning, **asked)),
        *offered(self_review_verbs.name_as_missing, naming, now=clock.now(), **asked),
    ]
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=_crumbs(campaign, name),
            basis=Basis(as_of=form.submitted_at, extra=(f"回执码 {form.receipt}",))
            if form.submitted_at
            else None,
        ),
        "form": form,
        "state": self_reviews.STATES[form.state],
        "acts": acts,
        "lines": [_line(one, files=can_see_ledger(request.actor, campaign)) for one in lines],
    }
    return render(request, "desk/people/self_review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: SignedIn, key: OrganisedYear, code: str) -> HttpResponse:
    """Return to the unit, with the reason that it sees."""
    campaign, form = _form(request, key, code)

    def run(data: dict[str, Any]) -> str:
        self_review_verbs.return_to_unit(
            actor=request.actor, self_review=form, reason=data["reason"], now=clock.now()
        )
        return f"已退回{form.organisation.short_name}，单位可以修改后再提交。"

    return _reason_page(
        request,
        campaign,
        form,
        "退回单位",
        "退回",
        self_review_verbs.return_to_unit.check(actor=request.actor, self_review=form),
        run,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: SignedIn, key: OrganisedYear, code: str) -> HttpResponse:
    """Name as not submitted, so that the others are not held up."""
    campaign, form = _form(request, key, code)

    def run(data: dict[str, Any]) -> str:
        self_review_verbs.name_as_missing(
            actor=request.actor, self_review=form, reason=data["reason"], now=clock.now()
        )
        return f"{form.organisation.short_name}已登记为逾期未报。"

    return _reason_page(
        request,
        campaign,
        form,
        "登记为逾期未报",
        "登记为逾期未报",
        self_review_verbs.name_as_missing.check(actor=request.actor, self_review=form, now=clock.now()),
        run,
        notice=f"情况单位会看到。{NOT_SUBMITTED_RULE}",
    )


def _form(request: SignedIn, key: OrganisedYear, code: str) -> tuple[Campaign, SelfReview]:
    campaign = campaign_of(key)
    require(
        policy.can_see_self_review(request.actor, key, code), "单位自查由政务公开办、复核人和本单位查看。"
    )
    form = self_reviews.of_unit(campaign, code)
    if form is None:
        raise Http404
    return campaign, form


def _crumbs(campaign: Campaign, *more: str | tuple[str, str]) -> tuple[Crumb, ...]:
    return crumbs(campaign, ("自查", reverse("desk-self-reviews-year", args=[campaign.key])), *more)


def _reason_page(
    request: SignedIn,
    campaign: Campaign,
    form: SelfReview,
    title: str,
    button: str,
    locked: str | None,
    run: Callable[[dict[str, Any]], str],
    *,
    notice: str = "理由单位会看到。",
) -> HttpResponse:
    back = reverse("desk-self-review", args=[campaign.key, form.organisation.code])
    return act_page(
        request,
        form=ReasonForm(request.POST or None),
        title=f"{form.organisation.short_name}：{title}",
        crumbs=_crumbs(campaign, (form.organisation.short_name, back), title),
        button=button,
        run=run,
        back=back,
        locked=locked or "",
        notice=notice,
    )


def _title(campaign: Campaign, states: list[str], waiting: int) -> str:
    if not states:
        return "自查还没有开始"
    if waiting and campaign.stage == stages.SELF_REVIEW:
        return f"{waiting} 个单位|还没有提交自查"
    given, missing = states.count("submitted"), states.count("missing")
    if not missing:
        return f"{given} 个单位|都已提交自查" if given == len(states) else f"{given} 个单位|已提交自查"
    return f"{given} 个单位已提交，|{missing} 个登记为逾期未报"


def _cells(row: FormRow, key: OrganisedYear, *, may_open: bool) -> list[Value]:
    tone = {"submitted": "soft", "returned": "cau", "missing": "neg"}.get(row.state, "line")
    return [
        Cell(text=row.short_name, url=reverse("desk-self-review", args=[key, row.unit]))
        if may_open
        else row.short_name,
        Cell(text=self_reviews.STATES[row.state], chip=tone),
        f"{row.answered} 项",
        cn_short_datetime(row.submitted_at) if row.submitted_at else "—",
        Cell(text=row.receipt, mono=True) if row.receipt else "—",
        row.return_reason or "—",
    ]


def _said(one: self_reviews.Line, levels: dict[str, str]) -> str:
    answer = one.answer
    if answer is None:
        return "没有答"
    if answer.not_applicable:
        return "申请不涉及" if one.done else "申请不涉及，没有写理由"
    return f"自查档次“{levels.get(answer.level, answer.level)}”" if one.done else "没有答"


def _line(one: self_reviews.Line, *, files: bool) -> Answered:
    item, answer = one.item, one.answer
    levels = {level.code: level.label for level in item.levels}
    decision = getattr(answer, "decision", None) if answer else None
    rows = list(answer.artefacts.all()) if answer else []
    gone = gone_among(row.sha256 for row in rows)
    ruled = f"{'认定不涉及' if decision.accepted else '不认定不涉及'}：{decision.reason}" if decision else ""
    return Answered(
        code=item.code,
        title=item.title,
        first=item.first_title,
        answer=_said(one, levels),
        text=answer.text if answer else "",
        decision=ruled,
        artefacts=tuple(_artefact(row, gone, files=files) for row in rows),
    )


def _artefact(row: self_reviews.AnswerArtefact, gone: Mapping[str, str], *, files: bool) -> Artefact:
    """A piece of evidence, with ways to what is stored of it only for those who may open ``files``."""
    if row.url:
        found = link(row, lambda sha256: reverse("desk-artefact", args=[sha256]), at=row.added_at)
        return found if files else replace(found, actions=())
    url = reverse("desk-artefact", args=[row.sha256]) if files else ""
    found = Artefact(row.name, url, at=row.added_at, sha256=row.sha256)
    return closed(found, gone.get(row.sha256))


def _file(key: OrganisedYear, rows: Iterable[FormRow]) -> Table:
    return Table(
        f"{key.year} 年度自查",
        ["代码", "单位", "状态", "已答项", "提交时间", "回执码", "退回或未交的理由"],
        [
            [
                row.unit,
                row.short_name,
                self_reviews.STATES[row.state],
                row.answered,
                row.submitted_at,
                row.receipt,
                row.return_reason,
            ]
            for row in rows
        ],
    )
