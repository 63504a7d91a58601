"""The year board: what stands in the way of the next gate, the year's rail, progress, and points by unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.accounts.actor import Actor
from kaoping.beijing import day_of
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.publication import queries as publication
from kaoping.publication import standing
from kaoping.registry.scope import Scope
from kaoping.reporting import board, routine
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.distribution import bands_of
from kaoping.web.desk.year import board_news, board_routine, board_seconds, clock_check, stage_return
from kaoping.web.desk.year.board_advance import count_of, label_of, lacks_of, may_see_gate, title_of, way_of
from kaoping.web.desk.year.board_heat import basis_of, file_of, heat_of
from kaoping.web.desk.years import campaign_of, latest, scope_of
from kaoping.web.ui.countdown import countdown
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Deadline, Head
from kaoping.web.ui.parts.lists import Todo
from kaoping.web.ui.parts.score import DistributionStrip
from kaoping.web.ui.parts.year import Band, CycleRail, Station
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_short_date
from kaoping.workdays import logic as workdays
from kaoping.workdays.policy import can_enter_calendar
from kaoping.workdays.queries import asked_year, calendar

current = latest("desk-board-year", stages.ROUTINE)


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The board of one year; a branch sees its own units, and points only from the preview on."""
    campaign = campaign_of(key)
    units = scope_of(request.actor, campaign)
    seen, now = Scope(key.organiser, None if units is None else frozenset(units)), clock.now()
    shown = units is None or stages.reached(campaign.stage, stages.PREVIEW)
    sheet = standing.counting(campaign) if shown else None
    rows = sheets.all_rows(sheet, units=units) if sheet else []
    standings = routine.standings(now=now, scope=seen)
    if "format" in request.GET:
        return download(file_of(campaign, rows, sheet, standings), request.GET["format"])
    lacks = lacks_of(campaign, now, release=publication.is_frozen(campaign))
    stations = board.stations(campaign)
    before_sheet = sheets.previous(sheet) if sheet else None
    before = sheets.all_rows(before_sheet, units=units) if before_sheet else []
    doubt = clock_check.todo(now, linked=units is None)
    seconds = board_seconds.tasks(request.actor, key)
    most = max(3, bool(doubt) + len(seconds))  # what nobody else can do is not folded away
    todo = [
        *([doubt] if doubt else []),
        *seconds,
        *(_asked_calendar(request, now) if units is None else []),
        *board_routine.stuck_task(routine.stuck_sites(now=now, scope=seen), linked=units is None),
        *board_routine.questions_task(routine.waiting_for_office(seen), linked=units is None),
        *(_todo(one, key, request.actor, linked=units is None) for one in lacks if not one.waits),
    ]
    context = {
        "title": title_of(campaign, lacks),
        "campaign": campaign,
        "head": Head(
            title=title_of(campaign, lacks),
            crumbs=(Crumb(label="年度看板"),),
            basis=Basis(
                n=f"{len(rows) or sum(campaigns.group_counts(campaign).values())} 个参评单位",
                as_of=now,
                rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}",
            ),
            actions=_actions(request, campaign),
        ),
        "notices": board_routine.notices(campaign, office=units is None),
        "deadline": _deadline(stations, now),
        "rail": _rail(campaign, lacks, stations, board_routine.band(routine.band(campaign, scope=seen))),
        "next_date": "".join([*_not_yet(lacks), _next_date(campaign, stations)]),
        "todo": todo,
        "no_todo": _no_todo(campaign, lacks),
        "most": most,
        "more": max(len(todo) - most, 0),
        "gate": reverse("desk-advance", args=[key]) if may_see_gate(request, campaign) else "",
        "progress": board.progress(campaign, rows, units=units),
        "strip": _strip(campaign, rows) if rows else None,
        "sheet": sheet,
        "heat": heat_of(campaign, rows, before, standings, request) if rows else None,
        "waiting": "" if shown else "得分从“结果预览”起可以看到。",
        "edges": board.heat_edges(campaign),
        "basis": basis_of(campaign, sheet, rows, before_sheet),
        "troubles": board_routine.troubles(*routine.troubles(now=now, scope=seen)),
        "news": board_news.card(request.actor, key, now=now, sheet=sheet, rows=rows, before=before)
        if units is None and board_news.may_see(request.actor, key)
        else None,
        "years": campaigns.others(key),
        "may_plan": policy.can_plan(request.actor, key),
    }
    return render(request, "desk/year/board.html", context)


