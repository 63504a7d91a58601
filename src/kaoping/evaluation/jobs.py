"""Background entry points of the public evaluation."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import SYSTEM
from kaoping.evaluation import logic, queries, services


def collect_opinions(*, now: datetime) -> str:
    """Opinions reach the office at once: every minute."""
    return f"收到 {services.collect_opinions(now=now)} 条意见"


def seal_closed_polls(*, now: datetime) -> str:
    """Seal every poll whose time is over, so that sealing does not wait for a person."""
    sealed = [
        services.seal_poll(actor=SYSTEM, poll=poll, now=now).uid
        for poll in queries.polls()
        if logic.refusal_to_seal(logic.state_at(poll.state, poll.opens_at, now), poll.closes_at, now) is None
    ]
    return f"封存 {'、'.join(sealed)}" if sealed else "没有到期的评议"
