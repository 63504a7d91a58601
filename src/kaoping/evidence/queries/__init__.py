"""Reads of the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet

from kaoping.accounts.actor import Actor, Who, same_person
from kaoping.accounts.queries import known_as
from kaoping.evidence import logic
from kaoping.evidence.models import Artefact as Artefact
from kaoping.evidence.models import (
    Destruction,
    ObservationArtefact,
    RefusedFile,
    Seal,
    Upload,
)
from kaoping.evidence.models import Observation as Observation
from kaoping.evidence.models import Proposal as Proposal
from kaoping.scoring.observations import ArtefactRef
from kaoping.scoring.observations import Observation as EngineObservation
from kaoping.support.files import FileStore


def file_store() -> FileStore:
    """Where artefacts' bytes are."""
    return FileStore(settings.KAOPING_FILES)


def ledger(
    *, organiser: str, recorded_until: datetime | None = None, units: Iterable[str] | None = None
) -> list[EngineObservation]:
    """An organiser's observations in the engine's form, in the order of recording; two queries whatever their number."""
    rows = Observation.objects.filter(organiser=organiser).order_by("id")
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


def recorders(uids: Iterable[str]) -> dict[str, Who]:
    """Who recorded each of the lines, by their ids; kept here alone, never in what leaves as a file. One query."""
    rows = Observation.objects.filter(uid__in=list(uids)).values_list("uid", "by_id", "by")
    return {uid: Who(person or "", name) for uid, person, name in rows}


def last_ruled(units: Iterable[str], *, organiser: str, since: datetime) -> datetime | None:
    """When two persons of the office last changed what one of the units has (审定, 单项否决, 重大减分); null since then never."""
    rows = Observation.objects.filter(
        organiser=organiser, unit__in=list(units), act__startswith="ruling:", recorded_at__gte=since
    )
    last: datetime | None = rows.aggregate(last=Max("recorded_at"))["last"]
    return last


def organiser_of(uid: str) -> str | None:
    """In whose years a line counts; null where there is no such line."""
    return Observation.objects.filter(uid=uid).values_list("organiser", flat=True).first()


def observations(uids: Iterable[str]) -> list[EngineObservation]:
    """Several observations, in the order of recording."""
    rows = Observation.objects.filter(uid__in=list(uids)).order_by("id").prefetch_related("artefacts")
    return [as_engine(row) for row in rows]


def of_unit(unit: str, item: str | None = None, *, organiser: str | None = None) -> list[EngineObservation]:
    """What the ledger holds of one unit (and item), of every organiser or of one."""
    rows: QuerySet[Observation] = Observation.objects.filter(unit=unit)
    if organiser is not None:
        rows = rows.filter(organiser=organiser)
    if item is not None:
        rows = rows.filter(item=item)
    return [as_engine(row) for row in rows.order_by("id").prefetch_related("artefacts")]


def search(
    *,
    organiser: str,
    unit: str = "",
    item: str = "",
    source: str = "",
    check: str = "",
    checks: Iterable[str] = (),
) -> QuerySet[Observation]:
    """An organiser's rows for a list, newest first, narrowed by what is given.

    ``checks`` are those that feed ``item``: lines of theirs that name no item are found with it.
    """
    rows = Observation.objects.filter(organiser=organiser).order_by("-id").prefetch_related("artefacts")
    if item and (feeding := list(checks)):
        rows, item = rows.filter(Q(item=item) | Q(item="", check_id__in=feeding)), ""
    given = {"unit": unit, "item": item, "source": source, "check_id": check}
    return rows.filter(**{name: value for name, value in given.items() if value})


def arrivals(since: datetime, organiser: str) -> dict[str, int]:
    """Source -> number of an organiser's lines recorded since then, the most first; one query."""
    rows = Observation.objects.filter(organiser=organiser, recorded_at__gte=since).order_by().values("source")
    return {one["source"]: one["n"] for one in rows.annotate(n=Count("id")).order_by("-n", "source")}


