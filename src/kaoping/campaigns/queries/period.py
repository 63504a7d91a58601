"""Which days a campaign looks at, as its rulebook's timetable says."""

from __future__ import annotations

from datetime import date, datetime, time

from kaoping.calendars import end_of_day
from kaoping.campaigns.logic.self_review import observed_instant
from kaoping.campaigns.models import Campaign
from kaoping.scoring import Period
from kaoping.scoring.selection import SHANGHAI
from kaoping.standards.queries import rulebook_of


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


def period_of_item(campaign: Campaign, code: str) -> Period:
    """The window of one item (K3.6 judges the report on the year before)."""
    rulebook = rulebook_of(campaign.rulebook_id)
    found = rulebook.rubric.find(code)
    if found is None:
        return period(campaign)
    return rulebook.period_of(campaign.year, campaign.timetable)(found)


def days_of_items(campaign: Campaign) -> dict[str, tuple[date, date]]:
    """First and last day of each item, and of lines without one ('')."""
    rulebook = rulebook_of(campaign.rulebook_id)
    whole, of = period(campaign), rulebook.period_of(campaign.year, campaign.timetable)
    windows = {leaf.code: of(leaf) for leaf in rulebook.rubric.leaves()}
    return {"": (whole.start, whole.end)} | {code: (one.start, one.end) for code, one in windows.items()}


def instant_of(campaign: Campaign, code: str, now: datetime) -> datetime:
    """When a judgement made at ``now`` looked at the item: now inside its window, else the window's last second."""
    window = period_of_item(campaign, code)
    start = datetime.combine(window.start, time(0), tzinfo=SHANGHAI)
    return observed_instant(now, start, end_of_day(window.end))


def stage_dates(campaign: Campaign) -> dict[str, tuple[date, date]]:
    """First and last day of each stage, as the chosen timetable plans them; empty while none is chosen."""
    timetable = rulebook_of(campaign.rulebook_id).timetable
    if campaign.timetable not in timetable.variants:
        return {}
    return timetable.stages(campaign.year, campaign.timetable)
