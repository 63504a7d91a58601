"""A new arrangement of working days is entered: deadlines already served become later where the count says so, never earlier."""

from __future__ import annotations

from datetime import date, datetime

from kaoping.accounts.actor import Actor
from kaoping.beijing import day_of
from kaoping.calendars import WorkingCalendar
from kaoping.rectification import logic
from kaoping.rectification.logic import reminding
from kaoping.rectification.models import Case, Reminder
from kaoping.rectification.queries import case_days
from kaoping.rectification.services.opening import add_entry
from kaoping.rectification.services.order import locked, promise
from kaoping.workdays import logic as workdays
from kaoping.workdays.logic import Move


def recount(*, actor: Actor, calendar: WorkingCalendar, basis: str, now: datetime) -> list[Move]:
    """Move what ``case_days.moves`` lists; call in the transaction that stores the arrangement. Returns the list.

    Each unit gets one entry on the timeline of each case whose deadline moved. Reminders to come follow their deadline; a deadline
    that became later after its reminder ran is reminded of again.
    """
    found = case_days.moves(calendar, now=now)
    for number in dict.fromkeys(one.thing.partition(":")[0] for one in found):
        case = locked(number)
        move = next((one for one in found if (one.kind, one.thing) == (workdays.CASE, number)), None)
        if move is not None and move.changes:
            case.due_on = move.becomes
            case.save(update_fields=["due_on"])
            words = logic.moved_words(move.was, move.becomes, basis)
            add_entry(case, "moved", actor.who, words, at=now)
        if case.due_on is not None:
            _remind_anew(case, reminding.reminder_days(calendar, case.due_on), move, now)
    return found


def _remind_anew(case: Case, days: dict[str, date], move: Move | None, now: datetime) -> None:
    for kind, day in days.items():
        at = reminding.morning_of(day)
        if at <= now:
            continue
        row = Reminder.objects.filter(case=case, kind=kind, ran_at=None, why="").first()
        if row is None and (move is None or not move.changes):
            continue
        if row is not None and day_of(row.promised_at) == day:
            continue
        if row is None:
            Reminder.objects.get_or_create(case=case, kind=kind, promised_at=at)
        else:
            row.promised_at = at
            row.save(update_fields=["promised_at"])
        promise(case, kind, at, now, key=f"rectification-{case.number}-{kind}-{day.isoformat()}")