def _actions(request: SignedIn, campaign: Campaign) -> tuple[Action, ...]:
    if not may_see_gate(request, campaign):
        return ()
    made = [Action(label="年度方案", url=reverse("desk-plan-year", args=[campaign.key]), icon="list")]
    following = campaigns.next_stage(campaign)
    if following:
        label, gate = stages.LABELS[following], reverse("desk-advance", args=[campaign.key])
        if policy.can_advance(request.actor, campaign):
            made.append(Action(label=f"进入“{label}”", url=gate, kind="primary"))
        else:
            made.append(Action(label=f"“{label}”的条件", url=gate))
    if policy.can_second_stage_return(request.actor, campaign):
        made += stage_return.action(request.actor, campaign)
    return tuple(made)


def _rail(
    campaign: Campaign, lacks: Sequence[stages.Missing], found: Sequence[board.Station], band: Band
) -> CycleRail:
    stations = []
    for one in found:
        dates = ""
        if one.days:
            first, last = one.days
            dates = f"{one.mark}{cn_short_date(first)}|至{cn_short_date(last)}"
        elif one.entered_at:
            dates = cn_short_date(one.entered_at)
        stations.append(Station(one.label, dates, one.state))
    following = campaigns.next_stage(campaign)
    note = ""
    if following:
        note = f"下一阶段“{stages.LABELS[following]}”：" + (
            count_of(campaign.stage, lacks).words() if lacks else "条件已具备"
        )
    return CycleRail(
        title=f"{campaign.year} 年度考核|走到“{stages.LABELS[campaign.stage]}”",
        stations=tuple(stations),
        note=note,
        today=clock.today(),
        routine=band,
    )


def _deadline(stations: Sequence[board.Station], now: datetime) -> Deadline | None:
    """The planned last day of the stage, in working days where the calendar knows its year.

    From 24:00 of that day on it is past; how many working days is said when one has gone by.
    """
    planned = next((one.planned for one in stations if one.state == board.NOW), None)
    if planned is None:
        return None
    last = planned[1]
    days, today = calendar(now), day_of(now)
    return countdown(days, today, last, over="计划已到期")


def _not_yet(lacks: Sequence[stages.Missing]) -> list[str]:
    """What waits for a day, in words: it stands below the list and not on it."""
    return [one.words() for one in lacks if one.waits]


def _no_todo(campaign: Campaign, lacks: Sequence[stages.Missing]) -> str:
    """What an empty list says."""
    if campaigns.next_stage(campaign) is None:
        return "本年度考核已经公开，没有下一阶段。要改正已公开的结果，在“更正”点“立更正”。"
    return "现在没有要办的事。" if lacks else "没有待办事项，可以进入下一阶段。"


def _next_date(campaign: Campaign, stations: Sequence[board.Station]) -> str:
    following = campaigns.next_stage(campaign)
    planned = next((one.planned for one in stations if one.stage == following), None)
    if planned is None:
        return ""
    label = stages.LABELS[following or ""]
    return f"下一站：{label}，计划 {cn_short_date(planned[0])}至{cn_short_date(planned[1])}。"


def _todo(one: stages.Missing, key: OrganisedYear, actor: Actor, *, linked: bool) -> Todo:
    """``linked`` for those whose doors are behind the links: a branch reads what is missing and who does it."""
    way = way_of(one, key) if linked else ""
    return Todo(
        what=one.what,
        detail=f"{one.how}。",
        who=one.who,
        action=Action(label=label_of(one, actor), url=way, small=True) if way else None,
    )


def _asked_calendar(request: SignedIn, now: datetime) -> list[Todo]:
    """From November on the office is asked for the next year's arrangement, on the board of whatever year."""
    asked = asked_year(now)
    if asked is None:
        return []
    way = reverse("desk-calendar-year", args=[asked])
    return [
        Todo(
            what=f"录入 {asked} 年的放假安排",
            detail=f"{workdays.words_of_asking(asked, day_of(now))}。",
            who=stages.HANDLER,
            action=Action(
                label="去录入" if can_enter_calendar(request.actor) else "看工作日历", url=way, small=True
            ),
        )
    ]


def _strip(campaign: Campaign, rows: Sequence[sheets.Row]) -> DistributionStrip:
    totals = [total for row in rows if (total := sheets.total_of(row.summary)) is not None]
    open_units = len(rows) - len(totals)
    more = f"，另 {open_units} 个还有没有依据的格，不计总分" if open_units else ""
    return DistributionStrip(
        totals=totals,
        bands=bands_of(campaign, rows),
        caption=f"每点是一个单位，共 {len(totals)} 个{more}。",
        csv="?format=csv",
    )
