"""Reads of the register of places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from kaoping.registry import logic
from kaoping.registry.models import Organisation, Place
from kaoping.scoring import targets
from kaoping.support.rows import Rows


def places(organisation: str) -> list[Place]:
    """Every entry of a unit, in the order in which they came: its places, other spellings and former names."""
    return list(Place.objects.filter(organisation__code=organisation).select_related("same_as"))


def place(organisation: str, code: str) -> Place | None:
    """One entry of a unit."""
    rows = Place.objects.filter(organisation__code=organisation, code=code)
    return rows.select_related("organisation", "same_as").first()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a unit, and how else it is called. ``proposed``: no officer has added it yet."""

    code: str
    name: str
    kind: str
    located: str
    others: tuple[str, ...]
    since: datetime
    proposed: bool
    closed_on: date | None

    @property
    def words(self) -> str:
        """As screens call it."""
        return logic.place_words(self.name, self.located)


def spots(organisation: str, *, on: date | None = None) -> list[Spot]:
    """The places of a unit, each once, whatever it is called; those not closed before a day, when one is given."""
    found = places(organisation)
    others: dict[int, list[str]] = {}
    for one in found:
        if one.same_as_id is not None:
            others.setdefault(one.same_as_id, []).append(one.name)
    return [
        Spot(
            one.code,
            one.name,
            one.kind,
            one.located,
            tuple(others.get(one.pk, ())),
            one.since,
            one.added_at is None,
            one.closed_on,
        )
        for one in found
        if one.same_as_id is None and (on is None or one.closed_on is None or one.closed_on >= on)
    ]


@dataclass(frozen=True, slots=True)
class UnitWithPlaces:
    """A unit, how many places it has, and how many of them wait to be added by the office."""

    code: str
    short_name: str
    spots: int
    waiting: int


def units_with_places(codes: Iterable[str] | None = None) -> Rows[UnitWithPlaces]:
    """Units, those with a place to be added first; null ``codes`` means the whole city."""
    own = Q(place__same_as=None, place__isnull=False)
    rows = Organisation.objects.annotate(
        spots=Count("place", filter=own), waiting=Count("place", filter=own & Q(place__added_at=None))
    )
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    columns = rows.order_by("-waiting", "order", "code").values_list("code", "short_name", "spots", "waiting")
    return Rows(columns, lambda one: UnitWithPlaces(*one))


def entry_of(organisation: str, target: str) -> str:
    """The name of the entry that a place's target names; what the register lacks goes by what was typed."""
    return targets.words(target, lambda which: found.name if (found := place(organisation, which)) else None)


class TargetWords:
    """What readers call the target of a line, a case or a finding. The register is read once, when a place is asked for."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] | None = None

    def __call__(self, organisation: str, target: str) -> str:
        """The words for a target of a unit."""
        return targets.words(target, lambda which: self._place(organisation, which))

    def _place(self, organisation: str, which: str) -> str | None:
        if self._names is None:
            rows = Place.objects.values_list("organisation__code", "code", "name", "located").order_by()
            self._names = {
                (unit, code): logic.place_words(name, located) for unit, code, name, located in rows
            }
        return self._names.get((organisation, which))
