"""审定改分: after the round closed one person proposes other points for an item, another agrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Actor
from kaoping.campaigns import policy
from kaoping.campaigns.logic.appeal import WORKING_DAYS
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import changes, items
from kaoping.campaigns.queries import ruling as rulings
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.queries.sign_off import again
from kaoping.campaigns.services import ruling as services
from kaoping.registry.queries import called
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.scoring.correction_acts import PointsForm
from kaoping.web.desk.years import SecondForm, act_page, campaign_of, crumbs, require
from kaoping.web.ui.item_points import given_words
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.parts.table import Cell, Column, DataTable, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime, points

NOTICE: Final = (
    "评审结束以后，改分须两人办理：经办提出，第二签发人或办公室负责人确认。确认以后记入台账，原来的记录都留着；"
    "改完要重新计算计分表，再由第二人签发。签发页列出本年度的审定。"
    f"单位随即在首页看到，告知以后另有 {WORKING_DAYS} 个工作日可以申请复核，届满以前不能签发。"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One ruling as the list shows it; ``url`` leads to the second person's answer while it waits."""

    unit: str
    item: str
    before: str  # both on the sheet's scale, whose maximum is ``max``
    points: str
    max: str
    written: str  # as it was proposed, on the rulebook's scale
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: str
    second_by: str
    url: str


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Every ruling of the year with both persons."""
    campaign = campaign_of(key)
    require(policy.can_see_sheet(request.actor, key))
    found = rows(campaign)
    waiting = sum(1 for one in found if one.url)
    title = f"{key.year} 年度审定改分：|{f'{waiting} 件待第二人确认' if waiting else f'{len(found)} 件'}"
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, _scoring(key), "审定改分"),
            actions=_actions(request.actor, campaign),
        ),
        "notice": services.propose_points.hindrance(campaign=campaign) or f"{again(campaign)}{NOTICE}",
        "rulings": found,
        "table": table(found),
    }
    return render(request, "desk/scoring/rulings.html", context)


def table(found: Sequence[Any]) -> DataTable:
    """Rulings of ``rows`` for ``{% data_table %}``."""
    return table_of(
        caption="审定改分",
        columns=[
            "单位",
            "指标",
            Column("原分", num=True),
            Column("审定", num=True),
            Column("满分", num=True),
            "按规则集填的分",
            "理由",
            "提出",
            "状态",
            "第二人",
        ],
        rows=[
            [
                one.unit,
                one.item,
                one.before,
                one.points,
                one.max,
                one.written,
                one.reason,
                f"{one.proposed_by}，{cn_datetime(one.proposed_at)}",
                one.state,
                Cell(text="去确认", url=one.url) if one.url else one.second_by,
            ]
            for one in found
        ],
        fold=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Propose the right points of one item."""
    campaign = campaign_of(key)
    require(policy.can_see_sheet(request.actor, key))

    def run(data: dict[str, Any]) -> str:
        services.propose_points(
            actor=request.actor,
            campaign=campaign,
            organisation=data["unit"],
            item=data["item"],
            points=data["points"],
            reason=data["reason"],
            now=clock.now(),
        )
        scale = sheets.scale_of(sheets.latest(campaign), data["unit"], data["item"])
        given = given_words(items.item(campaign, data["item"]), scale, data["points"])
        return f"已提出：{data['item']} 改为 {given}，等第二签发人或办公室负责人确认。"

    units = [
        (row.organisation.code, row.organisation.short_name)
        for row in campaigns.participations(campaign, only=True)
    ]
    codes = [
        (one.code, f"{one.code} {one.title}（满分 {one.max}）")
        for one in items.items(campaign)
        if one.role == "item"
    ]
    return _page(
        request,
        campaign,
        form=PointsForm(request.POST or None, units=units, codes=codes, campaign=campaign),
        title="提请审定改分",
        button="提出",
        run=run,
        locked=services.propose_points.check(actor=request.actor, campaign=campaign) or "",
        notice=f"{again(campaign)}{NOTICE}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def second(request: SignedIn, key: OrganisedYear, ruling_id: int) -> HttpResponse:
    """The second person's answer."""
    campaign = campaign_of(key)
    require(policy.can_see_sheet(request.actor, key))
    ruling = rulings.by_id(campaign, ruling_id)
    if ruling is None:
        raise Http404

    row = _row(ruling, _names([ruling]))

    def run(data: dict[str, Any]) -> str:
        agreed = data["agreed"] == "yes"
        services.second_points(actor=request.actor, ruling=ruling, agreed=agreed, now=clock.now())
        if agreed:
            return f"已同意，{ruling.item} 由 {row.before} 分改为 {row.points} 分，记入台账。请经办重新计算计分表。"
        return "已记下不同意，分数不变。"

    return _page(
        request,
        campaign,
        form=SecondForm(request.POST or None),
        title="确认审定改分",
        button="确认",
        run=run,
        locked=services.second_points.check(actor=request.actor, ruling=ruling, agreed=True) or "",
        notice=again(campaign),
        facts=[
            ("单位、指标", f"{ruling.organisation.short_name}　{ruling.item}"),
            ("改分", f"由 {row.before} 分改为 {row.points} 分（计分表的分，满分 {row.max} 分）"),
            ("提出时填的", row.written),
            ("理由", ruling.reason),
            ("提出", f"{cn_datetime(ruling.at)} {called([ruling.by], on=clock.today())[ruling.by_id]}"),
        ],
    )


def rows(campaign: Campaign) -> list[Row]:
    """Every ruling of the year, newest first."""
    found = list(rulings.rulings(campaign))
    names = _names(found)
    return [_row(one, names) for one in found]


def _names(found: Sequence[Any]) -> Mapping[int, str]:
    """How both persons of each ruling are called."""
    ends = [getattr(one, "end", None) for one in found]
    return called([one.by for one in (*found, *ends) if one is not None], on=clock.today())


def _row(one: rulings.PointsRuling, names: Mapping[int, str]) -> Row:
    """Points before and after on one scale, that of the sheet on which the ruling was proposed."""
    campaign, end = one.campaign, getattr(one, "end", None)
    item = items.item(campaign, one.item)
    most = changes.scale_of(one) or (item.max if item else None)
    return Row(
        one.organisation.short_name,
        one.item,
        changes.before_ruling(one),
        changes.after_ruling(one),
        points(most, 2),
        f"{one.points}（满分 {item.max}）" if item else one.points,
        one.reason,
        names[one.by_id],
        one.at,
        "待确认" if end is None else "同意" if end.agreed else "不同意",
        f"{names[end.by_id]}，{cn_datetime(end.at)}" if end else "",
        "" if end else reverse("desk-ruling-second", args=[campaign.key, one.pk]),
    )


def _actions(actor: Actor, campaign: Campaign) -> tuple[Action, ...]:
    if services.propose_points.check(actor=actor, campaign=campaign):
        return ()  # the page says why
    url = reverse("desk-ruling-new", args=[campaign.key])
    return (Action(label="提请审定改分", url=url, kind="primary"),)


def _scoring(key: OrganisedYear) -> tuple[str, str]:
    return ("评分", reverse("desk-scoring-room-year", args=[key]))


def _page(request: SignedIn, campaign: Campaign, *, title: str, **more: Any) -> HttpResponse:
    back = reverse("desk-rulings", args=[campaign.key])
    where = crumbs(campaign, _scoring(campaign.key), ("审定改分", back), title)
    return act_page(request, title=title, crumbs=where, back=back, **more)
