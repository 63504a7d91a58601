"""The one door of working days, and what the office entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from kaoping.beijing import day_of
from kaoping.calendars import CalendarTable, WorkingCalendar, calendar_with, table_from_json
from kaoping.support import jobs
from kaoping.workdays import logic
from kaoping.workdays.models import Arrangement as Arrangement  # what a view hands from a query to a verb
from kaoping.workdays.models import DateNotice

_LOCK = "workdays.arrangement"


def calendar(now: datetime) -> WorkingCalendar:
    """Working days as they are known at ``now``: what the office entered, else what ships, else provisionally. One query."""
    rows = Arrangement.objects.filter(withdrawn_at=None, entered_at__lte=now)
    return _merged(tuple((tuple(row.years), _frozen(row.days)) for row in rows))


def calendar_without(entry: Arrangement, now: datetime) -> WorkingCalendar:
    """The calendar as it would be were ``entry`` withdrawn."""
    rows = Arrangement.objects.filter(withdrawn_at=None, entered_at__lte=now).exclude(pk=entry.pk)
    return _merged(tuple((tuple(row.years), _frozen(row.days)) for row in rows))


def hold_calendar() -> None:
    """Inside a transaction: nobody enters an arrangement until the dates counted here are stored."""
    jobs.hold(_LOCK)


def entries() -> QuerySet[Arrangement]:
    """Everything that was ever entered, newest first, withdrawn ones too."""
    return Arrangement.objects.order_by("-id")


def entry(entry_id: int) -> Arrangement | None:
    """One entry."""
    return Arrangement.objects.filter(pk=entry_id).first()


def standing_of(year: int) -> Arrangement | None:
    """The entry that counts for a year; null when nobody entered one."""
    return next((row for row in entries().filter(withdrawn_at=None) if year in row.years), None)


def asked_year(now: datetime) -> int | None:
    """The year whose arrangement the office should enter now, or null."""
    return logic.asked_year(calendar(now).table, day_of(now))


def notices(unit: str, *, since: datetime) -> Sequence[DateNotice]:
    """Dates that became later for a unit since then, newest first."""
    return list(DateNotice.objects.filter(unit=unit, at__gte=since))


def _frozen(days: Sequence[dict[str, object]]) -> tuple[tuple[object, ...], ...]:
    return tuple((day["date"], day["working"], day["name"]) for day in days)


@lru_cache(maxsize=16)
def _merged(stated: tuple[tuple[tuple[int, ...], tuple[tuple[object, ...], ...]], ...]) -> WorkingCalendar:
    return calendar_with(_table(years, days) for years, days in stated)


def _table(years: tuple[int, ...], days: tuple[tuple[object, ...], ...]) -> CalendarTable:
    entries = [{"date": day, "working": working, "name": name} for day, working, name in days]
    return table_from_json({"years": list(years), "days": entries})
