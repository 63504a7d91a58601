"""Which days a campaign looks at, as its rulebook's timetable says."""

from __future__ import annotations

from datetime import date, datetime, time

from kaoping.beijing import BEIJING, day_of, deadline_day, end_of_day
from kaoping.calendars import WorkingCalendar, YearNotAnnounced
from kaoping.campaigns.logic import appeal as appeal_logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.self_review import observed_instant
from kaoping.campaigns.models import Campaign
from kaoping.checks.model import date_words
from kaoping.evidence.logic import closing_key
from kaoping.scoring import Period
from kaoping.scoring.observations import Observation
from kaoping.standards.queries import rulebook_of
from kaoping.workdays import logic as workdays
from kaoping.workdays.logic import Move


def period(campaign: Campaign) -> Period:
    """The window of observation of the year."""
    return rulebook_of(campaign.rulebook_id).period(campaign.year, campaign.timetable)


def spans(campaign: Campaign) -> set[Period]:
    """Every window that some item of the campaign looks at."""
    rulebook = rulebook_of(campaign.rulebook_id)
    of = rulebook.period_of(campaign.year, campaign.timetable)
    return {
        rulebook.period(campaign.year, campaign.timetable),
        *(of(leaf) for leaf in rulebook.rubric.leaves()),
    }


def open_since() -> datetime | None:
    """The first instant that a year whose result is not published looks at: until then it may all be looked at again."""
    starts = [
        one.start for campaign in Campaign.objects.exclude(stage=stages.PUBLISHED) for one in spans(campaign)
    ]
    return datetime.combine(min(starts), time(0), tzinfo=BEIJING) if starts else None


def looks_since(today: date) -> date | None:
    """The first day that a year at work looks at; when all are published, that of the newest. Null before the first year.

    A year that has not begun is left out: nothing can be told of it yet.
    """
    begun = [
        (campaign, period(campaign).start)
        for campaign in Campaign.objects.order_by("-year")
        if period(campaign).start <= today
    ]
    at_work = [start for campaign, start in begun if campaign.stage != stages.PUBLISHED]
    return min(at_work) if at_work else begun[0][1] if begun else None


def period_of_item(campaign: Campaign, code: str) -> Period:
    """The window of one item (K3.6 judges the report on the year before)."""
    rulebook = rulebook_of(campaign.rulebook_id)
    found = rulebook.rubric.find(code)
    if found is None:
        return period(campaign)
    return rulebook.period_of(campaign.year, campaign.timetable)(found)


def item_of_line(campaign: Campaign, line: Observation) -> str:
    """Which item of the year a line is about: the one that it names, else the one that its check feeds; '' for none."""
    if line.item:
        return line.item
    fed = rulebook_of(campaign.rulebook_id).rubric.fed_by(line.check) if line.check else None
    return fed.code if fed else ""


def period_of_line(campaign: Campaign, line: Observation) -> Period:
    """The window of the item that a line is about, of the year for what is about none."""
    return period_of_item(campaign, item_of_line(campaign, line))


def days_of_items(campaign: Campaign) -> dict[str, tuple[date, date]]:
    """First and last day of each item, of each check that feeds one (lines that name none), and of other lines ('')."""
    rulebook = rulebook_of(campaign.rulebook_id)
    whole, of = period(campaign), rulebook.period_of(campaign.year, campaign.timetable)
    windows = {leaf.code: of(leaf) for leaf in rulebook.rubric.leaves()}
    for check in rulebook.rubric.checks():
        fed = rulebook.rubric.fed_by(check)
        windows |= {closing_key(None, check): of(fed)} if fed else {}
    return {"": (whole.start, whole.end)} | {code: (one.start, one.end) for code, one in windows.items()}


def instant_of(campaign: Campaign, code: str, now: datetime) -> datetime:
    """When a judgement made at ``now`` looked at the item: now inside its window, else the window's last second."""
    window = period_of_item(campaign, code)
    start = datetime.combine(window.start, time(0), tzinfo=BEIJING)
    return observed_instant(now, start, end_of_day(window.end))


def planned_dates(campaign: Campaign) -> dict[str, tuple[date, date]]:
    """First and last day of each stage, as the approved plan's timetable says; empty while none is chosen."""
    timetable = rulebook_of(campaign.rulebook_id).timetable
    if campaign.timetable not in timetable.variants:
        return {}
    return timetable.stages(campaign.year, campaign.timetable)


def stage_dates(campaign: Campaign) -> dict[str, tuple[date, date]]:
    """First and last day of each stage as they stand: the plan's, or where the office moved them within it."""
    dates = planned_dates(campaign)
    rows = campaign.stage_moves.filter(rulebook_id=campaign.rulebook_id, timetable=campaign.timetable)
    moved = {row.stage: (row.first, row.last) for row in rows}
    return {stage: moved.get(stage, days) for stage, days in dates.items()}


def told_dates(campaign: Campaign) -> dict[str, tuple[date, date]]:
    """First and last day of each stage as every screen says them.

    The plan's, until the window for 复核申请 is known: from then on that window, so that no screen names two ends of it.
    """
    dates = stage_dates(campaign)
    if campaign.appeals_close_at is None:
        return dates
    last = deadline_day(campaign.appeals_close_at)
    opened = campaign.stage_entries.filter(stage=stages.PREVIEW).order_by("-id").first()
    first = day_of(opened.entered_at) if opened else dates.get(stages.APPEALS, (last, last))[0]
    return dates | {stages.APPEALS: (min(first, last), last)}


def appeals_end(campaign: Campaign, opened: date, calendar: WorkingCalendar) -> date:
    """The last day for 复核申请 when the preview opens on ``opened``. Raises ``YearNotAnnounced``.

    The working days counted from the opening, and never earlier than the last day that the plan told the units.
    """
    counted = calendar.add_working_days(opened, appeal_logic.WORKING_DAYS)
    told = stage_dates(campaign).get(stages.APPEALS)
    return max(counted, told[1]) if told else counted


def self_review_until(campaign: Campaign) -> datetime | None:
    """24:00 of the last day of the self-review as the units were told; null while no timetable is chosen."""
    days = stage_dates(campaign).get(stages.SELF_REVIEW)
    return end_of_day(days[1]) if days else None


def moves(calendar: WorkingCalendar) -> list[Move]:
    """Ends of 复核申请 windows still in use that ``calendar`` counts otherwise than they stand."""
    found = []
    rows = Campaign.objects.filter(stage__in=(stages.PREVIEW, stages.APPEALS), appeals_close_at__isnull=False)
    for campaign in rows:
        opened = campaign.stage_entries.filter(stage=stages.PREVIEW).order_by("-id").first()
        if opened is None or campaign.appeals_close_at is None:
            continue
        began, was = day_of(opened.entered_at), deadline_day(campaign.appeals_close_at)
        try:
            counted = appeals_end(campaign, began, calendar)
        except YearNotAnnounced:
            continue
        if counted == was:
            continue
        units = campaign.participations.filter(participates=True).values_list("organisation__code", flat=True)
        found.append(
            Move(
                workdays.APPEALS,
                str(campaign.key),
                f"{campaign.year} 年度考核复核申请期限",
                was,
                counted,
                workdays.never_earlier(was, counted),
                f"{date_words(began)}开放结果预览，{appeal_logic.WORKING_DAYS} 个工作日",
                tuple(sorted(units)),
            )
        )
    return found
