"""Reads of the closings: for which items and days the ledger takes no further line of a year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from kaoping.beijing import day_of
from kaoping.evidence import logic
from kaoping.evidence.models import (
    Closing,
)
from kaoping.evidence.queries import observation
from kaoping.scoring.observations import Observation as EngineObservation
from kaoping.scoring.succession import arrived_late


def is_closed(organiser: str, item: str | None, observed_at: datetime, check: str | None = None) -> bool:
    """Whether the organiser's round of review is closed to which a line of this item (else check) and instant belongs."""
    return closed_at(organiser, item, observed_at, check) is not None


def closed_at(
    organiser: str, item: str | None, observed_at: datetime, check: str | None = None
) -> datetime | None:
    """When the round closed to which a line of this item (else check) and instant belongs, null while it is open."""
    row = _closing(organiser, item, observed_at, check)
    return row.at if row is not None else None


def closed_year(
    organiser: str, item: str | None, observed_at: datetime, check: str | None = None
) -> str | None:
    """The year whose closed round a line of this item (else check) and instant belongs to, null while it is open."""
    row = _closing(organiser, item, observed_at, check)
    # Closings of earlier releases name the year alone.
    return row.key.rpartition("-")[2] if row is not None else None


def _closing(organiser: str, item: str | None, observed_at: datetime, check: str | None) -> Closing | None:
    day, keys = day_of(observed_at), {logic.closing_key(item, check), item or ""}
    rows = Closing.objects.filter(organiser=organiser, item__in=keys).order_by("id")
    return _standing(rows, item, check, day)


def _standing(rows: Iterable[Closing], item: str | None, check: str | None, day: date) -> Closing | None:
    """The closing of a day: of the line's own key, or, where no year closed one of that key, of lines without an item."""
    known = list(rows)
    key = logic.closing_key(item, check)
    if not any(one.item == key for one in known):
        key = item or ""
    mine = [one for one in known if one.item == key and one.start <= day <= one.end]
    return mine[-1] if mine and mine[-1].closed else None


def closings() -> list[Closing]:
    """Every closing in its order, for who asks of many lines."""
    return list(Closing.objects.order_by("id"))


def is_late(line: EngineObservation, known: Iterable[Closing] | None = None) -> bool:
    """Whether a line arrived after its round closed, by no ruling, appeal or correction: kept, it moves no point.

    ``known`` are the ``closings``, where they were read already.
    """
    if known is None:
        return arrived_late(line, closed_at(line.organiser, line.item, line.observed_at, line.check))
    mine = [one for one in known if one.organiser == line.organiser]
    row = _standing(mine, line.item, line.check, day_of(line.observed_at))
    return row is not None and arrived_late(line, row.at)


def speaks_of_late(line: EngineObservation) -> bool:
    """Whether a line, or what it names, and what that names, arrived late: it moves no point whatever act recorded it."""
    one: EngineObservation | None = line
    while one is not None:
        if is_late(one):
            return True
        one = observation(one.supersedes) if one.supersedes else None
    return False
