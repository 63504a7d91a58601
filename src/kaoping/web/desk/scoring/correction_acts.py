"""Acts of a correction: open one, write the right points of an item, compute, give it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import items
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import correction as services
from kaoping.campaigns.services.sheet import compute_sheet
from kaoping.publication import policy, standing
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.scoring.correction_steps import WORDS, publication_page
from kaoping.web.desk.years import ReasonForm, act_page, campaign_of, crumbs, require
from kaoping.web.ui.item_points import GENERAL, given_words, scale_words
from kaoping.web.ui.requests import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Open a correction with what was wrong."""
    campaign = campaign_of(key)
    require(policy.can_see_releases(request.actor, key), WORDS)

    def run(data: dict[str, Any]) -> str:
        made = services.open_correction(
            actor=request.actor,
            campaign=campaign,
            reason=data["reason"],
            corrects=standing.counting(campaign),
            now=clock.now(),
        )
        return f"已立第 {made.number} 次更正。下一步在台账更正或撤回记录，再计算更正计分表。"

    locked = services.open_correction.check(actor=request.actor, campaign=campaign) or ""
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = "错在哪里，怎样发现的"
    form.fields["reason"].help_text = "写进更正的数据包，公开显示，不要写个人姓名。"
    return _page(
        request,
        campaign,
        form,
        title=f"更正 {key.year} 年度结果",
        label="立更正",
        run=run,
        locked=locked,
        notice="冻结后不能改分，只能发更正：原来的结果仍可看，标明“已被更正”；更正要重算，由第二人签发，再冻结、公开；改变单位等次的，公开前还要呈批。",
    )


class PointsForm(forms.Form):
    """The right points of one item of one unit, and why."""

    unit = forms.ChoiceField(label="单位", error_messages={"required": "请选单位。"})
    item = forms.ChoiceField(label="指标", error_messages={"required": "请选指标。"})
    points = forms.CharField(
        label="改为多少分",
        max_length=12,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=f"{GENERAL}原来的记录都留着。",
        error_messages={"required": "请填分数。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="写进得分理由，单位和公众看得到。",
        error_messages={"required": "请写明改分的理由。"},
    )

    def __init__(self, *args: Any, units: Any, codes: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, item = str(self.data.get("unit", "")), str(self.data.get("item", ""))
        scale = sheets.scale_of(standing.at_work(campaign), unit, item) if unit and item else None
        chosen = items.item(campaign, item)
        if scale and chosen:  # shown again with what was chosen: the two scales of this very item
            self.fields["points"].help_text = scale_words(chosen, scale)
        self.fields["unit"].choices = [("", "请选"), *units]  # type: ignore[attr-defined]
        self.fields["item"].choices = [("", "请选"), *codes]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def change_points(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Record the right points of one item."""
    campaign = campaign_of(key)
    require(policy.can_see_releases(request.actor, key), WORDS)

    def run(data: dict[str, Any]) -> str:
        services.correct_points(
            actor=request.actor,
            campaign=campaign,
            organisation=data["unit"],
            item=data["item"],
            points=data["points"],
            reason=data["reason"],
            now=clock.now(),
        )
        scale = sheets.scale_of(standing.at_work(campaign), data["unit"], data["item"])
        given = given_words(items.item(campaign, data["item"]), scale, data["points"])
        return f"已记入台账：{data['item']} 改为 {given}。改完以后计算更正计分表。"

    return _page(
        request,
        campaign,
        _points_form(request, campaign),
        title="改一项得分",
        label="记入台账",
        run=run,
        locked=services.correct_points.check(actor=request.actor, campaign=campaign) or "",
        notice="某条记录本来就不该有的，请到台账打开那一条，点“撤回”；这里用来直接写明一项应得多少分。",
    )


def _points_form(request: SignedIn, campaign: Campaign) -> PointsForm:
    return PointsForm(
        request.POST or None,
        units=[
            (row.organisation.code, row.organisation.short_name)
            for row in campaigns.participations(campaign, only=True)
        ],
        codes=[
            (one.code, f"{one.code} {one.title}（满分 {one.max}）")
            for one in items.items(campaign)
            if one.role == "item"
        ],
        campaign=campaign,
    )


@require_POST
def compute(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Compute the corrected sheet from the ledger as it is now."""
    campaign = campaign_of(key)
    require(policy.can_see_releases(request.actor, key), WORDS)
    sheet = compute_sheet(actor=request.actor, campaign=campaign, occasion="correction", now=clock.now())
    messages.success(
        request, f"已计算更正计分表，校验值 {sheet.digest[:8]}……。核对下面的前后对照，再由第二人签发。"
    )
    return redirect("desk-correction", key)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """End the correction without a result."""
    campaign = campaign_of(key)
    require(policy.can_see_releases(request.actor, key), WORDS)

    def run(data: dict[str, Any]) -> str:
        services.drop_correction(
            actor=request.actor, campaign=campaign, reason=data["reason"], now=clock.now()
        )
        return "更正已作罢，已公开的结果不变。"

    return _page(
        request,
        campaign,
        ReasonForm(request.POST or None),
        title="作罢更正",
        label="作罢",
        run=run,
        locked=services.drop_correction.check(actor=request.actor, campaign=campaign) or "",
        notice="作罢不删台账：这次更正记入的记录不该有的，请到台账逐条撤回，否则会计入下一次更正。",
        danger=True,
    )


def _page(
    request: SignedIn,
    campaign: Campaign,
    form: forms.Form,
    *,
    title: str,
    label: str,
    run: Callable[[dict[str, Any]], str],
    locked: str,
    **more: Any,
) -> HttpResponse:
    back = reverse("desk-correction", args=[campaign.key])
    return act_page(
        request,
        form=form,
        title=title,
        crumbs=crumbs(campaign, ("发布", publication_page(campaign.key)), ("更正", back), label),
        button=label,
        run=run,
        back=back,
        locked=locked,
        **more,
    )
