"""A year made by mistake: voided with a reason, kept in the list of voided years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Actor
from kaoping.accounts.doors import somewhere
from kaoping.campaigns import policy
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import setting_up
from kaoping.evidence.logic import MIN_REASON
from kaoping.rectification.queries import served_in
from kaoping.reporting import board
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.years import YearForm, act_page, campaign_of, crumbs, require
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Crumb, Head
from kaoping.web.ui.parts.table import table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime

ONLY_HANDLER: Final = "年度由政务公开办经办作废。"


@dataclass(frozen=True, slots=True)
class Voided:
    """A voided year as the list shows it."""

    year: int
    title: str
    by: str
    at: datetime
    reason: str


class VoidForm(YearForm):
    """Why the year was a mistake, and the year typed in; ``campaign`` tells it from another of the same year made since."""

    campaign = forms.CharField(required=False, widget=forms.HiddenInput)

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=f"至少 {MIN_REASON} 个字，如：年份填错。作废的年度列出这条理由。",
        error_messages={"required": "请写明理由。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Void the year."""
    require(policy.can_plan(request.actor, key), ONLY_HANDLER)
    gone = _gone(key, request.POST.get("campaign", ""))
    if gone is not None:
        return _already(request, gone)
    campaign = campaign_of(key)
    now = clock.now()
    given: dict[str, Any] = {"poll_state": board.poll_state(key, now), "orders": served_in(key)}

    def run(data: dict[str, Any]) -> str:
        setting_up.void_campaign(
            actor=request.actor,
            campaign=campaign,
            reason=data["reason"],
            now=now,
            **given,
        )
        return f"{key.year} 年度考核已作废。"

    title = f"作废 {key.year} 年度考核"
    return act_page(
        request,
        form=VoidForm(request.POST or None, year=key.year, initial={"campaign": campaign.pk}),
        title=title,
        crumbs=crumbs(campaign, ("年度方案", reverse("desk-plan-year", args=[key])), "作废"),
        button="作废",
        run=run,
        back=reverse("desk-plan-voided"),
        locked=setting_up.void_campaign.check(actor=request.actor, campaign=campaign, **given) or "",
        notice="作废后，各页不再出现这个年度，同一年份可以重新建立；方案、签批和日志都保留，不删除。",
        danger=True,
    )


def _gone(key: OrganisedYear, meant: str) -> Campaign | None:
    """The voided campaign that the form speaks of: the one it was made for, else the last when none of the year stands."""
    rows = [one for one in campaigns.voided() if one.key == key]
    found = next((one for one in rows if str(one.pk) == meant), None)
    return found or (rows[0] if rows and campaigns.of(key) is None else None)


def _already(request: SignedIn, gone: Campaign) -> HttpResponse:
    title = f"作废 {gone.year} 年度考核"
    return act_page(
        request,
        form=VoidForm(None, year=gone.year),
        title=title,
        crumbs=(Crumb(label="作废的年度", url=reverse("desk-plan-voided")), Crumb(label=title)),
        button="作废",
        run=lambda _data: "",
        back=reverse("desk-plan-voided"),
        locked=campaigns.voided_already(gone) or "",
    )


@require_safe
def voided(request: SignedIn) -> HttpResponse:
    """Every voided year with its reason."""
    actor = request.actor
    require(somewhere(policy.can_see_campaign, actor))
    rows = [
        Voided(one.year, one.title, one.voided_by.name, one.voided_at, one.void_reason)
        for one in campaigns.voided()
        if one.voided_at and one.voided_by and policy.can_see_campaign(actor, one)
    ]
    title = f"作废的年度：|{len(rows)} 个" if rows else "没有作废的年度"
    context = {
        "title": title,
        "head": Head(
            title=title,
            crumbs=(Crumb(label="年度看板", url=reverse("desk-board")), Crumb(label="作废的年度")),
        ),
        "table": table_of(
            caption="作废的年度一览",
            columns=["年度", "标题", "作废时间", "办理人", "理由"],
            rows=[[str(one.year), one.title, cn_datetime(one.at), one.by, one.reason] for one in rows],
            empty="年份填错等误建的年度，在“年度方案”点“作废”，列在这里。",
            fold=True,
        ),
    }
    return render(request, "desk/year/plan_voided.html", context)


def actions(actor: Actor, campaign: Campaign) -> tuple[Action, ...]:
    """The way to void a year, where it is still open, and to the years that were voided."""
    made = []
    poll_state, orders = board.poll_state(campaign.key, clock.now()), served_in(campaign.key)
    asked = {"actor": actor, "campaign": campaign, "poll_state": poll_state, "orders": orders}
    if setting_up.void_campaign.check(**asked) is None:
        made.append(Action(label="作废", url=reverse("desk-plan-void", args=[campaign.key])))
    if campaigns.voided().exists():
        made.append(Action(label="作废的年度", url=reverse("desk-plan-voided")))
    return tuple(made)
