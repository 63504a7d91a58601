"""Move the planned days of one stage later, within the plan, with notice to every assessed unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.campaigns import policy
from kaoping.campaigns.logic import stage_days
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import period
from kaoping.campaigns.services import stages as stage_verbs
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.years import act_page, campaign_of, crumbs, require
from kaoping.web.ui.days import DayField
from kaoping.web.ui.editing import opened_with
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import PROVISIONAL, cn_date
from kaoping.workdays.queries import calendar


class StageForm(forms.Form):
    """The new days and why."""

    first = DayField("首日")
    last = DayField("末日")
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="各参评单位会看到，如：原定末日是星期六。",
        error_messages={"required": "请写明理由，各参评单位会看到。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedIn, key: OrganisedYear, stage: str) -> HttpResponse:
    """The form; earlier or beyond the plan's last day is refused with what has to be done instead."""
    campaign = campaign_of(key)
    require(policy.can_advance(request.actor, key), "阶段日期由政务公开办经办调整。")
    dates = period.stage_dates(campaign)
    if stage not in dates:
        raise Http404
    label, (first, last) = campaigns.STAGE_LABELS[stage], dates[stage]
    end = stage_days.plan_end(period.planned_dates(campaign))
    form = StageForm(request.POST or None, initial={"first": first, "last": last})

    def run(data: dict[str, Any]) -> str:
        stands = stage_verbs.move_stage(
            actor=request.actor,
            campaign=campaign,
            stage=stage,
            first=data["first"],
            last=data["last"],
            reason=data["reason"],
            opened=opened_with(request),
            now=clock.now(),
        )
        if stands == (first, last):
            return f"“{label}”没有改动。"
        told = "" if campaign.stage == "plan" else "各参评单位已收到通知。"
        return f"“{label}”改为 {cn_date(stands[0])}至{cn_date(stands[1])}。{told}"

    days = calendar(clock.now())
    rests = [
        f"{cn_date(day)}不上班：{words}" + (f"（{PROVISIONAL}）" if days.rests_on_provisional(day) else "")
        for day in (first, last)
        if (words := stage_days.rest_words(day, days))
    ]
    limit = f"只能顺延，末日不晚于方案的最后一天 {cn_date(end)}；{stage_days.AMENDMENT}。" if end else ""
    return act_page(
        request,
        form=form,
        title=f"调整“{label}”的日期",
        crumbs=crumbs(campaign, ("年度方案", reverse("desk-plan-year", args=[key])), "调整日期"),
        button="调整",
        run=run,
        back=reverse("desk-plan-year", args=[key]),
        locked=stage_verbs.move_stage.check(actor=request.actor, campaign=campaign, stage=stage) or "",
        notice="。".join([*rests, limit]),
        stored=stage_days.said((first, last)),
    )