def successor_of(uid: str) -> str | None:
    """The id of the line that corrects or withdraws this one, or null."""
    return Observation.objects.filter(supersedes=uid).values_list("uid", flat=True).first()


def proved_by(sha256: str) -> QuerySet[Observation]:
    """The lines that these bytes prove, in the order of recording."""
    return Observation.objects.filter(artefacts__sha256=sha256).order_by("id").distinct()


def undecided_pairs(organiser: str, units: Iterable[str]) -> set[tuple[str, str]]:
    """(unit, item) of which the ledger holds a verdict "could not tell"; one query."""
    rows = Observation.objects.filter(
        organiser=organiser, unit__in=list(units), kind="verdict", value="undecided"
    )
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
    """The stored bytes, or null when they were destroyed or are sealed: for every face and every role."""
    return None if standing(sha256) in (logic.DESTROYED, logic.SEALED) else file_store().get(sha256)


def pictures_of(pages: Iterable[str]) -> dict[str, str]:
    """The digests of the pictures of archived pages, by those of the pages; the newest where there are several. One query."""
    wanted = [one for one in pages if one]
    if not wanted:
        return {}
    rows = Artefact.objects.filter(made_from__in=wanted).order_by("id")
    return {str(one.made_from): one.sha256 for one in rows}


def page_of(sha256: str) -> str:
    """The page of a picture; anything else is its own."""
    kept = artefact(sha256)
    return kept.made_from if kept is not None and kept.made_from else sha256


def intact(sha256: str) -> bool:
    """Whether the stored bytes are there to be read and still have this digest."""
    content = artefact_bytes(sha256)
    return content is not None and hashlib.sha256(content).hexdigest() == sha256


def destruction(sha256: str) -> Destruction | None:
    """The act that destroyed the bytes, or null."""
    return Destruction.objects.filter(sha256=sha256).first()


def seal_of(sha256: str) -> Seal | None:
    """The seal under which the bytes lie now, or null."""
    return Seal.objects.filter(sha256=sha256, end=None).order_by("id").last()


def seals() -> QuerySet[Seal]:
    """Seals that stand, the newest first."""
    return Seal.objects.filter(end=None).order_by("-id")


def gone_among(digests: Iterable[str | None]) -> dict[str, str]:
    """Those of ``digests`` that nobody can read, each destroyed or sealed; two queries, none when there are no digests."""
    wanted = {one for one in digests if one}
    if not wanted:
        return {}
    return {digest: state for digest, state in gone().items() if digest in wanted}


def gone() -> dict[str, str]:
    """Every digest whose bytes nobody can read, destroyed or sealed; they are few, each an act on record."""
    sealed = Seal.objects.filter(end=None).values_list("sha256", flat=True)
    destroyed = Destruction.objects.values_list("sha256", flat=True)
    return dict.fromkeys(sealed, logic.SEALED) | dict.fromkeys(destroyed, logic.DESTROYED)


def standing(sha256: str) -> str:
    """Where the bytes of a digest stand (a key of ``logic.STANDINGS``)."""
    if Destruction.objects.filter(sha256=sha256).exists():
        return logic.DESTROYED
    if seal_of(sha256) is not None:
        return logic.SEALED
    kept = Artefact.objects.filter(sha256=sha256).first()
    if kept is not None:
        page = standing(kept.made_from) if kept.made_from else logic.KEPT
        return page if page in (logic.DESTROYED, logic.SEALED) else logic.KEPT
    return logic.REFUSED if RefusedFile.objects.filter(sha256=sha256).exists() else logic.UNKNOWN


def proposal(proposal_id: int) -> Proposal | None:
    """One proposal with its decision."""
    return Proposal.objects.select_related("decision").filter(pk=proposal_id).first()


def check_confirm(actor: Actor, found: Proposal, uses: Iterable[str]) -> str | None:
    """Why this person cannot confirm a proposal with the uses as they are now, or null; page and act ask this."""
    proposer = Who(found.by_id, found.by)
    return logic.refusal_to_confirm(proposer, known_as(actor, beside=[proposer]), found.uses, list(uses))


