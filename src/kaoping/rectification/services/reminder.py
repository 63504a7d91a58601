"""A promised reminder runs: it leaves its time, and an entry that the unit sees."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.services import record_act
from kaoping.rectification import logic
from kaoping.rectification.models import Reminder
from kaoping.rectification.services.opening import add_entry
from kaoping.rectification.services.order import locked

_WORDS = {
    "served": "整改单已送达，请在期限内整改并回复。",
    "before": f"距期限还有 {logic.REMIND_BEFORE} 个工作日，请抓紧整改并回复。",
    "due": "今天 24:00 到期，请在今天内回复。",
    "overdue": "已经逾期，请立即整改并回复；逾期情况计入平时考核台账。",
}


def remind(*, number: str, kind: str, now: datetime) -> str:
    """Run one reminder, once. A case that needs none any more gets none, and the row says that it ran."""
    with transaction.atomic():
        case = locked(number)
        # One whose deadline became later is due at its new time; the job of the old one finds nothing to do.
        row = Reminder.objects.filter(case=case, kind=kind, ran_at=None, promised_at__lte=now).first()
        if row is None:
            return "没有待运行的提醒"
        row.ran_at = now
        row.save(update_fields=["ran_at"])
        if case.state != logic.SERVED:
            return f"{logic.STATES[case.state]}，不需提醒"
        text = _WORDS[kind]
        if kind == "overdue" and not logic.overdue(case.state, case.due_on, now):
            return "没有逾期，不需提醒"
        add_entry(case, "reminder", SYSTEM.name, text, at=now)
        record_act(SYSTEM, "remind", "case", number, f"{number} {logic.REMINDERS[kind]}：{text}", now=now)
    return logic.REMINDERS[kind]
