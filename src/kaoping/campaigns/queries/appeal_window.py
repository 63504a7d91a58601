"""Until when a unit may ask for review (复核申请期限): what was told when the preview opened, and after a ruling its own days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from kaoping.beijing import day_of, end_of_day
from kaoping.calendars import YearNotAnnounced
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.appeal import WORKING_DAYS
from kaoping.campaigns.models import Campaign
from kaoping.evidence.queries import last_ruled
from kaoping.workdays.queries import calendar

# Where no calendar can count the working days: no holiday of the State and its shifted days is longer than this.
_UNCOUNTABLE: Final = timedelta(days=16)


def closes_at(campaign: Campaign, unit: str = "") -> datetime | None:
    """24:00 of the last day for the ``unit``, or for the last of all units; null before the preview opens.

    Whoever has points changed by two persons of the office may ask for review of it for as many working days as all others had,
    from the day on which the unit was told: else a change after the window would be without remedy.
    """
    told = campaign.appeals_close_at
    opened = campaign.stage_entries.filter(stage=stages.PREVIEW).order_by("-id").first()
    if told is None or opened is None or campaign.stage not in (stages.PREVIEW, stages.APPEALS):
        return told
    rows = campaign.participations.filter(participates=True)
    codes = [unit] if unit else list(rows.values_list("organisation__code", flat=True))
    ruled = last_ruled(codes, organiser=campaign.organiser, since=opened.entered_at)
    return told if ruled is None else max(told, _own_days(ruled))


def _own_days(ruled: datetime) -> datetime:
    day = day_of(ruled)
    try:
        return end_of_day(calendar(ruled).add_working_days(day, WORKING_DAYS))
    except YearNotAnnounced:
        return end_of_day(day + _UNCOUNTABLE)
