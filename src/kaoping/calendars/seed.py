"""The seed of the working-day table: the library ``chinesecalendar`` (years 2004 to 2026), then provisional years to 2040.

The library answers for a weekday of any year inside its range; a year outside it has no entry there. The only module of this
package that reads anything outside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

from kaoping.calendars.festivals import MOON, provisional_table
from kaoping.calendars.table import CalendarTable, Day, DayKind, table_of
from kaoping.calendars.working import WorkingCalendar

_CHINESE = {holiday.value: holiday.chinese for holiday in Holiday}


@lru_cache(maxsize=1)
def seed_table() -> CalendarTable:
    """Every year that the library knows, with holiday names in Chinese."""
    days = [Day(day, DayKind.HOLIDAY, _CHINESE[name]) for day, name in holidays.items()]
    days += [Day(day, DayKind.MAKE_UP, _CHINESE[name]) for day, name in workdays.items()]
    return table_of({day.year for day in holidays}, days)


@lru_cache(maxsize=1)
def shipped_table() -> CalendarTable:
    """The seed, and every later year of the table of festivals provisionally."""
    table = seed_table()
    for year in sorted(set(MOON) - table.years):
        guess = provisional_table(year)
        table = table.restated(replace(guess, provisional=guess.years))
    return table


def calendar_from_seed(override: CalendarTable | None = None) -> WorkingCalendar:
    """What ships with the program, for those who have no table of their own; ``override`` restates its years."""
    return calendar_with([override] if override else [])


def calendar_with(stated: Iterable[CalendarTable]) -> WorkingCalendar:
    """What ships, with the years that somebody stated, the later over the earlier."""
    table = shipped_table()
    for one in stated:
        table = table.restated(replace(one, entered=one.years))
    return WorkingCalendar(table)
