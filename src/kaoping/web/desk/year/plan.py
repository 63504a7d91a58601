"""The plan of a year: 要点, rulebook, units, timetable, reviewers, level of publication, and how far its approval is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.accounts.actor import Actor
from kaoping.calendars import WorkingCalendar
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stage_days, stages
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import items, period
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import plan as plan_verbs
from kaoping.campaigns.services.stages import move_stage
from kaoping.registry.logic import KINDS
from kaoping.registry.policy import can_see_register
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.provenance import is_open
from kaoping.scoring.rubric import Indicator
from kaoping.standards import queries as standards
from kaoping.support import clock
from kaoping.web.desk.signatures import strip_of
from kaoping.web.desk.year import plan_void
from kaoping.web.desk.years import campaign_of, crumbs, latest, require
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import PROVISIONAL, cn_date
from kaoping.workdays.queries import calendar

current = latest("desk-plan-year", stages.PLAN)


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage's planned days: which of them rests, from where they were moved, and where they can be moved."""

    label: str
    first: date
    last: date
    rests: str
    moved: str
    url: str


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The whole plan on one page."""
    campaign = campaign_of(key)
    require(policy.can_see_campaign(request.actor, key))
    rows = campaigns.participations(campaign)
    if "format" in request.GET:
        return download(_file(campaign, rows), request.GET["format"])
    state = campaigns.approval_state(campaign, "plan")
    asked = {"actor": request.actor, "campaign": campaign}
    may_change = plan_verbs.set_priorities.check(**asked) is None
    linked = can_see_register(request.actor)
    leaves = items.items(campaign)
    assigned = {row.reviewer.name for row in reviews.assignments(campaign) if not row.recused}
    title = _title(campaign, state)
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, "年度方案"),
            basis=Basis(rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}", as_of=clock.now()),
            actions=(
                Action(label="方案呈批", url=reverse("desk-approval", args=[key, "plan"]), kind="primary"),
                *plan_void.actions(request.actor, campaign),
            ),
        ),
        "locked": plan_verbs.set_priorities.hindrance(campaign=campaign),
        "may_change": may_change,
        "priorities": _priorities(campaign, leaves),
        "rulebook": _rulebook(campaign, leaves),
        "kinds": _kinds(rows),
        "table": paged_table(
            columns=["单位", "代码", "类别", "是否参评", "分组", "理由", *(["操作"] if may_change else [])],
            rows=rows,
            cells=lambda row: _cells(row, key, may_change=may_change, linked=linked),
            params=request.GET,
            caption="本年度单位",
            empty="还没有选定参评单位。从名录里按类别选，选后逐家可改。",
        ),
        "timetable": campaigns.TIMETABLES.get(campaign.timetable, "没有选定"),
        "window": period.period(campaign) if campaign.timetable else None,
        "stages": _stages(request.actor, campaign),
        "reviewers": sorted(assigned),
        "level": campaigns.PUBLICATION_LEVELS[campaign.publication_level],
        "strip": strip_of(state),
    }
    return render(request, "desk/year/plan.html", context)


def columns_of(campaign: Campaign) -> list[Indicator]:
    """Every indicator of the year's rulebook, parents too."""
    return list(standards.rulebook_of(campaign.rulebook_id).rubric.walk())


def _title(campaign: Campaign, state: campaigns.ApprovalState) -> str:
    assessed = sum(campaigns.group_counts(campaign).values())
    if campaign.stage != "plan":
        return f"{campaign.year} 年度方案已批准，|{assessed} 家单位参评"
    lacks = [
        words
        for words, there in (
            ("要点", campaigns.priorities(campaign).exists()),
            ("参评单位", assessed),
            ("时间安排", campaign.timetable),
        )
        if not there
    ]
    if lacks:
        return f"方案还缺{'、'.join(lacks)}"
    if state.next_label:
        return f"方案已填好，|等{state.next_label}签批"
    return "方案已签批，|" + ("可以进入平时考核" if state.scan else "待经办附签字扫描件")


