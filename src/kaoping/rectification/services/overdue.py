"""Whether a unit has overdue rectification enters the ledger as the feed ``cases_overdue``, on a day the office names.

Which gate of the best grade, or which item, it counts for, the year's rulebook says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final

from kaoping.accounts.actor import Actor, Organising, Refused
from kaoping.accounts.doors import somewhere
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import BEIJING, day_of, end_of_day
from kaoping.evidence.queries.closings import is_closed
from kaoping.evidence.services import Entry, record
from kaoping.evidence.standing import standing_called
from kaoping.rectification import policy, queries
from kaoping.registry.queries.organisers import served
from kaoping.standards.queries import named_on
from kaoping.standards.unfed import OVERDUE as FEED

_UID: Final = "overdue:"


def _states(actor: Actor) -> bool:
    """Whoever does it for some organiser: of that organiser's orders."""
    return somewhere(policy.can_record_overdue, actor)


@verb(
    "record_overdue",
    "登记逾期情况",
    kind="case",
    thing="on",
    door=_states,
    denied="逾期情况由政务公开办经办登记。",
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
    whose = Organising(served(actor))
    for case in queries.overdue_cases(now=min(now, end_of_day(on))).filter(organiser=whose.organiser):
        numbers.setdefault(case.organisation.code, []).append(case.number)
    form = _form_on(whose.organiser, on)
    late = [(unit, f"整改单 {'、'.join(found)} 逾期未结") for unit, found in sorted(numbers.items())]
    line = partial(_line, whose.organiser)
    entries = [line(unit, "not_met", reason, on, form) for unit, reason in late]
    entries += [
        line(unit, "met", "没有逾期未结的整改单", on, said, also=said != form)
        for unit, said in _said_overdue(whose.organiser)
        if unit not in numbers
    ]
    with act.writing():
        record(entries, actor=actor, whose=whose, now=now)
        listed = "、".join(number for found in numbers.values() for number in found)
        act.done(on=on.isoformat(), units=len(numbers), numbers=f"（{listed}）" if listed else "")
    return len(numbers)


def is_late(organiser: str, on: date) -> bool:
    """Whether what is recorded now of ``on`` for an organiser arrives after the round of its year closed: kept, it moves nothing."""
    form = _form_on(organiser, on)
    return is_closed(organiser, form.item, _noon(on), form.check)


@dataclass(frozen=True, slots=True)
class _Form:
    """How a line says it: by the feed, or as the first release did, by the code of the gate and as of the register."""

    item: str | None
    check: str | None
    source: str


def _form_on(organiser: str, on: date) -> _Form:
    """The feed; where the signed rulebook of the day takes none, as it was recorded then."""
    then = named_on(organiser, FEED, on)
    return _Form(then.item, None, then.source) if then else _Form(None, FEED, "clock")


def _said_overdue(organiser: str) -> list[tuple[str, _Form]]:
    """Units that stand as overdue, each in the form in which it was said: what takes it back has to speak of the same line."""
    newest: dict[tuple[str, _Form], str] = {}
    lines = standing_called(organiser, _UID)
    for one in sorted(lines, key=lambda one: (one.observed_at, one.recorded_at, one.id)):
        newest[one.unit, _Form(one.item, one.check, one.source)] = str(one.value)
    return sorted((key for key, value in newest.items() if value == "not_met"), key=lambda key: key[0])


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=BEIJING)


def _line(
    organiser: str, unit: str, verdict: str, reason: str, on: date, form: _Form, *, also: bool = False
) -> Entry:
    """``also``: beside the form of the day."""
    more = f":{form.item or form.check}" if also else ""
    return Entry(
        unit=unit,
        item=form.item,
        check=form.check,
        source=form.source,
        observed_at=_noon(on),
        kind="verdict",
        value=verdict,
        reason=reason,
        uid=f"{_UID}{on.isoformat()}:{unit}:{verdict}{more}:{organiser}",
    )
