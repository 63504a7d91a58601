"""Which observations count: known by ``as_of``, not superseded by then, observed in the item's period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kaoping.scoring.observations import Observation, ObservationError

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both counted, in Asia/Shanghai."""

    start: date
    end: date

    def holds(self, instant: datetime) -> bool:
        """Whether ``instant`` falls on a day of the period. A deadline's 24:00 belongs to the day it ends."""
        day = instant.astimezone(SHANGHAI)
        return self.start <= day.date() <= self.end or (
            day.date() == self.end + timedelta(days=1)
            and (day.hour, day.minute, day.second, day.microsecond) == (0, 0, 0, 0)
        )


def standing(observations: Iterable[Observation], as_of: datetime) -> list[Observation]:
    """What is known at ``as_of``: later records are hidden; a superseded line counts until its successor is recorded.

    Raises ``ObservationError`` for two lines with one id, in whatever order they come.
    """
    known: dict[str, Observation] = {}
    for one in observations:
        if one.id in known:
            raise ObservationError("id", f"编号 {one.id} 出现了两次")
        known[one.id] = one
    visible = [one for one in known.values() if one.recorded_at <= as_of]
    replaced = {one.supersedes for one in visible if one.supersedes}
    return [one for one in visible if one.id not in replaced and one.kind != "withdrawn"]


def by_unit_and_item(observations: Iterable[Observation]) -> Mapping[str, Mapping[str, list[Observation]]]:
    """Grouped by unit, then by item; a line without an item is not scored."""
    grouped: dict[str, dict[str, list[Observation]]] = {}
    for one in observations:
        if one.item:
            grouped.setdefault(one.unit, {}).setdefault(one.item, []).append(one)
    return grouped
