"""The appeals desk: every 复核申请, its state, and one of them with what was decided. Deciding is the decider's own screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.beijing import day_of, deadline_day
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.appeal import WITHDRAWN
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import items
from kaoping.campaigns.queries.appeal import Appeal, Filed
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.queries.review import judged_at
from kaoping.evidence.policy import can_see_ledger
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.support.rows import Rows
from kaoping.web.desk.observed import card_of
from kaoping.web.desk.years import campaign_of, crumbs, latest, require
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.table import Cell, Column, DataTable, Value
from kaoping.web.ui.proofs import evidence
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import PROVISIONAL, cn_date, cn_short_date, points, points_moved
from kaoping.workdays.queries import calendar

current = latest("desk-appeals-year", stages.APPEALS)


def _provisional(until: datetime) -> str:
    """The mark of a window that reaches into a year whose arrangement nobody entered."""
    now = clock.now()
    return (
        f"（{PROVISIONAL}）" if calendar(now).rests_on_provisional(day_of(now), deadline_day(until)) else ""
    )


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """All appeals in the order they came; how many were upheld is published."""
    campaign = campaign_of(key)
    require(policy.can_see_appeals(request.actor, key))
    show = request.GET.get("show", "")
    rows = appeal_reads.listed(campaign, open_only=show == "open")
    if "format" in request.GET:
        return download(_file(key, rows), request.GET["format"])
    waiting = appeal_reads.open_count(campaign)
    counts = appeal_reads.outcome_counts(campaign)
    total = waiting + sum(counts.values())
    title = (
        f"{waiting} 件复核申请|待决定"
        if waiting
        else f"{total} 件复核申请|都已办结"
        if total
        else "还没有复核申请"
    )
    names = {one.code: one.title for one in items.items(campaign)}
    until = campaign.appeals_close_at
    context = {
        "title": title,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, "复核"),
            basis=Basis(
                n=f"{total} 件",
                extra=tuple(f"{label} {counts.get(key, 0)}" for key, label in appeal_reads.OUTCOMES.items()),
            ),
            lead=f"单位可以申请到 {cn_date(deadline_day(until))} 24:00{_provisional(until)}。"
            if until and clock.now() < until
            else "",
        ),
        "show": show,
        "table": _table(request, key, rows, names),
    }
    return render(request, "desk/people/appeals.html", context)


def _table(request: SignedIn, key: OrganisedYear, rows: Rows[Filed], names: dict[str, str]) -> DataTable:
    return paged_table(
        columns=[
            "编号",
            "单位",
            "指标",
            "申请日",
            Column("申请时得分", num=True),
            Column("复核后", num=True),
            "结果",
            "决定人",
        ],
        rows=rows,
        cells=lambda row: _cells(row, key, names),
        params=request.GET,
        caption="复核申请",
        empty="没有复核申请。结果预览后，单位可以逐项申请。",
    )


@require_safe
def one(request: SignedIn, key: OrganisedYear, appeal_id: int) -> HttpResponse:
    """One appeal: claim and evidence beside what is stored."""
    campaign = campaign_of(key)
    require(policy.can_see_appeals(request.actor, key))
    appeal = appeal_reads.by_id(appeal_id)
    if appeal is None or appeal.campaign_id != campaign.pk:
        raise Http404
    files = can_see_ledger(request.actor, key)
    found = items.item(campaign, appeal.item)
    basis = appeal_reads.basis(appeal)
    judged = judged_at(row.id for row in (basis.observations if basis else ()))
    outcome = appeal_reads.OUTCOMES.get(appeal.outcome, "待决定")
    title = f"{appeal.organisation.short_name} {appeal.item} 复核：|{outcome}"
    artefacts = evidence([appeal], lambda sha256: reverse("desk-artefact", args=[sha256]) if files else "")
    if not files:
        artefacts = tuple(replace(one, actions=()) for one in artefacts)
    context = {
        "title": title,
        "moved": points_moved(appeal.compared, appeal.points_after) if appeal.decided_points else "",
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, ("复核", reverse("desk-appeals-year", args=[key])), appeal.number),
            actions=_actions(campaign, appeal),
        ),
        "appeal": appeal,
        "outcome": outcome,
        "withdrawn": appeal.outcome == WITHDRAWN,
        "item": found,
        "artefacts": artefacts,
        "basis": basis,
        "cards": [
            card_of(row, found, files=files, judged=judged.get(row.id))
            for row in (basis.observations if basis else ())
        ],
    }
    return render(request, "desk/people/appeal.html", context)


def _actions(campaign: Campaign, appeal: Appeal) -> tuple[Action, ...]:
    room = reverse("desk-scoring-room-year", args=[campaign.key])
    return (
        Action(label="看这一格", url=f"{room}?unit={appeal.organisation.code}&item={appeal.item}#reason"),
    )


def _cells(row: Filed, key: OrganisedYear, names: dict[str, str]) -> list[Value]:
    tone = {"upheld": "soft", "partly": "soft"}.get(row.outcome, "line" if row.outcome else "cau")
    return [
        Cell(text=row.number, url=reverse("desk-appeal", args=[key, row.id])),
        row.short_name,
        f"{row.item} {names.get(row.item, '')}",
        cn_short_date(row.filed_at),
        points(row.points_before),
        points(row.decided_points) if row.decided_points else "—",
        Cell(text=appeal_reads.OUTCOMES.get(row.outcome, "待决定"), chip=tone),
        _decided_by(row),
    ]


def _decided_by(row: Filed) -> Cell | str:
    """Who decided; over an appeal that the unit took back nobody did."""
    if row.decided_at is None:
        return "—"
    if row.outcome == WITHDRAWN:
        return Cell(text="没有决定", note=f"{cn_short_date(row.decided_at)} {row.decided_by}撤回")
    return row.decided_by


def _file(key: OrganisedYear, rows: Iterable[Filed]) -> Table:
    columns = ["编号", "代码", "单位", "指标", "理由", "申请时间", "申请时得分", "决定前得分"]
    columns += ["结果", "复核后", "决定或撤回的说明", "决定或撤回时间"]
    return Table(
        f"{key.year} 年度复核申请",
        columns,
        [
            [
                row.number,
                row.unit,
                row.short_name,
                row.item,
                row.claim,
                row.filed_at,
                row.points_before,
                row.points_standing,
                appeal_reads.OUTCOMES.get(row.outcome, "待决定"),
                row.decided_points,
                row.decision,
                row.decided_at,
            ]
            for row in rows
        ],
    )
