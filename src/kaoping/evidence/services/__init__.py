"""Verbs of the ledger: record, import. How lines are withdrawn is ``withdrawal``; files: ``handing_in``, ``disposals``."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from django.db import connection, transaction

from kaoping.accounts.actor import Actor, Owned, Refused
from kaoping.accounts.logic import already
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.evidence import logic, policy, queries
from kaoping.evidence.disposals import destroy_artefact
from kaoping.evidence.handing_in import keep_bytes, store_artefact
from kaoping.evidence.models import Observation, ObservationArtefact
from kaoping.evidence.queries import acts, closings, entering
from kaoping.evidence.register import LEDGER, DayRefusal, read_register, repeats
from kaoping.foreign.addresses import canonical
from kaoping.foreign.sheet import Fault
from kaoping.scoring import targets
from kaoping.scoring.observations import (
    FORMAT,
    SOURCES,
    ArtefactRef,
    ObservationError,
    check_value,
    check_words,
)
from kaoping.scoring.observations import Observation as EngineObservation
from kaoping.scoring.succession import act_kind, refusal
from kaoping.standards.queries import severe_items
from kaoping.support import jobs, tables
from kaoping.support.advisory import APPENDING

__all__ = [
    "Entry",
    "Imported",
    "RegisterRefused",
    "destroy_artefact",
    "import_register",
    "keep_bytes",
    "record",
    "store_artefact",
]
TOPIC: Final = "ledger"


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wants to record; the ledger adds the id and the instant of recording."""

    unit: str
    source: str
    observed_at: datetime
    kind: str
    value: Any
    item: str | None = None
    check: str | None = None
    reason: str | None = None
    artefacts: Sequence[ArtefactRef] = ()
    supersedes: str | None = None
    uid: str | None = None
    target: str | None = None
    act: str | None = None


def record(entries: Iterable[Entry], *, actor: Actor, whose: Owned | None, now: datetime) -> list[str]:
    """Append observations in one transaction and return their ids.

    They count in the years of the organiser whose thing ``whose`` is; null for lines that supersede others and count where
    these do. The caller has decided that ``actor`` may; the ledger checks shape: known source, value of its kind, and that the line
    may supersede what it names (``scoring.succession``, the rule that scorer, bundle and verification obey), and that no
    veto or major deduction enters without an act of two. An entry with a ``uid`` already recorded is skipped (jobs run at
    least once). Raises ``ObservationError``.
    """
    wanted = list(entries)
    _refuse_one_hand(wanted)
    ids: list[str] = []
    with transaction.atomic():
        one_at_a_time()
        known = set(
            Observation.objects.filter(uid__in=[one.uid for one in wanted if one.uid]).values_list(
                "uid", flat=True
            )
        )
        for one in wanted:
            if one.uid and one.uid in known:
                ids.append(one.uid)
            else:
                ids.append(_append(one, actor, whose, now))
        if len(known) < len(wanted):
            jobs.announce(TOPIC, now=now)
    return ids


def _refuse_one_hand(wanted: Sequence[Entry]) -> None:
    """Whatever verb it is: a person's line about a veto or a major deduction names the act of two that decided it.

    What the program saw by itself is another matter: there the rulebook lets a check feed the item, and no person picks it.
    """
    typed = [one for one in wanted if one.item and one.source not in logic.UNTYPED and not one.supersedes]
    alone = [one for one in typed if act_kind(one.act) not in logic.ACTS_OF_TWO]
    if not alone:
        return
    severe = severe_items()
    for one in alone:
        if one.item in severe:
            raise ObservationError("act", logic.severe_elsewhere(str(one.item)))


