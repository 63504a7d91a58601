"""Lines of the ledger that stand, found by what the program called them or by what they say."""

from __future__ import annotations

from datetime import datetime

from kaoping.evidence import queries
from kaoping.scoring.announced import ANNOUNCED
from kaoping.scoring.observations import Observation
from kaoping.scoring.selection import standing


def standing_called(organiser: str, beginning: str) -> list[Observation]:
    """An organiser's lines whose id begins so and that nothing superseded."""
    lines = [
        queries.as_engine(row)
        for row in queries.search(organiser=organiser).filter(uid__startswith=beginning)
    ]
    left = queries.standing_of(one.id for one in lines)
    return [one for one in lines if one.id in left]


def announcements(organiser: str, now: datetime) -> dict[str, list[Observation]]:
    """An organiser's standing lines of the feed ``announced`` by unit: on which day an item was issued to it."""
    found: dict[str, list[Observation]] = {}
    lines = [queries.as_engine(row) for row in reversed(queries.search(organiser=organiser, check=ANNOUNCED))]
    for one in standing(lines, now):
        found.setdefault(one.unit, []).append(one)
    return found
