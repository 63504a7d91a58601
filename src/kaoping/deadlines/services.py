"""Verbs: enter the yearly arrangement, withdraw a wrong entry. Dates move in the same transaction, never earlier."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import already
from kaoping.accounts.verbs import Act, verb
from kaoping.calendars import Arrangement, WorkingCalendar, table_to_json
from kaoping.campaigns.services import stages as stage_verbs
from kaoping.deadlines import queries
from kaoping.evaluation.services import opinions
from kaoping.foreign.glyphs import glyphs
from kaoping.rectification.services import recount
from kaoping.workdays import logic, policy
from kaoping.workdays import queries as workdays
from kaoping.workdays.logic import Move
from kaoping.workdays.models import Arrangement as Entry
from kaoping.workdays.services import tell

CHANGED = "日期又有变化，与刚才所列的不同。请再核对一遍后确认。"
ONLY_HANDLER = "放假安排由政务公开办经办录入。"


def _unenterable(given: Arrangement, now: datetime) -> str | None:
    sources = [row.source for row in workdays.entries() if row.withdrawn_at is None]
    return logic.refusal_to_enter(given, workdays.calendar(now).table, sources)


@verb(
    "enter_calendar",
    "录入放假安排",
    kind="calendar",
    thing="given.years_words",
    door=policy.can_enter_calendar,
    denied=ONLY_HANDLER,
    refusal=_unenterable,
    said="录入 {years} 年放假安排（{source}），放假、补班共 {days} 天，{moved}。",
    news="录入放假安排 {n} 次",
    room="calendar",
    back="withdraw_calendar",
)
def enter_arrangement(
    act: Act, *, actor: Actor, given: Arrangement, now: datetime, seen: str | None = None
) -> list[Move]:
    """State the years of ``given`` whole and let every date follow: later where the count says so, never earlier.

    ``seen`` is the ``Effect.seen`` that somebody confirmed; null for a caller who saw none. An earlier entry of these years stays
    in the table and no longer counts. Returns the dates that moved.
    """
    with act.writing():
        workdays.hold_calendar()
        if words := _unenterable(given, now):  # two people may have waited to enter the same
            raise Refused(words)
        if seen is not None and queries.effect_of(given, now=now).seen != seen:
            raise Refused(CHANGED)
        before = workdays.calendar(now)
        Entry.objects.create(
            years=list(given.years),
            source=given.source,
            days=table_to_json(given.table())["days"],
            entered_by_id=actor.id,
            entered_by=actor.name,
            entered_at=now,
        )
        basis = logic.basis_words(given.years, given.source)
        moved = _follow(actor, before, workdays.calendar(now), basis, now)
        act.done(years=given.years_words, source=given.source, days=len(given.days), moved=_count(moved))
    return moved


def _withdrawn(entry: Entry) -> str | None:
    if entry.withdrawn_at is None:
        return None
    return already("这次录入", "撤回", entry.withdrawn_by, entry.withdrawn_at)


@verb(
    "withdraw_calendar",
    "撤回放假安排",
    kind="calendar",
    thing="entry",
    door=policy.can_enter_calendar,
    denied=ONLY_HANDLER,
    refusal=_withdrawn,
    lock="entry",
    said="撤回 {years} 年放假安排（{source}）：{reason}。{moved}。",
    news="撤回放假安排 {n} 次",
    room="calendar",
    back="enter_calendar",
)
def withdraw_arrangement(
    act: Act, *, actor: Actor, entry: Entry, reason: str, now: datetime, seen: str | None = None
) -> list[Move]:
    """Take back a wrong entry: it stays in the table with the reason; its years are what they were without it."""
    if not glyphs(reason):
        raise Refused("请写明撤回的理由。")
    with act.writing():
        workdays.hold_calendar()
        if seen is not None and queries.effect_of_withdrawing(entry, now=now).seen != seen:
            raise Refused(CHANGED)
        before = workdays.calendar(now)
        entry.withdrawn_by_id, entry.withdrawn_by = actor.id, actor.name
        entry.withdrawn_at, entry.withdrawn_reason = now, reason.strip()[:200]
        entry.save(update_fields=["withdrawn_by_id", "withdrawn_by", "withdrawn_at", "withdrawn_reason"])
        years = "、".join(map(str, entry.years))
        basis = f"{years} 年放假安排（{entry.source}）的录入已撤回：{reason.strip()}"
        moved = _follow(actor, before, workdays.calendar(now), basis, now)
        act.done(thing=years, years=years, source=entry.source, reason=reason.strip(), moved=_count(moved))
    return moved


def _follow(
    actor: Actor, before: WorkingCalendar, after: WorkingCalendar, basis: str, now: datetime
) -> list[Move]:
    """Every activity moves its dates; every unit that was told one gets one notice."""
    found = [
        *recount.recount(actor=actor, calendar=after, basis=basis, now=now),
        *stage_verbs.recount(after),
        *opinions.recount(before=before, after=after),
    ]
    moved = [one for one in found if one.changes]
    for one in moved:
        tell(one, basis=basis, actor=actor, now=now)
    return moved


def _count(moved: list[Move]) -> str:
    told = [one for one in moved if one.kind != logic.REMINDER]
    return f"{len(told)} 个期限顺延，没有期限提前" if told else "没有期限改动"
