"""Whether a unit has overdue rectification enters the ledger as gate G1 of the best grade, once, on a day the office names."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.services import record_act, refuse
from kaoping.calendars import SHANGHAI, day_of, end_of_day
from kaoping.evidence.queries import is_closed, search
from kaoping.evidence.services import Entry, record
from kaoping.rectification import policy, queries

GATE = "G1"


def record_overdue(*, actor: Actor, on: date, now: datetime) -> int:
    """Record who has overdue cases at 24:00 of ``on``, and that the others no longer have; returns how many are overdue.

    Recorded again for the same day it changes nothing.
    """
    if not policy.can_record_overdue(actor):
        raise refuse(actor, "record_overdue", "case", on, "逾期情况由市政务公开办经办登记。", now=now)
    if on > day_of(now):
        raise Refused("这一天还没有到，请选今天或以前的日期。")
    numbers: dict[str, list[str]] = {}
    for case in queries.overdue_cases(now=min(now, end_of_day(on))):
        numbers.setdefault(case.organisation.code, []).append(case.number)
    standing = {row.unit for row in search(item=GATE) if row.value == "not_met"}
    entries = [
        _gate(unit, "not_met", f"整改单 {'、'.join(found)} 逾期未结", on)
        for unit, found in sorted(numbers.items())
    ] + [_gate(unit, "met", "没有逾期未结的整改单", on) for unit in sorted(standing - set(numbers))]
    with transaction.atomic():
        record(entries, actor=actor, now=now)
        words = f"登记 {on.isoformat()} 的逾期情况：{len(numbers)} 个单位有逾期未结的整改单。"
        record_act(actor, "record_overdue", "case", on, words, now=now)
    return len(numbers)


def is_late(on: date) -> bool:
    """Whether what is recorded now of ``on`` arrives after the round of its year closed: kept, it moves nothing."""
    return is_closed(GATE, _noon(on))


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=SHANGHAI)


def _gate(unit: str, verdict: str, reason: str, on: date) -> Entry:
    return Entry(
        unit=unit,
        item=GATE,
        source="register",
        observed_at=_noon(on),
        kind="verdict",
        value=verdict,
        reason=reason,
        uid=f"overdue:{on.isoformat()}:{unit}:{verdict}",
    )
