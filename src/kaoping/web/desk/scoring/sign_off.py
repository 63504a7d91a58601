"""The second person's signature on the latest sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.campaigns import policy
from kaoping.campaigns.logic import sign_off as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import ledger as years
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries import sign_off as signing
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services.sign_off import sign_off
from kaoping.publication import standing
from kaoping.registry.queries import called
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.distribution import bands_of
from kaoping.web.desk.scoring import rulings
from kaoping.web.desk.years import campaign_of, crumbs, require
from kaoping.web.ui.parts.case import ApprovalStep
from kaoping.web.ui.parts.form import SignOff
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.lists import Gate
from kaoping.web.ui.parts.score import DistributionStrip
from kaoping.web.ui.parts.table import Cell, Column, DataTable, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import cn_datetime


@require_http_methods(["GET", "HEAD", "POST"])
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Conditions, what is being signed, and the year typed in."""
    campaign = campaign_of(key)
    require(policy.can_see_sheet(request.actor, key), "签发由第二签发人办理。")
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
            return redirect("desk-sign-off", key)
    correction = corrections.under_way(campaign)
    # After the publication there is nothing to sign but a correction: shown is the sheet that counts.
    settled = campaign.stage == stages.PUBLISHED and correction is None
    sheet = standing.counting(campaign) if settled else signing.sheet_to_sign(campaign)
    signed = sheets.sign_off_of(sheet) if sheet else None
    title = _title(campaign, sheet, signed, correction)
    rows = sheets.all_rows(sheet) if sheet else []
    ruled = rulings.rows(campaign)
    context = {
        "title": title,
        "has_errors": bool(error),
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, ("评分", reverse("desk-scoring-room-year", args=[key])), "签发"),
            basis=Basis(
                n=f"{len(rows)} 个单位",
                as_of=sheet.as_of,
                rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}",
                digest=sheet.digest,
            )
            if sheet
            else None,
        ),
        "error": error,
        "strip": DistributionStrip(
            totals=[total for row in rows if (total := sheets.total_of(row.summary)) is not None],
            bands=bands_of(campaign, rows),
        )
        if rows
        else None,
        "sign": _sign(request, campaign, sheet, signed, error, now),
        "withdrawal": withdrawal_notice(key),
        "changed": _changed_since(campaign, signed, now),
        "correction": correction,
        "rulings": ruled,
        "rulings_table": rulings.table(ruled),
        "withdrawals": _withdrawals(years.withdrawals(campaign, sheet) if sheet else []),
    }
    return render(request, "desk/scoring/sign_off.html", context, status=409 if error else 200)


def _withdrawals(rows: Sequence[years.Withdrawal]) -> DataTable:
    return table_of(
        caption="上次签发以来撤回的记录",
        columns=[
            "单位",
            "指标",
            "撤回的是",
            "经",
            "办理人",
            "时间",
            Column("撤回前得分", num=True),
            Column("本表得分", num=True),
            "理由",
        ],
        rows=[
            [
                one.unit,
                one.item,
                Cell(text=one.source, url=reverse("desk-observation", args=[one.uid])),
                one.act,
                one.by,
                cn_datetime(one.at),
                "没有算过" if one.before is None else one.before,
                "—" if one.after is None else one.after,
                one.reason,
            ]
            for one in rows
        ],
        fold=True,
    )


def _title(
    campaign: Campaign,
    sheet: sheets.Sheet | None,
    signed: sheets.SignOff | None,
    correction: corrections.Correction | None,
) -> str:
    name = "更正计分表" if correction else "计分表"
    if sheet is None:
        return f"还没有{name}，|不能签发"
    if signed is not None:
        return f"{campaign.year} 年度{name}|已由第二人签发"
    return f"{campaign.year} 年度{name}|待第二人签发"


def _lapsed(campaign: Campaign, signed: sheets.SignOff | None, now: datetime) -> list[logic.Condition]:
    """Conditions that a signature given before the freezing no longer meets."""
    if signed is None or campaign.stage != stages.APPEALS:
        return []
    return [one for one in logic.conditions(signing.facts(campaign, now)) if one.words]


def _changed_since(campaign: Campaign, signed: sheets.SignOff | None, now: datetime) -> str:
    """What happened since the last signature, in words; empty for nothing."""
    if _lapsed(campaign, signed, now):
        return logic.LAPSED
    return logic.OVERTAKEN if signing.overtaken(campaign) else ""


def _maker(sheet: sheets.Sheet | None) -> tuple[str, str]:
    """In which role the sheet was prepared and what was done: a decision on an appeal computes one, too."""
    return ("复核人", "已决定复核并计算") if sheet and sheet.occasion == "appeal" else ("经办", "已计算")


def _signatures(sheet: sheets.Sheet | None, signed: sheets.SignOff | None) -> tuple[ApprovalStep, ...]:
    """Who computed the sheet and who signed it; whoever is still awaited."""
    role, words_of_maker = _maker(sheet)
    if signed is not None:
        names = called([signed.prepared_by, signed.signed_by], on=clock.today())
        return (
            ApprovalStep(role, "done", names[signed.prepared_by_id], said=words_of_maker),
            ApprovalStep("第二签发人", "done", names[signed.signed_by_id], signed.at),
        )
    maker = sheet.prepared_by if sheet else None
    prepared = called([maker], on=clock.today())[maker.pk] if maker else ""
    return (
        ApprovalStep(
            role,
            "done" if prepared else "now",
            prepared or "没有",
            said=words_of_maker if prepared else "待计算",
        ),
        ApprovalStep("第二签发人", "now" if prepared else "next", "还没有签"),
    )


def _sign(
    request: SignedIn,
    campaign: Campaign,
    sheet: sheets.Sheet | None,
    signed: sheets.SignOff | None,
    error: str,
    now: datetime,
) -> SignOff:
    """The two signatures, what is still lacking, and the field for the year where nothing is."""
    made = SignOff("签发", "签发", digest=sheet.digest if sheet else "", signed=_signatures(sheet, signed))
    if signed is not None:
        lapsed = _lapsed(campaign, signed, now)
        return replace(made, gates=tuple(_gate(one, campaign.key, correction=False) for one in lapsed))
    facts = signing.facts(campaign, now)
    gates = logic.conditions(facts) if logic.is_time(facts) else []
    lacks = [one for one in gates if one.words]
    made = replace(made, gates=tuple(_gate(one, campaign.key, correction=facts.correction) for one in gates))
    if lacks:
        return replace(made, locked=f"还有 {len(lacks)} 个条件没有具备，见上面。")
    asked = {"actor": request.actor, "campaign": campaign, "now": now}
    early = None if gates else sign_off.hindrance(**asked)  # the stage says more than who signs
    if words := early or sign_off.check(**asked):
        return replace(made, locked=words)
    return replace(made, url=reverse("desk-sign-off", args=[campaign.key]), year=campaign.year, error=error)


def _gate(one: logic.Condition, key: OrganisedYear, *, correction: bool) -> Gate:
    """A condition as the list shows it, with the way to the screen that its words name."""
    if one.words is None:
        return Gate(label=one.label, met=True)
    about_appeals = "“复核”" in one.words or "复核申请" in one.label
    name = "desk-appeals-year" if about_appeals else "desk-scoring-room-year"
    if correction:
        name = "desk-correction"
    return Gate(
        label=one.label,
        met=False,
        note=one.words,
        url=reverse(name, args=[key]),
        link="打开看",
    )
