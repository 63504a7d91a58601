"""Calendars: Chinese working days, with holidays, make-up days and deadlines.

Nouns: table of years, day, arrangement (what the yearly notice says), deadline (24:00 of its working day in Asia/Shanghai),
strip of days. Verbs: read an arrangement, is a day working, add working days, count between two days, what remains. A year whose
arrangement is not known is counted provisionally by weekends and statutory festivals and says so; a year beyond the table of
festivals is refused with ``YearNotAnnounced``. Pure; only ``seed`` reads the library's tables. Whoever has a database asks
``kaoping.workdays.queries.calendar``, which knows what the office entered.
"""

from kaoping.calendars.arrangement import (
    MAX_BYTES,
    Arrangement,
    ArrangementError,
    Problem,
    days_as_csv,
    read_arrangement,
    table_from_json,
    table_to_json,
)
from kaoping.calendars.festivals import festivals, provisional_table
from kaoping.calendars.seed import calendar_from_seed, calendar_with, seed_table
from kaoping.calendars.table import (
    CalendarTable,
    Day,
    DayKind,
    YearNotAnnounced,
    YearState,
    table_of,
)
from kaoping.calendars.working import (
    StripDay,
    WorkingCalendar,
)

__all__ = [
    "MAX_BYTES",
    "Arrangement",
    "ArrangementError",
    "CalendarTable",
    "Day",
    "DayKind",
    "Problem",
    "StripDay",
    "WorkingCalendar",
    "YearNotAnnounced",
    "YearState",
    "calendar_from_seed",
    "calendar_with",
    "days_as_csv",
    "festivals",
    "provisional_table",
    "read_arrangement",
    "seed_table",
    "table_from_json",
    "table_of",
    "table_to_json",
]
