"""Reads of inspection: visits, draws and their protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from kaoping.accounts.actor import Actor
from kaoping.beijing import BEIJING, day_of
from kaoping.drawing import check_protocol
from kaoping.evidence import queries as ledger
from kaoping.evidence.logic import LATE
from kaoping.evidence.queries import closings
from kaoping.inspection import logic, policy
from kaoping.inspection.models import Draw as Draw
from kaoping.inspection.models import Visit
from kaoping.registry.models import Organisation
from kaoping.registry.queries import branch_of, organisations, organisers
from kaoping.registry.scope import EVERYTHING, Scope
from kaoping.scoring import targets
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import SEVERE
from kaoping.scoring.succession import target_of
from kaoping.standards.queries import newest_version, rulebook_of
from kaoping.support.rows import Rows


def visible(actor: Actor) -> Scope:
    """Whose visits an actor sees: all of the own organiser, else those to the own branch and units, of every organiser."""
    return organisers.seen_by(
        actor, policy.can_see_visits, {*branch_of(actor), *actor.organisations("liaison")}
    )


def visits(
    *,
    organisation: str = "",
    inspector: str = "",
    outcome: str = "",
    since: datetime | None = None,
    scope: Scope = EVERYTHING,
) -> QuerySet[Visit]:
    """Visits, newest first, with unit and inspector; narrowed by what is given."""
    rows = Visit.objects.select_related("organisation", "inspector")
    given: dict[str, object] = {
        "organisation__code": organisation,
        "inspector": inspector,
        "outcome": outcome,
        "visited_at__gte": since,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return scope.narrow(rows)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit as its list shows it."""

    unit: str
    unit_name: str
    unit_short_name: str
    place: str
    item: str
    check: str
    outcome: str
    note: str
    photo: str
    inspector: str
    visited_at: datetime
    recorded_at: datetime
    late: str


def listed(rows: QuerySet[Visit]) -> Rows[VisitRow]:
    """Visits for a list, as frozen rows; ``late`` says of one that it reached the office after its round closed."""
    lateness = Lateness()
    return Rows(rows, lambda one: _visit_row(one, lateness))


def _visit_row(one: Visit, lateness: Lateness) -> VisitRow:
    unit = one.organisation
    return VisitRow(
        unit.code,
        unit.name,
        unit.short_name,
        one.place,
        one.item,
        one.check_id,
        one.outcome,
        one.note,
        one.photo,
        one.inspector.name,
        one.visited_at,
        one.recorded_at,
        lateness.words(one),
    )


def seen_at_places(organiser: str, organisation: str, item: str) -> list[logic.Seen]:
    """The verdicts of an organiser that stand about an item of a unit at some place."""
    lines = [one for one in ledger.of_unit(organisation, item, organiser=organiser) if one.kind == "verdict"]
    standing = ledger.standing_of(one.id for one in lines)
    return [
        logic.Seen(target, str(one.value), one.observed_at)
        for one in lines
        for target in [target_of(one) or ""]
        if one.id in standing and targets.is_place(target)
    ]


class Lateness:
    """Which visits reached the office after the round of their year closed; the closings are read once."""

    def __init__(self) -> None:
        self._closings = closings.closings()

    def words(self, visit: Visit) -> str:
        """What every page says of such a visit, '' of every other."""
        line = Observation(
            id=visit.observation,
            unit=visit.organisation.code,
            item=visit.item or None,
            check=visit.check_id or None,
            source="draw" if visit.draw_id else "visit",
            observed_at=visit.visited_at,
            recorded_at=visit.recorded_at,
            kind="verdict",
            value=visit.outcome,
            organiser=visit.organiser,
        )
        return LATE if closings.is_late(line, self._closings) else ""


def visit_days(since: datetime, until: datetime, scope: Scope = EVERYTHING) -> list[tuple[date, int]]:
    """Day in Beijing and number of visits on it, between two instants; one query."""
    rows = Visit.objects.filter(visited_at__gte=since, visited_at__lt=until)
    rows = scope.narrow(rows)
    days = rows.annotate(day=TruncDate("visited_at", tzinfo=BEIJING)).order_by("day").values("day")
    return [(one["day"], one["n"]) for one in days.annotate(n=Count("id"))]


def draw_days(organiser: str, since: datetime, until: datetime) -> list[date]:
    """The day in Beijing of each finished draw of an organiser between two instants; one query."""
    rows = Draw.objects.filter(organiser=organiser, drawn_at__gte=since, drawn_at__lt=until).order_by(
        "drawn_at"
    )
    return [day_of(instant) for instant in rows.values_list("drawn_at", flat=True) if instant]


def visit(visit_id: int) -> Visit | None:
    """One visit."""
    return Visit.objects.select_related("organisation", "inspector", "draw").filter(pk=visit_id).first()


def visit_of_client(client_id: str) -> Visit | None:
    """The visit that a phone sent under this id, or null."""
    return Visit.objects.select_related("organisation", "inspector").filter(client_id=client_id).first()


