"""Counting Chinese working days: the clock of every deadline.

The day on which something happens is day nought; counting starts on the next day, as civil law counts. A
deadline is 24:00 of its working day in Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from kaoping.beijing import end_of_day
from kaoping.calendars.table import CalendarTable, Day

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StripDay:
    """One cell of the strip of days to a deadline. ``number`` counts working days from 1, null on other
    days.
    """

    day: Day
    number: int | None
    is_start: bool
    is_deadline: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days by an explicit table. Every method raises ``YearNotAnnounced`` when it needs a year that the table
    does not know, not even provisionally.
    """

    table: CalendarTable

    def day(self, day: date) -> Day:
        """The day with its kind and name."""
        return self.table.day(day)

    def is_working(self, day: date) -> bool:
        """True on ordinary working days and make-up days."""
        return self.table.day(day).works

    def add_working_days(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day`` (counting starts on the next day); negative counts back, 0
        stays.
        """
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before
        ``start``.
        """
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(day) for day in _days(start + ONE_DAY, end))

    def working_days_gone(self, last: date, today: date) -> int:
        """Working days that have gone by wholly after ``last`` (24:00); ``today`` has not, and before it none has."""
        return self.working_days_between(last, today - ONE_DAY) if today > last else 0

    def deadline(self, start: date, n: int) -> datetime:
        """24:00 of the ``n``-th working day after ``start``, in Asia/Shanghai."""
        return end_of_day(self.add_working_days(start, n))

    def working_day_strip(self, start: date, due: date) -> list[StripDay]:
        """The days from ``start`` to the deadline, each with its kind and running number, for the screen."""
        strip: list[StripDay] = []
        count = 0
        for day in _days(start, due):
            entry = self.table.day(day)
            counted = entry.works and day != start
            count += counted
            strip.append(StripDay(entry, count if counted else None, day == start, day == due))
        return strip

    def rests_on_provisional(self, *days: date | None) -> bool:
        """Whether a count between these days uses a year whose arrangement nobody entered; null days are left out."""
        years = [day.year for day in days if day is not None]
        if not years:
            return False
        return any(year in self.table.provisional for year in range(min(years), max(years) + 1))


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
