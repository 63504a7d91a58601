"""Which observations count: known by ``as_of``, not superseded by then, observed in the item's period.

Scorer 2 reads periods as half-open and obeys the rule of ``succession``; scorer 1, which made earlier bundles, counted the
midnight after the last day as well and let any line supersede any other (``CLOSED``). They told faults apart by the first
address of a line alone; scorer 3 tells them apart by the line's target, and reads from a unit's own line on which day an item
was announced to it (``TARGETED``, ``announced``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from kaoping.beijing import BEIJING, day_of
from kaoping.scoring.observations import Observation, ObservationError
from kaoping.scoring.rubric import Indicator
from kaoping.scoring.succession import broken


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both counted, in Asia/Shanghai: [00:00 of the first, 24:00 of the last)."""

    start: date
    end: date

    def holds(self, instant: datetime) -> bool:
        """Whether ``instant`` falls on a day of the period. An instant belongs to one day, and so to one year.

        What is done "by 24:00" of a day carries the last instant before it (``beijing.just_before``).
        """
        return self.start <= day_of(instant) <= self.end

    def holds_closed(self, instant: datetime) -> bool:
        """As scorer 1 read it: 24:00 of the last day counts as well, though it is 00:00 of the next."""
        day = instant.astimezone(BEIJING)
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

    A line that may not supersede what it names (``succession.broken``) counts for nothing, and what it names stands.
    A withdrawal is a successor without a value; what the withdrawn line had superseded does not come back.
    Raises ``ObservationError`` for two lines with one id, in whatever order they come.
    """
    visible = _visible(observations, as_of)
    without = {one.line.id for one in broken(visible)}
    return _left(visible, without)


def standing_unruled(observations: Iterable[Observation], as_of: datetime) -> list[Observation]:
    """As scorer 1 read it: whatever is named in ``supersedes`` is superseded, whoever names it."""
    return _left(_visible(observations, as_of), set())


def _visible(observations: Iterable[Observation], as_of: datetime) -> list[Observation]:
    known: dict[str, Observation] = {}
    for one in observations:
        if one.id in known:
            raise ObservationError("id", f"编号 {one.id} 出现了两次")
        known[one.id] = one
    return [one for one in known.values() if one.recorded_at <= as_of]


def _left(visible: Iterable[Observation], without: set[str]) -> list[Observation]:
    good = [one for one in visible if one.id not in without]
    replaced = {one.supersedes for one in good if one.supersedes}
    return [one for one in good if one.id not in replaced and one.kind != "withdrawn"]


@dataclass(frozen=True, slots=True)
class Selection:
    """How a scorer chooses lines: what stands at an instant, which instants a period holds.

    ``announced``: whether lines of the feed ``announced`` say from which day an item binds a unit, and nothing else.
    """

    standing: Callable[[Iterable[Observation], datetime], list[Observation]]
    holds: Callable[[Period, datetime], bool]
    announced: bool = False


CLOSED: Final = Selection(
    lambda lines, as_of: _without_targets(standing_unruled(lines, as_of)), Period.holds_closed
)
HALF_OPEN: Final = Selection(lambda lines, as_of: _without_targets(standing(lines, as_of)), Period.holds)
TARGETED: Final = Selection(standing, Period.holds, announced=True)


def _without_targets(lines: Iterable[Observation]) -> list[Observation]:
    """As earlier scorers read them: they followed each fault by its address."""
    return [replace(one, target=None) for one in lines]


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