def photo_seen_by(actor: Actor, sha256: str) -> bool:
    """Whether stored bytes are the photo of a visit that an actor may see."""
    return visits(scope=visible(actor)).filter(photo=sha256).exists()


def draws() -> QuerySet[Draw]:
    """All draws, newest first."""
    return Draw.objects.select_related("committed_by")


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A draw as the list shows it; ``drawn`` is how many units it drew, null before it ran."""

    id: int
    title: str
    committed_at: datetime
    committed_by: str
    drawn_at: datetime | None
    drawn: int | None


def listed_draws(organiser: str) -> Rows[DrawRow]:
    """All draws for a list, as frozen rows."""
    return Rows(draws().filter(organiser=organiser), _draw_row)


def _draw_row(one: Draw) -> DrawRow:
    drawn = len(one.result["drawn"]) if one.result else None
    return DrawRow(one.pk, one.title, one.committed_at, one.committed_by.name, one.drawn_at, drawn)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A unit that was drawn: its group, its place in the order, the number that gave it that place."""

    unit: str
    stratum: str
    place: int
    number: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """What a draw fixed before it ran, and what it gave: all that anybody needs to run it again.

    ``result`` is what is handed out, null before the draw; ``sizes`` how many of each group.
    """

    id: int
    title: str
    groups: Mapping[str, Sequence[str]]
    sizes: Mapping[str, int]
    list_digest: str
    commitment: str
    source: str
    source_on: date | None
    committed_by: str
    committed_at: datetime
    published_at: datetime | None
    drawn_at: datetime | None
    public_value: str
    nonce: str
    seed: str
    drawn: tuple[Ticket, ...]
    result: Mapping[str, object] | None


def protocol_of(draw: Draw) -> Protocol:
    """The protocol of a draw as its page shows it; the secret number only once it was drawn."""
    plan, result = draw.protocol, draw.result or {}
    return Protocol(
        id=draw.pk,
        title=draw.title,
        groups=plan["list"],
        sizes=plan["sizes"],
        list_digest=plan["list_digest"],
        commitment=draw.commitment,
        source=draw.source,
        source_on=draw.source_on,
        committed_by=draw.committed_by.name,
        committed_at=draw.committed_at,
        published_at=draw.published_at,
        drawn_at=draw.drawn_at,
        public_value=result.get("public_value", ""),
        nonce=result.get("nonce", ""),
        seed=draw.seed,
        drawn=tuple(
            Ticket(one["unit"], one["stratum"], one["place"], one["ticket"])
            for one in result.get("drawn", ())
        ),
        result=draw.result,
    )


def drawn() -> QuerySet[Draw]:
    """Those that were drawn; the others are laid down and wait for their public number."""
    return draws().exclude(drawn_at=None)


def draw(draw_id: int) -> Draw | None:
    """One draw."""
    return draws().filter(pk=draw_id).first()


def strata(organiser: str, *, on: date) -> dict[str, list[str]]:
    """Group -> codes of an organiser's units that exist on a day: the list to draw from.

    Whether a unit takes part the register says for the main organiser alone.
    """
    found: dict[str, list[str]] = {}
    rows = organisers.within(organiser, on=on).exclude(kind="government")
    if organiser == organisers.main_code(on=on):
        rows = rows.filter(participates=True)
    for code, group in rows.values_list("code", "group"):
        found.setdefault(group or "未分组", []).append(code)
    return dict(sorted(found.items()))


def redraw(draw: Draw) -> list[str]:
    """Draw again from the protocol; the differences in words, none when it holds."""
    return check_protocol(draw.result, draw.commitment) if draw.result else ["还没有抽取"]


def drawn_codes(draw: Draw) -> list[str]:
    """The drawn units in the order of the protocol; empty before the draw."""
    return [one["unit"] for one in (draw.result or {}).get("drawn", ())]


def visit_items() -> list[tuple[str, str, str]]:
    """Code, name and way of observing of the items that take visits, from the newest adopted rulebook."""
    adopted = newest_version()
    if adopted is None:
        return []
    leaves = rulebook_of(adopted.pk).rubric.leaves()
    return [
        (one.code, one.name, one.observed_by)
        for one in leaves
        if "visit" in one.sources and one.role not in SEVERE
    ]


def todays_units(organiser: str, *, on: date) -> tuple[Draw | None, list[Organisation]]:
    """What an inspector has before him: the organiser's newest finished draw and its units in the order of the protocol."""
    newest = Draw.objects.filter(organiser=organiser, drawn_at__isnull=False).order_by("-drawn_at").first()
    if newest is None:
        return None, []
    codes = drawn_codes(newest)
    rows = {row.code: row for row in organisations(on=on).filter(code__in=codes)}
    return newest, [rows[code] for code in codes if code in rows]


def visited_codes(draw: Draw) -> set[str]:
    """Units of a draw that were visited."""
    return set(draw.visits.values_list("organisation__code", flat=True))
