"""Days and instants of Beijing: the one zone in which every day, deadline and year of the program is counted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

BEIJING: Final = ZoneInfo("Asia/Shanghai")
_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)


def day_of(instant: datetime) -> date:
    """The day on which ``instant`` falls (00:00 belongs to the day it begins)."""
    return _local(instant).date()


def end_of_day(day: date) -> datetime:
    """24:00 of ``day``, which is 00:00 of the next day."""
    return datetime.combine(day + _DAY, time(0), tzinfo=BEIJING)


def just_before(deadline: datetime) -> datetime:
    """The last instant before a deadline: what was done by 24:00 of a day happened on that day, not on the next."""
    return deadline - _INSTANT


def deadline_day(due: datetime) -> date:
    """The day that a deadline names: 24:00 of the 16th is the 16th, though its instant begins the 17th."""
    local = _local(due)
    return local.date() - _DAY if local.time() == time(0) else local.date()


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("时间缺时区")
    return instant.astimezone(BEIJING)
