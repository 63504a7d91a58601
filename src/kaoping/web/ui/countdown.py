"""How far a last day is, in working days, as its chip says it: ahead, on the day, or past."""

from __future__ import annotations

from datetime import date

from kaoping.calendars import WorkingCalendar, YearNotAnnounced
from kaoping.web.ui.parts.head import Deadline


def countdown(days: WorkingCalendar, today: date, last: date, *, over: str = "已逾期") -> Deadline:
    """The chip of ``last``; without a count for a year that the calendar does not know.

    ``over`` is said while no working day has gone by since.
    """
    try:
        if today > last:
            passed = days.working_days_gone(last, today)
            return Deadline(-max(passed, 1), until=last, passed=passed, over=over)
        left = days.working_days_between(today, last)
    except YearNotAnnounced:
        return Deadline(until=last)
    rests = days.rests_on_provisional(today, last)
    # On a free day before a last day that is free as well no working day is left, and yet it is not today.
    return Deadline(left if left or today == last else None, until=last, provisional=rests)
