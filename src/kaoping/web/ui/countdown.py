"""How far a last day is, in working days, as its chip says it: ahead, on the day, or past."""

from __future__ import annotations

from datetime import date

from kaoping.calendars import WorkingCalendar, YearNotAnnounced
from kaoping.web.ui.parts.head import Deadline, DeadlineChip, Tone
from kaoping.web.ui.wording import PROVISIONAL, cn_short_date


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


def deadline(value: Deadline | int, url: str = "") -> DeadlineChip:
    """Words, tone and icon of a deadline, or of a number of working days left.

    Above 5 days grey, from 5 amber, overdue rust.
    """
    entry = value if isinstance(value, Deadline) else Deadline(int(value))
    words, tone, icon = _deadline_of(entry)
    return DeadlineChip(words, tone, icon, url, PROVISIONAL if entry.provisional else "")


def _deadline_of(entry: Deadline) -> tuple[str, Tone, str]:
    until = f"{cn_short_date(entry.until)} 24:00 止" if entry.until else ""
    if entry.state == "stopped":
        return "已停表", "line", "pause"
    if entry.state == "done":
        return entry.words or "已办结", "soft", "check"
    if entry.days is None:
        return until or "没有期限", "plain", "clock"
    if entry.days < 0:
        passed = -entry.days if entry.passed is None else entry.passed
        words = f"逾期 {passed} 个工作日" if passed else entry.over
        return words, "neg", "triangle-alert"
    if entry.days == 0:
        return "今天 24:00 止", "cau", "clock"
    lead = f"{until}，" if until else ""
    return f"{lead}剩 {entry.days} 个工作日", "cau" if entry.days <= 5 else "plain", "clock"


def deadline_words(value: Deadline | int) -> str:
    """The words of ``deadline`` alone."""
    return deadline(value).words
