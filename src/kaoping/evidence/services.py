"""Verbs of the ledger: record, withdraw, import a register. Files: ``handing_in``, ``disposals``."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.services import record_act, refuse
from kaoping.calendars import day_of
from kaoping.evidence import policy
from kaoping.evidence.disposals import destroy_artefact
from kaoping.evidence.handing_in import keep_bytes, store_artefact
from kaoping.evidence.models import Observation, ObservationArtefact
from kaoping.evidence.register import Fault, read_register
from kaoping.scoring.observations import SOURCES, ArtefactRef, ObservationError, check_value
from kaoping.support import jobs
from kaoping.support.tables import SheetError, read_table

__all__ = [
    "Entry",
    "RegisterRefused",
    "destroy_artefact",
    "import_register",
    "keep_bytes",
    "record",
    "store_artefact",
    "withdraw",
]
TOPIC: Final = "ledger"
_APPENDING: Final = 0x6B616F70  # names the lock among this database's advisory locks


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


def record(entries: Iterable[Entry], *, actor: Actor, now: datetime) -> list[str]:
    """Append observations in one transaction and return their ids.

    The caller has decided that ``actor`` may; the ledger checks shape: known source, value of its kind, a superseded id
    that exists and was not superseded before. An entry with a ``uid`` already recorded is skipped (jobs run at least once).
    Raises ``ObservationError``.
    """
    wanted = list(entries)
    ids: list[str] = []
    with transaction.atomic():
        _one_at_a_time()
        known = set(
            Observation.objects.filter(uid__in=[one.uid for one in wanted if one.uid]).values_list(
                "uid", flat=True
            )
        )
        for one in wanted:
            if one.uid and one.uid in known:
                ids.append(one.uid)
            else:
                ids.append(_append(one, actor, now))
        if len(known) < len(wanted):
            jobs.announce(TOPIC, now=now)
    return ids


def _one_at_a_time() -> None:
    """Positions in the ledger follow the order of commits, so that a reader with a cursor misses no line.

    SQLite has one writer anyway. On PostgreSQL a line with a lower number could become visible after a higher one was
    read; whoever appends therefore waits for the transaction that appended before.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPENDING])


def _append(entry: Entry, actor: Actor, now: datetime) -> str:
    if entry.source not in SOURCES:
        raise ObservationError("source", f"应为 {'、'.join(SOURCES)} 之一")
    if not entry.item and not entry.check:
        raise ObservationError("item", "item 与 check 至少写一个")
    value = check_value(entry.kind, entry.value)
    if entry.supersedes:
        _check_supersession(entry)
    elif entry.kind == "withdrawn":
        raise ObservationError("supersedes", "撤回必须写明撤回哪一条")
    row = Observation.objects.create(
        uid=entry.uid or uuid.uuid4().hex,
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
        supersedes=entry.supersedes or "",
    )
    ObservationArtefact.objects.bulk_create(
        ObservationArtefact(observation=row, sha256=one.sha256 or "", url=(one.url or "")[:500])
        for one in entry.artefacts
    )
    return row.uid


def _check_supersession(entry: Entry) -> None:
    old = Observation.objects.filter(uid=entry.supersedes).first()
    if old is None:
        raise ObservationError("supersedes", f"没有编号为 {entry.supersedes} 的记录")
    if old.unit != entry.unit:
        raise ObservationError("supersedes", "只能更正同一单位的记录")
    if Observation.objects.filter(supersedes=entry.supersedes).exists():
        raise ObservationError("supersedes", "这条记录已被更正过，请更正最新的一条")


def withdraw(uid: str, *, actor: Actor, reason: str, now: datetime) -> str:
    """Record that an observation no longer counts; the row stays."""
    old = Observation.objects.filter(uid=uid).first()
    if old is None:
        raise Refused("没有这条记录，无法撤回。")
    if not reason.strip():
        raise Refused("撤回要写明理由。")
    if Observation.objects.filter(supersedes=uid).exists():
        raise Refused("这条记录已被更正或撤回，请看最新的一条。")
    with transaction.atomic():
        [new] = record(
            [
                Entry(
                    unit=old.unit,
                    item=old.item or None,
                    check=old.check_id or None,
                    source="office",
                    observed_at=old.observed_at,
                    kind="withdrawn",
                    value=None,
                    reason=reason,
                    supersedes=uid,
                )
            ],
            actor=actor,
            now=now,
        )
        record_act(actor, "withdraw", "observation", uid, f"撤回记录 {uid}：{reason}", now=now)
    return new


class RegisterRefused(Refused):
    """A ledger with faults: nothing was recorded; ``faults`` names row, column and what to write."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(str(one) for one in faults[:5]))
        self.faults = list(faults)


def import_register(
    *,
    actor: Actor,
    filename: str,
    content: bytes,
    items: Mapping[str, tuple[str, ...]],
    units: Iterable[str],
    confirmed: bool = False,
    now: datetime,
) -> int:
    """Record every row of a ledger, all or none, each proved by the file itself; the same file twice records once.

    ``items`` maps indicator codes to the kinds that they take from source register. Raises ``RegisterRefused``.
    """
    if not policy.can_import_register(actor):
        raise refuse(actor, "import_register", "ledger", "", "台账由市政务公开办经办导入。", now=now)
    try:
        lines = read_table(filename, content)
    except SheetError as error:
        raise RegisterRefused([Fault(1, "文件", str(error))]) from None
    rows, faults = read_register(lines, units=units, items=items, today=day_of(now))
    if faults:
        raise RegisterRefused(faults)
    digest = store_artefact(content, name=filename, confirmed=confirmed, actor=actor, now=now)
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
            uid=f"register:{digest[:32]}:{row.number}",
        )
        for row in rows
    ]
    with transaction.atomic():
        record(entries, actor=actor, now=now)
        record_act(
            actor,
            "import_register",
            "ledger",
            digest,
            f"导入台账 {len(entries)} 条（校验值 {digest[:8]}）。",
            now=now,
        )
    return len(entries)