def _priorities(campaign: Campaign, leaves: Sequence[Item]) -> list[dict[str, Any]]:
    names = {node.code: node.name for node in columns_of(campaign)}
    return [
        {"text": row.text, "item": row.item, "item_name": names.get(row.item, "")}
        for row in campaigns.priorities(campaign)
    ]


def _rulebook(campaign: Campaign, leaves: Sequence[Item]) -> dict[str, Any]:
    adoption = campaigns.adoption_of(campaign)
    return {
        "adoption": adoption,
        "name": f"{campaign.rulebook.title} {campaign.rulebook.version}",
        "url": reverse("desk-rulebook", args=[campaign.rulebook_id]),
        "leaves": len(leaves),
        "unverified": sum(is_open(one.confidence, adoption) for one in leaves),
        "adopted_at": campaign.rulebook.adopted_at,
        "adopted_by": campaign.rulebook.adopted_by,
        "digest": campaign.rulebook.digest,
    }


def _kinds(rows: QuerySet[campaigns.Participation]) -> list[dict[str, Any]]:
    pairs = rows.values_list("organisation__kind", "participates")
    counts: Mapping[tuple[str, bool], int] = Counter(pairs)
    return [
        {"label": name, "yes": counts.get((kind, True), 0), "no": counts.get((kind, False), 0)}
        for kind, name in KINDS.items()
        if counts.get((kind, True), 0) + counts.get((kind, False), 0)
    ]


def _stages(actor: Actor, campaign: Campaign) -> list[StageRow]:
    dates, planned = period.stage_dates(campaign), period.planned_dates(campaign)
    days, told = calendar(clock.now()), period.told_dates(campaign)
    return [
        StageRow(
            campaigns.STAGE_LABELS[stage],
            *told[stage],
            _rests(told[stage], days),
            _moved(planned[stage], dates[stage]),
            ""
            if move_stage.check(actor=actor, campaign=campaign, stage=stage)
            else reverse("desk-plan-stage", args=[campaign.key, stage]),
        )
        for stage in campaigns.STAGES
        if stage in dates
    ]


def _rests(span: tuple[date, date], days: WorkingCalendar) -> str:
    """Which of a stage's two days rests, and on what that rests; '' when both work."""
    found = []
    for label, day in zip(("首日", "末日"), span, strict=True):
        words = stage_days.rest_words(day, days)
        if words:
            mark = f"，{PROVISIONAL}" if days.rests_on_provisional(day) else ""
            found.append(f"{label}不上班（{words}{mark}）")
    return "，".join(found)


def _moved(planned: tuple[date, date], span: tuple[date, date]) -> str:
    if planned == span:
        return ""
    return f"方案原定 {cn_date(planned[0])}至{cn_date(planned[1])}"


def _cells(
    row: campaigns.Participation, key: OrganisedYear, *, may_change: bool, linked: bool
) -> list[Value]:
    organisation = row.organisation
    cells: list[Value] = [
        Cell(
            text=organisation.short_name,
            url=reverse("desk-organisation", args=[organisation.code]) if linked else "",
        ),
        Cell(text=organisation.code, mono=True),
        KINDS.get(organisation.kind, organisation.kind),
        "参评" if row.participates else "不参评",
        row.group or "—",
        row.reason or "—",
    ]
    if may_change:
        url = reverse("desk-plan-unit", args=[key, organisation.code])
        cells.append(Cell(actions=(Action(label="改", url=url, small=True),)))
    return cells


def _file(campaign: Campaign, rows: QuerySet[campaigns.Participation]) -> Table:
    return Table(
        f"{campaign.year} 年度考核单位",
        ["代码", "单位", "类别", "参评", "分组", "不参评理由"],
        [
            [
                row.organisation.code,
                row.organisation.name,
                KINDS.get(row.organisation.kind, row.organisation.kind),
                row.participates,
                row.group,
                row.reason,
            ]
            for row in rows
        ],
        [f"规则集 {campaign.rulebook.title} {campaign.rulebook.version}；截至 {clock.today().isoformat()}。"],
    )
