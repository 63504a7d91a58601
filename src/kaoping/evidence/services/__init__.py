"""Verbs of the ledger: record, import, store an artefact, destroy its bytes. How lines are withdrawn is ``withdrawal``."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from django.db import connection, transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.services import record_act, refuse
from kaoping.calendars import day_of
from kaoping.evidence import logic, policy, queries
from kaoping.evidence.models import (
    Artefact,
    Destruction,
    Observation,
    ObservationArtefact,
)
from kaoping.evidence.queries import file_store
from kaoping.evidence.register import Fault, read_register
from kaoping.evidence.text import readable_text
from kaoping.scoring.observations import (
    FORMAT,
    SOURCES,
    ArtefactRef,
    ObservationError,
    check_value,
    check_words,
)
from kaoping.scoring.observations import Observation as EngineObservation
from kaoping.scoring.succession import refusal
from kaoping.support import jobs
from kaoping.support.sheets import SheetError, read_lines

TOPIC: Final = "ledger"
DESTROY: Final = "kaoping.evidence.jobs:destroy_bytes"
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
    target: str | None = None
    act: str | None = None


def record(entries: Iterable[Entry], *, actor: Actor, now: datetime) -> list[str]:
    """Append observations in one transaction and return their ids.

    The caller has decided that ``actor`` may; the ledger checks shape: known source, value of its kind, and that the line
    may supersede what it names (``scoring.succession``, the rule that scorer, bundle and verification obey). An entry with
    a ``uid`` already recorded is skipped (jobs run at least once). Raises ``ObservationError``.
    """
    wanted = list(entries)
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
                ids.append(_append(one, actor, now))
        if len(known) < len(wanted):
            jobs.announce(TOPIC, now=now)
    return ids


def one_at_a_time() -> None:
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
    check_words(source=entry.source, check=entry.check, target=entry.target, act=entry.act)
    value = check_value(entry.kind, entry.value)
    uid = entry.uid or uuid.uuid4().hex
    if entry.supersedes:
        _check_succession(drafted(entry, uid, value, actor.name, now))
    elif entry.kind == "withdrawn":
        raise ObservationError("supersedes", "撤回必须写明撤回哪一条")
    row = Observation.objects.create(
        uid=uid,
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
        target=entry.target,
        act=entry.act,
        format=FORMAT,
    )
    ObservationArtefact.objects.bulk_create(
        ObservationArtefact(observation=row, sha256=one.sha256 or "", url=(one.url or "")[:500])
        for one in entry.artefacts
    )
    return row.uid


def drafted(entry: Entry, uid: str, value: Any, by: str, now: datetime) -> EngineObservation:
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
        artefacts=tuple(entry.artefacts),
        by=by,
        supersedes=entry.supersedes,
        target=entry.target,
        act=entry.act,
    )


def _check_succession(new: EngineObservation) -> None:
    old = queries.observation(str(new.supersedes))
    gone = old.supersedes if old is not None and old.kind == "withdrawn" else None
    words = refusal(new, old, queries.observation(gone) if gone else None)
    if words is None and queries.successor_of(str(new.supersedes)):
        words = "这条记录已被更正过，请更正最新的一条"
    if words:
        raise ObservationError("supersedes", words)


def store_artefact(content: bytes, *, name: str, media_type: str = "", actor: Actor, now: datetime) -> str:
    """Keep bytes by their digest and return it. Refuses wrong types and files that bear a 密级 mark (in words)."""
    words = logic.refusal_of_file(name, content)
    if words:
        raise Refused(words)
    mark = logic.secrecy_mark(readable_text(name, content)) or logic.secrecy_mark(name)
    if mark:
        raise Refused(
            f"“{name}”带有密级标志“{mark}”。本系统为非涉密系统，严禁上传国家秘密、工作秘密，文件没有保存。"
        )
    return keep_bytes(content, name=name, media_type=media_type or _media_type(name), actor=actor, now=now)


def keep_bytes(content: bytes, *, name: str, media_type: str, actor: Actor, now: datetime) -> str:
    """Keep bytes that the program itself made or captured (pages, releases)."""
    digest = file_store().put(content)
    Artefact.objects.get_or_create(
        sha256=digest,
        defaults={
            "size": len(content),
            "media_type": media_type,
            "name": name[:200],
            "stored_at": now,
            "stored_by": actor.name,
        },
    )
    return digest


def _media_type(name: str) -> str:
    return logic.ALLOWED_TYPES.get("." + name.rsplit(".", 1)[-1].lower(), "application/octet-stream")


def destroy_artefact(
    *, sha256: str, proposed_by: Actor, confirmed_by: Actor, reason: str, now: datetime
) -> None:
    """Destroy the bytes of an artefact by a recorded two-person act; its digest and the act stay.

    The act promises the worker to remove the bytes, so that nothing stays when this process ends between the two.
    """
    if not policy.can_propose_destruction(proposed_by):
        words = "销毁材料由市政务公开办经办提出。"
        raise refuse(proposed_by, "destroy_artefact", "artefact", sha256, words, now=now)
    if not policy.can_confirm_destruction(confirmed_by):
        words = "销毁材料由办公室负责人或第二签发人确认。"
        raise refuse(confirmed_by, "destroy_artefact", "artefact", sha256, words, now=now)
    if proposed_by.id == confirmed_by.id:
        raise Refused("销毁须由两人办理，提出人与确认人不能是同一人。")
    if not reason.strip():
        raise Refused("销毁要写明理由。")
    if not Artefact.objects.filter(sha256=sha256).exists():
        raise Refused("没有这份材料。")
    if Destruction.objects.filter(sha256=sha256).exists():
        raise Refused("这份材料已经销毁。")
    with transaction.atomic():
        Destruction.objects.create(
            sha256=sha256, reason=reason, proposed_by=proposed_by.name, confirmed_by=confirmed_by.name, at=now
        )
        record_act(
            confirmed_by,
            "destroy_artefact",
            "artefact",
            sha256,
            f"{proposed_by.name} 提出、{confirmed_by.name} 确认，销毁材料 {sha256[:8]}：{reason}",
            now=now,
        )
        jobs.enqueue(DESTROY, key=f"destroy-{sha256}", due_at=now, now=now, sha256=sha256)
    file_store().destroy(sha256)


def destroy_bytes(sha256: str) -> bool:
    """Remove the bytes of an artefact whose destruction is on record; true when there is such a record."""
    if not Destruction.objects.filter(sha256=sha256).exists():
        return False
    file_store().destroy(sha256)
    return True


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
    now: datetime,
    most: Mapping[str, Fraction] | None = None,
    act: str | None = None,
) -> int:
    """Record every row of a ledger, all or none, each proved by the file itself; the same file twice records once.

    ``items`` maps indicator codes to the kinds that they take from source register, ``most`` to the points that they are
    worth. After a round is closed its days take lines by an ``act`` alone, which is a correction. A file whose import was
    undone can be imported again. Raises ``RegisterRefused``.
    """
    if not policy.can_import_register(actor):
        raise refuse(actor, "import_register", "ledger", filename, "台账由市政务公开办经办导入。", now=now)
    try:
        lines = read_lines(filename, content)
    except SheetError as error:
        raise RegisterRefused([Fault(1, "文件", str(error))]) from None
    rows, faults = read_register(lines, units=units, items=items, today=day_of(now), most=most or {})
    closed = [row for row in rows if queries.is_closed(row.item, row.observed_at)]
    words = logic.refusal_after_closing(act, 1) if closed else None
    if words:
        faults = [*faults, *(Fault(row.number, "观察日期", words) for row in closed)]
    if faults:
        raise RegisterRefused(faults)
    digest = store_artefact(content, name=filename, actor=actor, now=now)
    batch = _batch(digest)
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
            uid=f"register:{batch}:{row.number}",
            act=act,
        )
        for row in rows
    ]
    with transaction.atomic():
        record(entries, actor=actor, now=now)
        record_act(
            actor, "import_register", "ledger", digest, f"导入台账 {filename}，{len(entries)} 条。", now=now
        )
    return len(entries)


def _batch(digest: str) -> str:
    """The id of an import: the file's digest, with a number when an earlier import of the same file was undone."""
    times = 1
    while queries.act(f"batch:{_numbered(digest, times)}") is not None:
        times += 1
    return _numbered(digest, times)


def _numbered(digest: str, times: int) -> str:
    return digest[:32] if times == 1 else f"{digest[:32]}.{times}"