def proposals(sha256: str = "") -> QuerySet[Proposal]:
    """Proposals with their decisions, the newest first."""
    rows = Proposal.objects.select_related("decision").order_by("-id")
    return rows.filter(sha256=sha256) if sha256 else rows


def proposals_for(actor: Actor) -> int:
    """How many proposals about bytes wait for this person: all but those that may be the own."""
    rows = Proposal.objects.filter(decision=None).values_list("by_id", "by")
    makers = [Who(by_id, by) for by_id, by in rows]
    me = known_as(actor, beside=makers)
    return sum(not same_person(one, me) for one in makers)


def open_proposal(sha256: str) -> Proposal | None:
    """The proposal about these bytes that waits for its second person."""
    return Proposal.objects.filter(sha256=sha256, decision=None).order_by("id").last()


def lifted(sha256: str) -> bool:
    """Whether two persons let this digest pass in spite of its mark."""
    return Proposal.objects.filter(sha256=sha256, kind=logic.LIFT, decision__confirmed=True).exists()


def refused_files() -> QuerySet[RefusedFile]:
    """Files that were refused for a mark, the newest first."""
    return RefusedFile.objects.order_by("-id")


def uploads(sha256: str) -> list[Upload]:
    """Who handed these bytes in, under which name."""
    return list(Upload.objects.filter(sha256=sha256).order_by("id"))


def plain_name(sha256: str) -> str:
    """A name that says nothing but the kind of file."""
    stored = artefact(sha256)
    suffix = logic.SUFFIXES.get(stored.media_type.partition(";")[0].strip(), "") if stored else ""
    return f"材料-{sha256[:8]}{suffix or '.bin'}"


def digests_like(beginning: str) -> list[str]:
    """Digests, kept or refused, that begin so; at most ten."""
    kept = Artefact.objects.filter(sha256__startswith=beginning).values_list("sha256", flat=True)
    refused = RefusedFile.objects.filter(sha256__startswith=beginning).values_list("sha256", flat=True)
    return sorted({*kept[:10], *refused[:10]})[:10]


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
        organiser=row.organiser,
    )


def _source_of(uid: str, known: Mapping[str, str] | None) -> str | None:
    if known is not None and uid in known:
        return known[uid]
    return Observation.objects.filter(uid=uid).values_list("source", flat=True).first()


def batch_of(uid: str) -> str | None:
    """The import that a line came with, null for every other line."""
    return logic.batch_of(uid)


def batch(batch_id: str) -> list[EngineObservation]:
    """The lines that one import recorded, in their order."""
    return [as_engine(row) for row in batch_rows(batch_id).prefetch_related("artefacts")]


def batch_rows(batch_id: str) -> QuerySet[Observation]:
    """The same as rows for a list."""
    return Observation.objects.filter(uid__startswith=f"register:{batch_id}:").order_by("id")


def standing_of(uids: Iterable[str]) -> set[str]:
    """Those of the lines that nothing supersedes."""
    wanted = set(uids)
    gone = Observation.objects.filter(supersedes__in=wanted).values_list("supersedes", flat=True)
    return wanted - set(gone)


def standing_targets(organiser: str, items: Iterable[str]) -> set[tuple[str, str, str]]:
    """(unit, item, target) of the lines of these items that count and say what they are about; two queries."""
    known = Observation.objects.filter(organiser=organiser, item__in=list(items))
    rows = known.exclude(target=None).exclude(kind="withdrawn")
    lines = list(rows.values_list("uid", "unit", "item", "target"))
    standing = standing_of(uid for uid, *_rest in lines)
    return {(unit, item, str(target)) for uid, unit, item, target in lines if uid in standing}


def withdrawals(organiser: str) -> list[tuple[int, EngineObservation]]:
    """Every withdrawal of an organiser's lines with its position, in the order of recording."""
    rows = (
        Observation.objects.filter(organiser=organiser, kind="withdrawn")
        .order_by("id")
        .prefetch_related("artefacts")
    )
    return [(row.pk, as_engine(row)) for row in rows]
