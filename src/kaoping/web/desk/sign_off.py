"""The second person's signature on the latest sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import ledger
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services.sign_off import sign_off
from kaoping.reporting import board
from kaoping.support import clock
from kaoping.web.desk.board import gates_of, way_of
from kaoping.web.desk.years import campaign_of, crumbs, require
from kaoping.web.ui.requests import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def of_year(request: SignedIn, year: int) -> HttpResponse:
    """Conditions, what is being signed, and the year typed in."""
    campaign = campaign_of(year)
    require(policy.can_see_sheet(request.actor), "签发由第二签发人办理。")
    now = clock.now()
    error = ""
    if request.method == "POST":
        try:
            sign_off(
                actor=request.actor,
                campaign=campaign,
                typed_year=request.POST.get("confirm_year", ""),
                now=now,
            )
        except Refused as refused:
            error = str(refused)
        else:
            then = "在“发布”点“冻结”" if corrections.under_way(campaign) else "进入“签发冻结”阶段，生成发布包"
            messages.success(request, f"计分表已签发。下一步由经办{then}。")
            return redirect("desk-sign-off", year)
    correction = corrections.under_way(campaign)
    sheet = corrections.sheet_of(correction) if correction else sheets.latest(campaign)
    signed = sheets.sign_off_of(sheet) if sheet else None
    title = _title(campaign, sheet, signed, correction)
    rows = sheets.all_rows(sheet) if sheet else []
    context = {
        "title": title,
        "has_errors": bool(error),
        "campaign": campaign,
        "head": {
            "title": title,
            "crumbs": crumbs(campaign, ("评分", reverse("desk-scoring-room-year", args=[year])), "签发"),
            "basis": {
                "n": f"{len(rows)} 个单位",
                "as_of": sheet.as_of,
                "rubric": f"{campaign.rulebook.title} {campaign.rulebook.version}",
                "digest": sheet.digest,
            }
            if sheet
            else None,
        },
        "error": error,
        "strip": {
            "totals": [row.summary["total"] for row in rows if row.summary["total"] is not None],
            "bands": board.bands(campaign, rows),
        }
        if rows
        else None,
        "sign": _sign(request, campaign, sheet, signed, error, now, correction),
        "correction": correction,
        "withdrawals": ledger.withdrawals(campaign, sheet) if sheet else [],
    }
    return render(request, "desk/sign_off.html", context, status=409 if error else 200)


def _title(campaign: Any, sheet: Any, signed: Any, correction: Any) -> str:
    name = "更正计分表" if correction else "计分表"
    if sheet is None:
        return f"还没有{name}，|不能签发"
    if signed is not None:
        return f"{campaign.year} 年度{name}|已由第二人签发"
    return f"{campaign.year} 年度{name}|等第二人签发"


def _sign(
    request: SignedIn, campaign: Any, sheet: Any, signed: Any, error: str, now: Any, correction: Any
) -> dict[str, Any]:
    made: dict[str, Any] = {"title": "签发", "label": "签发", "digest": sheet.digest if sheet else ""}
    prepared = sheet.prepared_by.name if sheet and sheet.prepared_by else ""
    if signed is not None:
        return made | {
            "signed": [
                {"role": "经办", "name": signed.prepared_by.name, "state": "done", "words": "已计算"},
                {"role": "第二签发人", "name": signed.signed_by.name, "state": "done", "at": signed.at},
            ]
        }
    made["signed"] = [
        {
            "role": "经办",
            "name": prepared or "没有",
            "state": "done" if prepared else "now",
            "words": "已计算" if prepared else "等计算",
        },
        {"role": "第二签发人", "name": "还没有签", "state": "now" if prepared else "next"},
    ]
    if correction is not None:
        return made | _correcting(request, campaign, correction, error)
    lacks = [
        one
        for one in campaigns.missing(campaign, now=now)
        if "第二人签发" not in one.what and "期限" not in one.what
    ]
    if campaign.stage != stages.APPEALS:
        reason = f"签发在“{stages.LABELS[stages.APPEALS]}”阶段的最后办理，现在是“{stages.LABELS[campaign.stage]}”。"
        return made | {"disabled": True, "locked": {"label": "签发", "disabled": reason}}
    made["gates"] = [
        one
        for one in gates_of(campaign.stage, lacks, campaign.year)
        if one["label"] not in ("第二人签发", "复核申请期限届满")
    ]
    if lacks:
        reason = f"还有 {len(lacks)} 个条件没有具备，见上面。"
        return made | {"disabled": True, "locked": {"label": "签发", "disabled": reason}}
    if not policy.can_sign_off(request.actor):
        reason = "签发由第二签发人办理，不能由经办自己签发。"
        return made | {"disabled": True, "locked": {"label": "签发", "disabled": reason}}
    return made | {
        "url": reverse("desk-sign-off", args=[campaign.year]),
        "year": campaign.year,
        "error": error,
    }


def _correcting(request: SignedIn, campaign: Any, correction: Any, error: str) -> dict[str, Any]:
    """The signature on the sheet of a correction: its own conditions, the same second person and typed year."""
    lacks = [one for one in corrections.missing(correction) if "签发" not in one.what]
    gates = [
        {
            "label": one.what,
            "met": False,
            "note": f"由{one.who}办理：{one.how}。",
            "url": way_of(one, campaign.year),
            "link": "去办理",
        }
        for one in lacks
    ] or [{"label": "更正计分表按最新记录，与已公开的不同，每一格有依据", "met": True}]
    words = f"还有 {len(lacks)} 个条件没有具备，见上面。" if lacks else ""
    if not words and not policy.can_sign_off(request.actor):
        words = "签发由第二签发人办理，不能由经办自己签发。"
    if words:
        return {"gates": gates, "disabled": True, "locked": {"label": "签发", "disabled": words}}
    return {
        "gates": gates,
        "url": reverse("desk-sign-off", args=[campaign.year]),
        "year": campaign.year,
        "error": error,
    }
