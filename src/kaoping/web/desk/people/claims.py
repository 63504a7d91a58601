"""Claims 不涉及 of all units, and the decision of one: a claim never moves a point, only a decision does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.queries import items, lists
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries.lists import ClaimRow
from kaoping.campaigns.services import applicability
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.years import act_page, campaign_of, crumbs, require
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download


@require_safe
def claims(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Claims 不涉及, undecided first; a claim never moves a point, only a decision does."""
    campaign = campaign_of(key)
    require(policy.can_see_campaign(request.actor, key))
    rows = lists.claims(campaign)
    if "format" in request.GET:
        return download(_file(key, rows), request.GET["format"])
    left = self_reviews.undecided_count(campaign)
    title = f"还有 {left} 项“不涉及”|待审定" if left else "“不涉及”都已审定"
    names = {one.code: one.title for one in items.items(campaign)}
    may_decide = policy.can_decide_claim(request.actor, key)
    context = {
        "title": title,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, ("自查", reverse("desk-self-reviews-year", args=[key])), "不涉及"),
            lead="认定不涉及的，分值分到其他各项；不认定的，照常计分。单位的申请本身不动分。",
        ),
        "table": paged_table(
            columns=["单位", "指标", "单位的理由", "材料", "审定", "审定的理由"],
            rows=rows,
            cells=lambda row: _cells(row, names, key, may_decide=may_decide),
            params=request.GET,
            caption="申请不涉及",
            empty="没有单位申请不涉及。",
        ),
    }
    return render(request, "desk/people/claims.html", context)


class ClaimForm(forms.Form):
    """Accept or not, with the reason that the unit will see."""

    accepted = forms.ChoiceField(
        label="审定",
        choices=[("yes", "认定不涉及"), ("no", "不认定，照常计分")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选认定或不认定。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="单位会看到。",
        error_messages={"required": "审定要写明理由，单位会看到。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedIn, key: OrganisedYear, answer_id: int) -> HttpResponse:
    """Decide one claim."""
    campaign = campaign_of(key)
    require(policy.can_see_campaign(request.actor, key))
    answer = self_reviews.answer_by_id(answer_id)
    if answer is None or answer.self_review.campaign_id != campaign.pk:
        raise Http404
    unit = answer.self_review.organisation
    found = items.item(campaign, answer.item)
    locked = applicability.decide_claim.check(actor=request.actor, answer=answer) or ""

    def run(data: dict[str, Any]) -> str:
        applicability.decide_claim(
            actor=request.actor,
            answer=answer,
            accepted=data["accepted"] == "yes",
            reason=data["reason"],
            now=clock.now(),
        )
        return f"{unit.short_name} {answer.item} 已审定。"

    back = reverse("desk-claims", args=[key])
    title = f"{unit.short_name} {answer.item}：是否不涉及"
    return act_page(
        request,
        form=ClaimForm(request.POST or None),
        title=title,
        crumbs=crumbs(campaign, ("不涉及", back), f"{unit.short_name} {answer.item}"),
        button="审定",
        run=run,
        back=back,
        locked=locked,
        facts=[
            ("指标", f"{answer.item} {found.title if found else ''}"),
            ("单位的理由", answer.text or "没有写"),
            ("指标依据", found.legal_basis if found else ""),
        ],
    )


def _cells(row: ClaimRow, names: dict[str, str], key: OrganisedYear, *, may_decide: bool) -> list[Value]:
    return [
        row.short_name,
        f"{row.item} {names.get(row.item, '')}",
        row.text or "—",
        f"{row.files} 件",
        _ruled(row, reverse("desk-claim", args=[key, row.id]), may_decide=may_decide),
        "—" if row.accepted is None else row.reason,
    ]


def _ruled(row: ClaimRow, url: str, *, may_decide: bool) -> Value:
    if row.accepted is not None:
        return Cell(text="认定" if row.accepted else "不认定", chip="soft" if row.accepted else "line")
    return Cell(actions=(Action(label="审定", url=url, small=True),)) if may_decide else "待审定"


def _file(key: OrganisedYear, rows: Iterable[ClaimRow]) -> Table:
    return Table(
        f"{key.year} 年度申请不涉及",
        ["代码", "单位", "指标", "单位的理由", "审定", "审定的理由"],
        [
            [
                row.unit,
                row.short_name,
                row.item,
                row.text,
                "待审定" if row.accepted is None else "认定" if row.accepted else "不认定",
                row.reason,
            ]
            for row in rows
        ],
    )
