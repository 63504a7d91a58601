"""Read model of what changed since yesterday: acts of the audit log, lines of the ledger, totals of the newest sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kaoping.accounts import queries as accounts
from kaoping.accounts.queries import Act
from kaoping.beijing import BEIJING, day_of
from kaoping.campaigns.queries.sheet import Row
from kaoping.evidence import queries as ledger


@dataclass(frozen=True, slots=True)
class News:
    """Since ``since``: acts, newest first, and new lines of the ledger by source."""

    since: datetime
    acts: Sequence[Act]
    lines: Mapping[str, int]


def start(now: datetime) -> datetime:
    """0:00 of the day before, in Beijing."""
    return datetime.combine(day_of(now) - timedelta(days=1), time(0), tzinfo=BEIJING)


def since_yesterday(*, organiser: str, now: datetime, verbs: Collection[str]) -> News:
    """What was done, of the verbs asked for, and what entered the ledger; three queries."""
    since = start(now)
    return News(since, accounts.acts_since(since, verbs), ledger.arrivals(since, organiser))


def moved(rows: Sequence[Row], before: Sequence[Row]) -> int:
    """How many units have another total than on the sheet before."""
    old = {row.unit: row.summary["total"] for row in before}
    return sum(row.unit in old and old[row.unit] != row.summary["total"] for row in rows)
