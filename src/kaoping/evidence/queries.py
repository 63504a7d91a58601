"""Reads of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet

from kaoping.calendars import SHANGHAI
from kaoping.evidence import logic
from kaoping.evidence.models import (
    Act,
    Artefact,
    Closing,
    Destruction,
    Observation,
    ObservationArtefact,
    Second,
)
from kaoping.scoring.observations import ArtefactRef
from kaoping.scoring.observations import Observation as EngineObservation
from kaoping.support.files import FileStore


def file_store() -> FileStore:
    """Where artefacts' bytes are."""
    return FileStore(settings.KAOPING_FILES)


def ledger(
    *, recorded_until: datetime | None = None, units: Iterable[str] | None = None
) -> list[EngineObservation]:
    """Observations in the engine's form, in the order of recording; two queries whatever their number."""
    rows = Observation.objects.order_by("id")
    if recorded_until is not None:
        rows = rows.filter(recorded_at__lte=recorded_until)
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    proofs: dict[int, list[ArtefactRef]] = {}
    # A whole year at once: grouping by hand costs a quarter of prefetching.
    for row, sha256, url in (
        ObservationArtefact.objects.filter(observation__in=rows.order_by())
        .order_by("id")
        .values_list("observation_id", "sha256", "url")
    ):
        proofs.setdefault(row, []).append(ArtefactRef(sha256 or None, url or None))
    lines = list(rows)
    sources = {one.uid: one.source for one in lines}
    return [_engine(one, tuple(proofs.get(one.pk, ())), sources) for one in lines]


def since(position: int, *, limit: int = 500) -> list[tuple[int, EngineObservation]]:
    """Observations after a cursor's position, with their positions."""
    rows = Observation.objects.filter(id__gt=position).order_by("id").prefetch_related("artefacts")[:limit]
    return [(row.id, as_engine(row)) for row in rows]


def observation(uid: str) -> EngineObservation | None:
    """One observation."""
    row = Observation.objects.filter(uid=uid).prefetch_related("artefacts").first()
    return as_engine(row) if row else None


def observations(uids: Iterable[str]) -> list[EngineObservation]:
    """Several observations, in the order of recording."""
    rows = Observation.objects.filter(uid__in=list(uids)).order_by("id").prefetch_related("artefacts")
    return [as_engine(row) for row in rows]


def of_unit(unit: str, item: str | None = None) -> list[EngineObservation]:
    """What the ledger holds of one unit (and item)."""
    rows: QuerySet[Observation] = Observation.objects.filter(unit=unit)
    if item is not None:
        rows = rows.filter(item=item)
    return [as_engine(row) for row in rows.order_by("id").prefetch_related("artefacts")]


def search(*, unit: str = "", item: str = "", source: str = "") -> QuerySet[Observation]:
    """Rows for a list, newest first, narrowed by what is given."""
    rows = Observation.objects.order_by("-id")
    given = {"unit": unit, "item": item, "source": source}
    return rows.filter(**{name: value for name, value in given.items() if value})


def arrivals(since: datetime) -> dict[str, int]:
    """Source -> number of lines recorded since then, the most first; one query."""
    rows = Observation.objects.filter(recorded_at__gte=since).order_by().values("source")
    return {one["source"]: one["n"] for one in rows.annotate(n=Count("id")).order_by("-n", "source")}


def successor_of(uid: str) -> str | None:
    """The id of the line that corrects or withdraws this one, or null."""
    return Observation.objects.filter(supersedes=uid).values_list("uid", flat=True).first()


def undecided_pairs(units: Iterable[str]) -> set[tuple[str, str]]:
    """(unit, item) of which the ledger holds a verdict "could not tell"; one query."""
    rows = Observation.objects.filter(unit__in=list(units), kind="verdict", value="undecided")
    return set(rows.exclude(item="").values_list("unit", "item"))


def last_position() -> int:
    """The position of the newest observation, 0 when there is none."""
    return Observation.objects.aggregate(last=Max("id"))["last"] or 0


def position_at(as_of: datetime) -> int:
    """The position up to which everything was known ``as_of``; what lies beyond may have been recorded later.

    Who reads the ledger as of an instant does not see what others record meanwhile with a later one.
    """
    later = Observation.objects.filter(recorded_at__gt=as_of).aggregate(first=Min("id"))["first"]
    return later - 1 if later else last_position()


def artefact(sha256: str) -> Artefact | None:
    """The record of stored bytes."""
    return Artefact.objects.filter(sha256=sha256).first()


