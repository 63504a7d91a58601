"""The review round for the office: who reviews whom, how far they are, closing. No score is shown before the round closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import lists
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries.blind import masked_in_texts
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.queries.lists import AssignmentRow
from kaoping.campaigns.services import assigning
from kaoping.campaigns.services import review as review_verbs
from kaoping.registry.queries import people_with_role
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.support.rows import Rows
from kaoping.web.desk.years import ReasonForm, YearForm, act_page, campaign_of, crumbs, latest, require
from kaoping.web.ui.filled import offer
from kaoping.web.ui.numbers import WholeField
from kaoping.web.ui.offering import offered
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.score import RaterScore, RaterSpread
from kaoping.web.ui.parts.table import Cell, Column, DataTable, Value, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime, cn_short_datetime, points

Choices = list[tuple[str, str]]
current = latest("desk-reviews-year", stages.REVIEW)


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Assignments with progress; after the round, where reviewers differ most."""
    campaign = campaign_of(key)
    require(policy.can_see_campaign(request.actor, key))
    rows = lists.assignments(campaign)
    if "format" in request.GET:
        return download(_file(key, rows), request.GET["format"])
    given = [row for row in rows if not row.recused]
    finished = sum(row.finished_at is not None for row in given)
    title = _title(campaign, len(given), finished)
    takes_back = policy.can_assign_reviewers(request.actor, key) and campaign.round_closed_at is None
    spreads = []
    if campaign.round_closed_at and policy.can_see_spread(request.actor, key):
        spreads = [_spread(one) for one in reviews.spread(campaign)[:10] if one.range]
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, "评审"),
            basis=Basis(
                n=f"{len({row.reviewer_id for row in given})} 名专家",
                extra=(f"{len(given)} 份，评完 {finished} 份",),
            )
            if given
            else None,
            actions=_actions(request, campaign),
        ),
        "table": _table(request, key, rows, takes_back=takes_back),
        "blind": campaign.round_closed_at is None,
        "masked": masked_in_texts(campaign) if campaign.round_closed_at is None else 0,
        "spreads": spreads,
        "taken_back": _taken_back(campaign),
    }
    return render(request, "desk/people/reviews.html", context)


def _table(
    request: SignedIn, key: OrganisedYear, rows: Rows[AssignmentRow], *, takes_back: bool
) -> DataTable:
    return paged_table(
        columns=[
            "单位",
            "专家",
            "记入台账的代号",
            "专家看到的代号",
            Column("已评项", num=True),
            "状态",
            "说明",
            *(["操作"] if takes_back else []),
        ],
        rows=rows,
        cells=lambda row: _cells(row, key, takes_back=takes_back),
        params=request.GET,
        caption="评审分派",
        empty="还没有分派专家。分派后，专家按代号盲评，这里看进度。",
    )


def _taken_back(campaign: Campaign) -> DataTable:
    return table_of(
        caption="撤回的分派",
        columns=["单位", "专家", "撤回时间", "办理人", "理由"],
        rows=[
            [one.short_name, one.reviewer, cn_datetime(one.at), one.by, one.reason]
            for one in lists.taken_back(campaign)
        ],
        fold=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedIn, key: OrganisedYear, assignment_id: int) -> HttpResponse:
    """Take an assignment back that was made by mistake, before anything of it was scored."""
    campaign = campaign_of(key)
    require(policy.can_assign_reviewers(request.actor, key), "分派由政务公开办经办撤回。")
    found = reviews.any_assignment(assignment_id)
    if found is None or found.campaign_id != campaign.pk:
        raise Http404

    def run(data: dict[str, Any]) -> str:
        review_verbs.take_back_assignment(
            actor=request.actor, assignment=found, reason=data["reason"], now=clock.now()
        )
        return f"已撤回 {found.reviewer.name} 对{found.organisation.short_name}的分派。"

    return _page(
        request,
        campaign,
        ReasonForm(request.POST or None),
        f"撤回分派：{found.reviewer.name}，{found.organisation.short_name}",
        "撤回分派",
        run,
        review_verbs.take_back_assignment.check(actor=request.actor, assignment=found) or "",
        notice="撤回以后，专家看不到这家单位；撤回的时间、办理人和理由留在评审页。已经评过分的不能撤回，由专家回避。",
    )


