"""Reads of the working days of a case: those left, those gone by, and deadlines that another calendar counts otherwise."""

from __future__ import annotations

from datetime import date, datetime

from kaoping.beijing import day_of
from kaoping.calendars import StripDay, WorkingCalendar, YearNotAnnounced
from kaoping.checks.model import date_words
from kaoping.rectification import logic
from kaoping.rectification.logic import reminding
from kaoping.rectification.models import Case
from kaoping.rectification.queries import is_overdue
from kaoping.workdays import logic as workdays
from kaoping.workdays.logic import Move


def strip(case: Case, calendar: WorkingCalendar) -> list[StripDay]:
    """The days from service to the deadline; empty for a case not served or a year that the calendar does not know."""
    if case.served_at is None or case.due_on is None:
        return []
    try:
        return calendar.working_day_strip(day_of(case.served_at), case.due_on)
    except YearNotAnnounced:
        return []


def days_left(case: Case, calendar: WorkingCalendar, *, now: datetime) -> int | None:
    """Working days to the deadline, 0 on its day, negative once the unit is late; null when it owes nothing now."""
    if case.due_on is None or case.state not in (logic.SERVED, logic.ANSWERED):
        return None
    late = is_overdue(case, now=now)
    if case.state == logic.ANSWERED and not late:
        return None
    try:
        left = calendar.working_days_between(day_of(now), case.due_on)
    except YearNotAnnounced:
        return None
    return min(left, -1) if late else left


def days_over(case: Case, calendar: WorkingCalendar, *, now: datetime) -> int:
    """Working days that have gone by since the deadline; today's own has not, and a year that is not known has none."""
    try:
        return calendar.working_days_gone(case.due_on, day_of(now)) if case.due_on else 0
    except YearNotAnnounced:
        return 0


def is_provisional(case: Case, calendar: WorkingCalendar) -> bool:
    """Whether the deadline of a case still under way was counted through a year whose arrangement is not entered."""
    if case.served_at is None or case.due_on is None or case.state == logic.CLOSED:
        return False
    return calendar.rests_on_provisional(day_of(case.served_at), case.due_on)


def proposed_due(on: date, days: int, calendar: WorkingCalendar) -> date | None:
    """The deadline that serving on a day would set; null for a year that the calendar does not know."""
    try:
        return calendar.add_working_days(on, days)
    except YearNotAnnounced:
        return None


def moves(calendar: WorkingCalendar, *, now: datetime) -> list[Move]:
    """Deadlines of open cases, and their reminders to come, that ``calendar`` counts otherwise than they stand."""
    rows = Case.objects.filter(state__in=(logic.SERVED, logic.ANSWERED), due_on__isnull=False, days__gt=0)
    found: list[Move] = []
    for case in rows.select_related("organisation").prefetch_related("reminders").order_by("due_on", "id"):
        try:
            found += _moves(case, calendar, now)
        except YearNotAnnounced:
            continue
    return found


def _moves(case: Case, calendar: WorkingCalendar, now: datetime) -> list[Move]:
    assert case.served_at is not None and case.due_on is not None
    served = day_of(case.served_at)
    counted = calendar.add_working_days(served, case.days)
    due = workdays.never_earlier(case.due_on, counted)
    unit, found = case.organisation, []
    if counted != case.due_on:
        found.append(
            Move(
                workdays.CASE,
                case.number,
                f"{unit.short_name} 整改单 {case.number}",
                case.due_on,
                counted,
                due,
                f"{date_words(served)}下发，{case.days} 个工作日",
                (unit.code,),
            )
        )
    planned = {row.kind: row for row in case.reminders.all() if row.ran_at is None and not row.why}
    for kind, day in reminding.reminder_days(calendar, due).items():
        row = planned.get(kind)
        was = day_of(row.promised_at) if row else None
        if was is not None and was != day and reminding.morning_of(day) > now:
            title = f"{unit.short_name} 整改单 {case.number} {logic.REMINDERS[kind]}"
            why = f"期限 {date_words(due)}，尚未提醒"
            found.append(Move(workdays.REMINDER, f"{case.number}:{kind}", title, was, day, day, why))
    return found