def artefact_bytes(sha256: str) -> bytes | None:
    """The stored bytes, or null when they were destroyed."""
    return file_store().get(sha256)


def destruction(sha256: str) -> Destruction | None:
    """The act that destroyed the bytes, or null."""
    return Destruction.objects.filter(sha256=sha256).first()


def as_engine(row: Observation) -> EngineObservation:
    """A row in the engine's form."""
    return _engine(
        row, tuple(ArtefactRef(one.sha256 or None, one.url or None) for one in row.artefacts.all())
    )


def _engine(
    row: Observation, artefacts: tuple[ArtefactRef, ...], sources: Mapping[str, str] | None = None
) -> EngineObservation:
    """``sources`` tells the source of lines by id, where it was read already."""
    observed_at, act = row.observed_at, row.act
    if row.format is None:
        observed_at = logic.legacy_instant(observed_at)
        old = _source_of(row.supersedes, sources) if row.supersedes and row.source == "office" else None
        act = logic.legacy_act(row.uid, row.source, row.supersedes, old)
    return EngineObservation(
        id=row.uid,
        unit=row.unit,
        item=row.item or None,
        check=row.check_id or None,
        source=row.source,
        observed_at=observed_at,
        recorded_at=row.recorded_at,
        kind=row.kind,
        value=row.value,
        reason=row.reason or None,
        artefacts=artefacts,
        by=row.by or None,
        supersedes=row.supersedes or None,
        target=row.target or None,
        act=act or None,
    )


def _source_of(uid: str, known: Mapping[str, str] | None) -> str | None:
    if known is not None and uid in known:
        return known[uid]
    return Observation.objects.filter(uid=uid).values_list("source", flat=True).first()


@dataclass(frozen=True, slots=True)
class LedgerAct:
    """A ruling or an undone import: who did it and when, and who agreed. ``signers`` counts the people."""

    ref: str
    line: str
    reason: str
    by: str
    by_id: str
    at: datetime
    takes_two: bool
    second: str | None
    agreed: bool | None

    @property
    def signers(self) -> int:
        """How many people put their hand to it."""
        return 2 if self.agreed else 1


def _act(row: Act) -> LedgerAct:
    second = Second.objects.filter(act=row).first()
    return LedgerAct(
        row.ref,
        row.line,
        row.reason,
        row.by,
        row.by_id,
        row.at,
        row.takes_two,
        second.by if second else None,
        second.agreed if second else None,
    )


def act(ref: str) -> LedgerAct | None:
    """A ruling or an undone import by its reference."""
    row = Act.objects.filter(ref=ref).first()
    return _act(row) if row else None


def rulings_on(line: str) -> list[LedgerAct]:
    """Every ruling proposed or made about a line, oldest first."""
    return [_act(row) for row in Act.objects.filter(line=line).order_by("id")]


def open_ruling(line: str) -> LedgerAct | None:
    """The ruling about a line that waits for its second person."""
    return next((one for one in rulings_on(line) if one.takes_two and one.agreed is None), None)


def open_rulings() -> list[LedgerAct]:
    """Every ruling that waits for its second person."""
    return [_act(row) for row in Act.objects.filter(takes_two=True, second=None).order_by("id")]


def batch_of(uid: str) -> str | None:
    """The import that a line came with, null for every other line."""
    return logic.batch_of(uid)


def batch(batch_id: str) -> list[EngineObservation]:
    """The lines that one import recorded, in their order."""
    rows = Observation.objects.filter(uid__startswith=f"register:{batch_id}:").order_by("id")
    return [as_engine(row) for row in rows.prefetch_related("artefacts")]


def standing_of(uids: Iterable[str]) -> set[str]:
    """Those of the lines that nothing supersedes."""
    wanted = set(uids)
    gone = Observation.objects.filter(supersedes__in=wanted).values_list("supersedes", flat=True)
    return wanted - set(gone)


def withdrawals() -> list[tuple[int, EngineObservation]]:
    """Every withdrawal in the ledger with its position, in the order of recording."""
    rows = Observation.objects.filter(kind="withdrawn").order_by("id").prefetch_related("artefacts")
    return [(row.pk, as_engine(row)) for row in rows]


def is_closed(item: str | None, observed_at: datetime) -> bool:
    """Whether the round of review is closed to which a line of this item and instant belongs."""
    day = observed_at.astimezone(SHANGHAI).date()
    row = Closing.objects.filter(item=item or "", start__lte=day, end__gte=day).order_by("-id").first()
    return row is not None and row.closed
