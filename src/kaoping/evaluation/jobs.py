"""Background entry points of the public evaluation."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import SYSTEM
from kaoping.evaluation import queries
from kaoping.evaluation.services import opinions
from kaoping.evaluation.services.box import seal_poll
from kaoping.support import watch


def collect_opinions(*, now: datetime) -> str:
    """Opinions reach the office at once: every minute."""
    return f"收到 {opinions.collect_opinions(now=now)} 条意见"


def seal_closed_polls(*, now: datetime) -> str:
    """Seal every poll whose time is over, so that sealing does not wait for a person; unless the clock is doubted."""
    due = queries.due_to_seal(now)
    words = watch.refusal() if due else None
    if words:
        return f"{'、'.join(poll.uid for poll in due)} 到期，没有封存：{words}"
    sealed = [seal_poll(actor=SYSTEM, poll=poll, now=now).uid for poll in due]
    return f"封存 {'、'.join(sealed)}" if sealed else "没有到期的评议"
