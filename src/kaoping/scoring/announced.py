"""From which day an item binds a unit: nothing that happened before it was announced costs a point. Pure.

A rulebook gives one day (``announced_on``). When the office issued it to a unit on another day, or the unit joined late, an
observation says so: source office, check ``announced``, verdict met, observed on that day; with an item it speaks of that item,
without one of all. Only here is it read. Statutory duties bind without being announced, whatever a line says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from kaoping.beijing import day_of
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator

ANNOUNCED: Final = "announced"


def binding_day(item: Indicator, lines: Iterable[Observation]) -> date | None:
    """The day from which ``item`` binds the unit of ``lines``; null when it binds without being announced.

    ``lines`` are the unit's that stand. One that names the item goes before one for all; of several the last recorded speaks.
    """
    if item.announced_on is None:
        return None
    said = [one for one in lines if _says(one) and one.item in (None, item.code)]
    own = [one for one in said if one.item] or said
    if not own:
        return item.announced_on
    return day_of(max(own, key=lambda one: (one.recorded_at, one.id)).observed_at)


def _says(one: Observation) -> bool:
    """Whether a line says that something was announced to its unit, and when."""
    return (one.check, one.source, one.kind, one.value) == (ANNOUNCED, "office", "verdict", "met")