def one_at_a_time() -> None:
    """Positions in the ledger follow the order of commits, so that a reader with a cursor misses no line.

    SQLite has one writer anyway. On PostgreSQL a line with a lower number could become visible after a higher one was
    read; whoever appends therefore waits for the transaction that appended before.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPENDING])


def _organiser(old: EngineObservation | None, whose: Owned | None) -> str:
    """Whose the new line is: a line about another one is always whose that one is."""
    if whose is None:
        if old is None:
            raise ObservationError("supersedes", "没有写明是谁组织的年度")
        return old.organiser
    if old is not None and old.organiser != whose.organiser:
        raise ObservationError("supersedes", "要更正的一条是另一个组织单位的")
    return whose.organiser


def _append(entry: Entry, actor: Actor, whose: Owned | None, now: datetime) -> str:
    old = queries.observation(entry.supersedes) if entry.supersedes else None
    organiser = _organiser(old, whose)
    if entry.source not in SOURCES:
        raise ObservationError("source", f"应为 {'、'.join(SOURCES)} 之一")
    if not entry.item and not entry.check:
        raise ObservationError("item", "item 与 check 至少写一个")
    check_words(source=entry.source, check=entry.check, target=entry.target, act=entry.act)
    if entry.target is not None and not entry.supersedes and (words := targets.refusal(entry.target)):
        raise ObservationError("target", words)
    entry = _under_its_old_address(entry)
    value = check_value(entry.kind, entry.value)
    uid = entry.uid or uuid.uuid4().hex
    if entry.supersedes:
        _check_succession(drafted(entry, uid, value, actor.name, now), old)
    elif entry.kind == "withdrawn":
        raise ObservationError("supersedes", "撤回必须写明撤回哪一条")
    row = Observation.objects.create(
        uid=uid,
        organiser=organiser,
        unit=entry.unit,
        item=entry.item or "",
        check_id=entry.check or "",
        source=entry.source,
        observed_at=entry.observed_at,
        recorded_at=now,
        kind=entry.kind,
        value=value,
        reason=entry.reason or "",
        by=actor.name,
        by_id=actor.id or None,
        supersedes=entry.supersedes or "",
        target=entry.target,
        act=entry.act,
        format=FORMAT,
    )
    ObservationArtefact.objects.bulk_create(
        ObservationArtefact(observation=row, sha256=one.sha256 or "", url=(one.url or "")[:500])
        for one in entry.artefacts
    )
    return row.uid


def _under_its_old_address(entry: Entry) -> Entry:
    """A page that standing lines of an earlier format name in another spelling goes on under that spelling.

    Nothing that is stored changes what it is about; one fault stays one all the same.
    """
    found = targets.parse(entry.target or "")
    if found is None or found.form != "page":
        return entry
    address = entering.spelt_otherwise(entry.unit, entry.check, entry.item, found.which)
    if address is None:
        return entry
    seen = [one for one in entry.artefacts if one.url != found.which]
    proof = next((one.sha256 for one in entry.artefacts if one.url == found.which), None)
    return replace(entry, target=None, artefacts=[ArtefactRef(proof, address), *seen])


def drafted(entry: Entry, uid: str, value: Any, by: str | None, now: datetime) -> EngineObservation:
    """An entry as the ledger would hold it."""
    return EngineObservation(
        id=uid,
        unit=entry.unit,
        item=entry.item,
        check=entry.check,
        source=entry.source,
        observed_at=entry.observed_at,
        recorded_at=now,
        kind=entry.kind,
        value=value,
        reason=entry.reason,
        artefacts=tuple(entry.artefacts),
        by=by,
        supersedes=entry.supersedes,
        target=entry.target,
        act=entry.act,
    )


def _check_succession(new: EngineObservation, old: EngineObservation | None) -> None:
    gone = old.supersedes if old is not None and old.kind == "withdrawn" else None
    words = refusal(new, old, queries.observation(gone) if gone else None)
    if words is None and queries.successor_of(str(new.supersedes)):
        words = "这条记录已被更正过，请更正最新的一条"
    if words:
        raise ObservationError("supersedes", words)


class RegisterRefused(Refused):
    """A ledger with faults: nothing was recorded; ``faults`` names cell and remedy, ``notes`` what was not read."""

    def __init__(self, faults: Sequence[Fault], notes: Sequence[str] = ()) -> None:
        # What stands in the cells of a file is no matter for a log that is never pruned.
        said = f"台账没有导入，{len(faults)} 处要改。"
        super().__init__("；".join(str(one) for one in faults[:5]), logged=said)
        self.faults, self.notes = list(faults), tuple(notes)


@dataclass(frozen=True, slots=True)
class Imported:
    """The id of an import, how many lines it has, and who had imported the same file before; null when it is new.

    ``notes`` say what of the file was not read.
    """

    batch: str
    lines: int
    already: str | None = None
    notes: tuple[str, ...] = ()


@verb(
    "import_register",
    "导入台账",
    kind="ledger",
    door=policy.can_import_register,
    whose="whose",
    denied="台账由政务公开办经办导入。",
    said="导入台账 {count} 条（校验值 {digest}）。",
    news="导入台账 {n} 次",
    room="ledger",
    back="undo_import",
)
def import_register(
    doing: Act,
    *,
    actor: Actor,
    whose: Owned,
    filename: str,
    content: bytes,
    items: Mapping[str, tuple[str, ...]],
    units: Iterable[str],
    confirmed: bool = False,
    now: datetime,
    most: Mapping[str, Fraction] | None = None,
    levels: Mapping[str, Mapping[str, str]] | None = None,
    elsewhere: Mapping[str, str] | None = None,
    refusal_of_day: DayRefusal = lambda _item, _day: None,
    act: str | None = None,
) -> Imported:
    """Record every row of a ledger, all or none, each proved by the file itself; the same file twice records once.

    ``items`` maps indicator codes to the kinds that they take from source register, ``most`` to the points that they are
    worth, ``levels`` to their levels, ``elsewhere`` to the words for items that do not enter by a file;
    ``refusal_of_day`` says which days an item takes nothing of. What arrives after
    its round closed is kept and moves no point, unless an ``act`` brings it, which is a correction. A file whose import was
    undone can be imported again. Raises ``RegisterRefused``, and ``Refused`` for a file that came late and is not undone.
    """
    table = tables.read(content, filename, LEDGER)
    rows, faults = read_register(
        table,
        units=units,
        items=items,
        today=day_of(now),
        most=most,
        levels=levels,
        elsewhere=elsewhere,
        refusal_of_day=refusal_of_day,
    )
    if faults:
        raise RegisterRefused(faults, table.notes)
    batch = _batch(hashlib.sha256(content).hexdigest(), whose.organiser)
    if not queries.batch_rows(batch).exists() and (
        again := repeats(rows, entering.registered(rows, whose.organiser))
    ):
        raise RegisterRefused(again, table.notes)
    digest = store_artefact(content, name=filename, confirmed=confirmed, actor=actor, now=now)
    if act is not None and any(closings.is_late(one) for one in queries.batch(batch)):
        # The lines of this file would be taken for those that are there, and count nothing.
        raise Refused(logic.CAME_LATE)
    there = queries.batch_rows(batch)
    first = there.first()
    if first is not None:
        told = already("这份文件", "导入", first.by or "本平台", first.recorded_at)
        return Imported(batch, there.count(), told)
    entries = [
        Entry(
            unit=row.unit,
            item=row.item,
            source="register",
            observed_at=row.observed_at,
            kind=row.kind,
            value=row.value,
            reason=row.reason or None,
            artefacts=[ArtefactRef(digest, row.url or None)],
            target=targets.page(row.url) if canonical(row.url) else None,
            uid=f"register:{batch}:{row.number}",
            act=act,
        )
        for row in rows
    ]
    with doing.writing():
        record(entries, actor=actor, whose=whose, now=now)
        doing.done(thing=digest, count=len(entries), digest=digest[:8])
    return Imported(batch, len(entries), notes=table.notes)


def _batch(digest: str, organiser: str) -> str:
    """The id of an import: the file's digest, with a number when an earlier import of the same file was undone.

    A file that another organiser has imported as well is another import.
    """
    if queries.batch_rows(digest[:32]).exclude(organiser=organiser).exists():
        digest = hashlib.sha256(f"{organiser}:{digest}".encode()).hexdigest()
    times = 1
    while acts.act(f"batch:{_numbered(digest, times)}") is not None:
        times += 1
    return _numbered(digest, times)


def _numbered(digest: str, times: int) -> str:
    return digest[:32] if times == 1 else f"{digest[:32]}.{times}"
