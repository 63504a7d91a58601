"""Whether a unit has overdue rectification enters the ledger as the feed ``cases_overdue``, on a day the office names.

Which gate of the best grade, or which item, it counts for, the year's rulebook says.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import BEIJING, day_of, end_of_day
from kaoping.evidence.queries import search
from kaoping.evidence.queries.closings import is_closed
from kaoping.evidence.services import Entry, record
from kaoping.rectification import policy, queries

FEED: Final = "cases_overdue"


@verb(
    "record_overdue",
    "登记逾期情况",
    kind="case",
    thing="on",
    door=policy.can_record_overdue,
    denied="逾期情况由市政务公开办经办登记。",
    said="登记 {on} 的逾期情况：{units} 个单位有逾期未结的整改单{numbers}。",
    news="登记逾期情况 {n} 次",
    room="cases",
    final="情况变了，另选一天再登记，以后一天的为准。",
)
def record_overdue(act: Act, *, actor: Actor, on: date, now: datetime) -> int:
    """Record who has overdue cases at 24:00 of ``on``, and that the others no longer have; returns how many are overdue.

    Recorded again for the same day it changes nothing.
    """
    if on > day_of(now):
        raise Refused("这一天还没有到，请选今天或以前的日期。")
    numbers: dict[str, list[str]] = {}
    for case in queries.overdue_cases(now=min(now, end_of_day(on))):
        numbers.setdefault(case.organisation.code, []).append(case.number)
    standing = {row.unit for row in search(check=FEED) if row.value == "not_met"}
    entries = [
        _line(unit, "not_met", f"整改单 {'、'.join(found)} 逾期未结", on)
        for unit, found in sorted(numbers.items())
    ] + [_line(unit, "met", "没有逾期未结的整改单", on) for unit in sorted(standing - set(numbers))]
    with act.writing():
        record(entries, actor=actor, now=now)
        listed = "、".join(number for found in numbers.values() for number in found)
        act.done(on=on.isoformat(), units=len(numbers), numbers=f"（{listed}）" if listed else "")
    return len(numbers)


def is_late(on: date) -> bool:
    """Whether what is recorded now of ``on`` arrives after the round of its year closed: kept, it moves nothing."""
    return is_closed(None, _noon(on), FEED)


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=BEIJING)


def _line(unit: str, verdict: str, reason: str, on: date) -> Entry:
    return Entry(
        unit=unit,
        check=FEED,
        source="clock",
        observed_at=_noon(on),
        kind="verdict",
        value=verdict,
        reason=reason,
        uid=f"overdue:{on.isoformat()}:{unit}:{verdict}",
    )
