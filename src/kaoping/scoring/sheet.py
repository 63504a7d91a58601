"""What the scorer answers: a sheet for every unit, in the shape of ``kaoping score``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, TypedDict

from kaoping.arithmetic import half_up, ratio
from kaoping.scoring.selection import Period


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one unit: exact points and maximum after redistribution."""

    points: Fraction
    max: Fraction
    status: str
    reason: str
    observations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One unit. ``total`` is null while something is not scored and the rulebook waits for it."""

    unit: str
    group: str | None
    total: Fraction | None
    grade: str | None
    grade_reason: str
    rank: int | None
    components: Mapping[str, Fraction]
    vetoes: tuple[str, ...]
    gates: Mapping[str, bool | None]
    lines: Mapping[str, Line]
    pending: int = 0


class WrittenLine(TypedDict):
    """An indicator of a unit as it is written into ``results.json``: decimals and exact ratios as text."""

    points: str
    exact: str
    max: str
    status: str
    reason: str
    observations: list[str]


class WrittenUnit(TypedDict):
    """A unit's results as they are written into ``results.json``; null where nothing is fixed or published."""

    unit: str
    group: str | None
    total: str | None
    exact: str | None
    grade: str | None
    grade_reason: str
    rank: int | None
    components: dict[str, str]
    vetoes: list[str]
    gates: dict[str, bool | None]
    indicators: dict[str, WrittenLine]


@dataclass(frozen=True, slots=True)
class Results:
    """The answer for all units."""

    rulebook: str
    version: str
    year: int
    period: Period
    as_of: datetime
    places: int
    units: tuple[UnitSheet, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape of ``kaoping score --json``."""
        return {
            "rulebook": self.rulebook,
            "version": self.version,
            "year": self.year,
            "period": [self.period.start.isoformat(), self.period.end.isoformat()],
            "as_of": self.as_of.isoformat(),
            "units": [self._unit(unit) for unit in self.units],
        }

    def _unit(self, unit: UnitSheet) -> WrittenUnit:
        return {
            "unit": unit.unit,
            "group": unit.group,
            "total": None if unit.total is None else half_up(unit.total, self.places),
            "exact": None if unit.total is None else ratio(unit.total),
            "grade": unit.grade,
            "grade_reason": unit.grade_reason,
            "rank": unit.rank,
            "components": {code: half_up(points, self.places) for code, points in unit.components.items()},
            "vetoes": list(unit.vetoes),
            "gates": dict(unit.gates),
            "indicators": {
                code: {
                    "points": half_up(line.points, self.places),
                    "exact": ratio(line.points),
                    "max": half_up(line.max, self.places),
                    "status": line.status,
                    "reason": line.reason,
                    "observations": list(line.observations),
                }
                for code, line in unit.lines.items()
            },
        }
