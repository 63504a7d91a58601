"""The seed of the working-day table, from the tables of the library ``chinesecalendar`` (years 2004 to 2026).

The library answers for a weekday of any year inside its range; a year outside it has no entry here, so that
``WorkingCalendar`` refuses it instead of guessing. The only module of this package that reads anything
outside it.
"""

from __future__ import annotations

from functools import lru_cache

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

from kaoping.calendars.table import CalendarTable, Day, DayKind, table_of
from kaoping.calendars.working import WorkingCalendar

_CHINESE = {holiday.value: holiday.chinese for holiday in Holiday}


@lru_cache(maxsize=1)
def seed_table() -> CalendarTable:
    """Every year that the library knows, with holiday names in Chinese."""
    days = [Day(day, DayKind.HOLIDAY, _CHINESE[name]) for day, name in holidays.items()]
    days += [Day(day, DayKind.MAKE_UP, _CHINESE[name]) for day, name in workdays.items()]
    return table_of({day.year for day in holidays}, days)


def calendar_from_seed(override: CalendarTable | None = None) -> WorkingCalendar:
    """The seed calendar, with the city's own table on top when given."""
    calendar = WorkingCalendar(seed_table())
    return calendar.merged(override) if override else calendar
