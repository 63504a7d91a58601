"""Calendars: Chinese working days, with holidays, make-up days and deadlines.

Nouns: table of announced years, day, deadline (24:00 of its working day in Asia/Shanghai), strip of days.
Verbs: is a day working, add working days, count between two days, what remains. A year that has not been
announced is refused with ``YearNotAnnounced``, never guessed. Pure; only ``seed`` reads the library's tables.
"""

from kaoping.calendars.seed import calendar_from_seed, seed_table
from kaoping.calendars.table import (
    CalendarTable,
    Day,
    DayKind,
    YearNotAnnounced,
    table_from_json,
    table_of,
    table_to_json,
)
from kaoping.calendars.working import (
    SHANGHAI,
    StripDay,
    WorkingCalendar,
    day_of,
    deadline_day,
    end_of_day,
    just_before,
)

__all__ = [
    "SHANGHAI",
    "CalendarTable",
    "Day",
    "DayKind",
    "StripDay",
    "WorkingCalendar",
    "YearNotAnnounced",
    "calendar_from_seed",
    "day_of",
    "deadline_day",
    "end_of_day",
    "just_before",
    "seed_table",
    "table_from_json",
    "table_of",
    "table_to_json",
]
