"""Which observations count: known by ``as_of``, not superseded by then, observed in the item's period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kaoping.scoring.observations import Observation, ObservationError
from kaoping.scoring.rubric import Indicator

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


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of one unit: by item, and by check for items that take a check's findings."""

    items: dict[str, list[Observation]] = field(default_factory=dict)
    checks: dict[str, list[Observation]] = field(default_factory=dict)

    def of(self, item: Indicator) -> list[Observation]:
        """What names the item, and findings of its checks.

        A finding that names another item counts there; a gate or a veto looks at its checks whatever item they name.
        """
        found = list(self.items.get(item.code, ()))
        for check in item.checks:
            found += [
                one
                for one in self.checks.get(check, ())
                if one.item is None or (item.role in ("gate", "veto") and one.item != item.code)
            ]
        return found


def standing(observations: Iterable[Observation], as_of: datetime) -> list[Observation]:
    """What is known at ``as_of``: later records are hidden; a superseded line counts until its successor is recorded.

    A withdrawal is a successor without a value; what the withdrawn line had superseded does not come back.
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


def by_unit(observations: Iterable[Observation]) -> Mapping[str, Given]:
    """What is known of each unit, whatever the order of the input."""
    grouped: dict[str, Given] = {}
    for one in observations:
        given = grouped.setdefault(one.unit, Given())
        if one.item:
            given.items.setdefault(one.item, []).append(one)
        if one.check:
            given.checks.setdefault(one.check, []).append(one)
    return grouped
