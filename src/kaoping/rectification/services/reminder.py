"""A promised reminder runs: it leaves its time, and an entry that the unit sees."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.verbs import Act, verb
from kaoping.rectification import logic, queries
from kaoping.rectification.logic import reminding
from kaoping.rectification.models import Reminder
from kaoping.rectification.queries import case_days
from kaoping.rectification.services.opening import add_entry
from kaoping.rectification.services.order import locked
from kaoping.workdays.queries import calendar


@verb(
    "remind",
    "系统内提醒",
    kind="case",
    thing="number",
    said="{number} 系统内提醒（{which}）：{words}",
    news="整改期限系统内提醒 {n} 次",
    room="cases",
    final="提醒过就是提醒过了。",
)
def remind(act: Act, *, number: str, kind: str, now: datetime) -> str:
    """Run one reminder, once, and say what is true now.

    A case that needs none any more gets none. One that comes so late that its words would be untrue is not sent: its row stays
    without the time of a run and says why. Of several that are due at once only the last has something true to say.
    """
    with act.writing():
        case = locked(number)
        waiting = Reminder.objects.filter(case=case, ran_at=None, why="", promised_at__lte=now)
        # One whose deadline became later is due at its new time; the job of the old one finds nothing to do.
        row = waiting.filter(kind=kind).first()
        if row is None or case.due_on is None:
            return "没有待运行的提醒"
        says = reminding.reminding(
            kind,
            case.state,
            case.due_on,
            late=queries.is_overdue(case, now=now),
            left=case_days.days_left(case, calendar(now), now=now),
            followed=waiting.filter(promised_at__gt=row.promised_at).exclude(kind=kind).exists(),
            now=now,
        )
        row.why = says.why
        if not says.missed:
            row.ran_at = now
        row.save(update_fields=["ran_at", "why"])
        if not says.text:
            return says.why
        add_entry(case, "reminder", SYSTEM.who, says.text, at=now)
        act.done(number=number, which=logic.REMINDERS[kind], words=says.text)
    return logic.REMINDERS[kind]
