"""Whether a unit has overdue rectification enters the ledger as the feed ``cases_overdue``, on a day the office names.

Which gate of the best grade, or which item, it counts for, the year's rulebook says.
"""

from __future__ import annotations

from datetime import date, datetime, time

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import BEIJING, day_of, end_of_day
from kaoping.evidence.queries import is_closed, search
from kaoping.evidence.services import Entry, record
from kaoping.rectification import policy, queries
from kaoping.scoring.observations import OVERDUE as FEED
from kaoping.standards.earlier import Named
from kaoping.standards.queries import named_on

_UID = "overdue:"


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
    then = named_on(FEED, on)
    entries = [
        _line(unit, "not_met", f"整改单 {'、'.join(found)} 逾期未结", on, then)
        for unit, found in sorted(numbers.items())
    ] + [
        _line(unit, "met", "没有逾期未结的整改单", on, then) for unit in sorted(_said_of(then) - set(numbers))
    ]
    with act.writing():
        record(entries, actor=actor, now=now)
        listed = "、".join(number for found in numbers.values() for number in found)
        act.done(on=on.isoformat(), units=len(numbers), numbers=f"（{listed}）" if listed else "")
    return len(numbers)


def is_late(on: date) -> bool:
    """Whether what is recorded now of ``on`` arrives after the round of its year closed: kept, it moves nothing."""
    then = named_on(FEED, on)
    return is_closed(then.item if then else None, _noon(on), FEED)


def _said_of(then: Named | None) -> set[str]:
    """Units of which it was recorded once that they had overdue orders; by releases before, without the feed."""
    rows = search(item=then.item, checks=[FEED]) if then else search(check=FEED)
    return {row.unit for row in rows if row.value == "not_met" and row.uid.startswith(_UID)}


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=BEIJING)


def _line(unit: str, verdict: str, reason: str, on: date, then: Named | None) -> Entry:
    """By the feed; where the rulebook of the day takes none, as it was recorded then, so that old and new speak of one fault."""
    return Entry(
        unit=unit,
        item=then.item if then else None,
        check=None if then else FEED,
        source=(then.source if then else "") or "clock",
        observed_at=_noon(on),
        kind="verdict",
        value=verdict,
        reason=reason,
        uid=f"{_UID}{on.isoformat()}:{unit}:{verdict}",
    )