class EvenlyForm(forms.Form):
    """Reviewers in turn."""

    reviewers = forms.MultipleChoiceField(
        label="专家",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选专家。"},
    )
    per_unit = WholeField(
        label="每家单位几名专家",
        min_value=1,
        max_value=9,
        initial=3,
        error_messages={"required": "请写几名。", "invalid": "请写数字，如 3，用半角。"},
        help_text="按单位轮流分派，与单位有任职关系的自动回避。",
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "reviewers", people)


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Give every unit some reviewers in turn."""
    campaign = campaign_of(key)
    require(policy.can_assign_reviewers(request.actor, key), "专家由政务公开办经办分派。")
    people = list(people_with_role("reviewer", on=clock.today()))
    form = EvenlyForm(request.POST or None, people=[(str(one.pk), one.name) for one in people])

    def run(data: dict[str, Any]) -> str:
        chosen = [one for one in people if str(one.pk) in data["reviewers"]]
        made = assigning.assign_evenly(
            actor=request.actor,
            campaign=campaign,
            reviewers=chosen,
            per_unit=data["per_unit"],
            now=clock.now(),
        )
        return f"已分派 {len(made)} 份评审。"

    locked = assigning.assign_evenly.check(actor=request.actor, campaign=campaign, now=clock.now()) or ""
    return _page(request, campaign, form, "轮流分派专家", "分派", run, locked)


class OneForm(forms.Form):
    """One reviewer and some units."""

    reviewer = forms.ChoiceField(label="专家", error_messages={"required": "请选专家。"})
    units = forms.MultipleChoiceField(
        label="单位",
        widget=forms.SelectMultiple({"size": 12}),
        error_messages={"required": "请至少选一家单位。"},
        help_text="按住 Ctrl 可选多家。",
    )

    def __init__(self, *args: Any, people: Choices, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "reviewer", people)
        offer(self, "units", units)


@require_http_methods(["GET", "HEAD", "POST"])
def assign_one(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Give one reviewer some units, for instance after somebody recused."""
    campaign = campaign_of(key)
    require(policy.can_assign_reviewers(request.actor, key), "专家由政务公开办经办分派。")
    people = list(people_with_role("reviewer", on=clock.today()))
    units = [
        (row.organisation.code, row.organisation.short_name)
        for row in campaigns.participations(campaign, only=True)
    ]
    form = OneForm(request.POST or None, people=[(str(one.pk), one.name) for one in people], units=units)

    def run(data: dict[str, Any]) -> str:
        reviewer = next(one for one in people if str(one.pk) == data["reviewer"])
        made = assigning.assign_reviewers(
            actor=request.actor,
            campaign=campaign,
            reviewer=reviewer,
            organisations=data["units"],
            now=clock.now(),
        )
        return f"已给 {reviewer.name} 分派 {len(made)} 家单位。"

    locked = assigning.assign_reviewers.check(actor=request.actor, campaign=campaign, now=clock.now()) or ""
    return _page(request, campaign, form, "指定专家", "分派", run, locked)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Close the round: every score enters the ledger, and nobody can change one any more."""
    campaign = campaign_of(key)
    require(policy.can_see_campaign(request.actor, key))
    locked = review_verbs.close_round.check(actor=request.actor, campaign=campaign) or ""

    def run(_data: dict[str, Any]) -> str:
        review_verbs.close_round(actor=request.actor, campaign=campaign, now=clock.now())
        return "评审已结束，评分计入台账。下一步在“评分”计算计分表。"

    return _page(
        request,
        campaign,
        YearForm(request.POST or None, year=key.year),
        "结束评审",
        "结束评审",
        run,
        locked,
        notice="结束后专家不能再改评分，评分以代号计入台账，不能撤回。",
    )


def _page(
    request: SignedIn,
    campaign: Campaign,
    form: forms.Form,
    title: str,
    button: str,
    run: Callable[[dict[str, Any]], str],
    locked: str,
    notice: str = "",
) -> HttpResponse:
    back = reverse("desk-reviews-year", args=[campaign.key])
    return act_page(
        request,
        form=form,
        title=title,
        crumbs=crumbs(campaign, ("评审", back), title),
        button=button,
        run=run,
        back=back,
        locked=locked,
        notice=notice,
    )


def _title(campaign: Campaign, given: int, finished: int) -> str:
    if campaign.round_closed_at:
        return "评审已经结束，|评分计入台账"
    if not given:
        return "还没有分派专家"
    if finished < given:
        return f"还有 {given - finished} 份评审|没有评完"
    return "专家都已评完，|可以结束评审"


def _actions(request: SignedIn, campaign: Campaign) -> tuple[Action, ...]:
    here = [campaign.key]
    asked = {"actor": request.actor, "campaign": campaign}
    evenly = Action(label="轮流分派专家", url=reverse("desk-assign", args=here))
    made = [*offered(assigning.assign_evenly, evenly, now=clock.now(), **asked)]
    if assigning.assign_reviewers.check(now=clock.now(), **asked) is None:  # else said once is enough
        made.append(Action(label="指定专家", url=reverse("desk-assign-one", args=here)))
    if campaign.stage == stages.REVIEW:
        closing = Action(label="结束评审", url=reverse("desk-close-round", args=here), kind="primary")
        made += offered(review_verbs.close_round, closing, **asked)
    return tuple(made)


def _cells(row: AssignmentRow, key: OrganisedYear, *, takes_back: bool) -> list[Value]:
    return [
        row.short_name,
        row.reviewer,
        row.reviewer_alias,
        row.unit_alias,
        points(row.scored),
        _state(row),
        row.recusal_reason or "—",
        *([_take_back_cell(row, key)] if takes_back else []),
    ]


def _state(row: AssignmentRow) -> Cell:
    if row.recused:
        return Cell(text="已回避", chip="cau")
    if row.finished_at:
        return Cell(text=f"{cn_short_datetime(row.finished_at)} 评完", chip="soft")
    return Cell(text="评审中" if row.scored else "没有开始", chip="line")


def _take_back_cell(row: AssignmentRow, key: OrganisedYear) -> Cell | str:
    if row.recused or row.scored:
        return "—"
    return Cell(text="撤回分派", url=reverse("desk-assignment-back", args=[key, row.id]))


@dataclass(frozen=True, slots=True)
class Apart:
    """An item on which the reviewers of a unit differ."""

    title: str
    spread: RaterSpread


def _spread(one: reviews.Spread) -> Apart:
    levels = "，".join(f"{dot.alias}“{dot.label}”" for dot in one.dots)
    return Apart(
        f"{one.short_name} {one.item} {one.title}",
        RaterSpread(
            scores=tuple(RaterScore(dot.alias, dot.share * 100) for dot in one.dots),
            low=0,
            high=100,
            apart=40,
            note=f"{levels}。相差满分的 {points(one.range * 100, 0)}%。",
        ),
    )


def _file(key: OrganisedYear, rows: Iterable[AssignmentRow]) -> Table:
    return Table(
        f"{key.year} 年度评审分派",
        ["代码", "单位", "单位代号", "专家", "专家代号", "已评项", "评完时间", "回避", "回避理由"],
        [
            [
                row.unit,
                row.short_name,
                row.unit_alias,
                row.reviewer,
                row.reviewer_alias,
                row.scored,
                row.finished_at,
                row.recused,
                row.recusal_reason,
            ]
            for row in rows
        ],
    )
