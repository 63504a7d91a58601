"""The two timetables of practice, A 年底 and B 次年初: which days a year's assessment looks at, and when each stage is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kaoping.scoring.selection import Period
from kaoping.standards.parsing import RulebookError


@dataclass(frozen=True, slots=True)
class Day:
    """A month and day, in the year itself (0), the year before (-1) or after (+1)."""

    years: int
    month: int
    day: int

    def of(self, year: int) -> date:
        """The date for the assessment of ``year``."""
        return date(year + self.years, self.month, self.day)


@dataclass(frozen=True, slots=True)
class StageDays:
    """First and last day of a stage."""

    first: Day
    last: Day


@dataclass(frozen=True, slots=True)
class Variant:
    """One timetable."""

    code: str
    name: str
    start: Day
    end: Day
    stages: Mapping[str, StageDays]


@dataclass(frozen=True, slots=True)
class Timetable:
    """The variants of a rulebook; ``default`` is used when a year names none."""

    default: str
    variants: Mapping[str, Variant]

    def variant(self, code: str = "") -> Variant:
        """A variant by code. Raises ``KeyError``."""
        return self.variants[code or self.default]

    def period(self, year: int, variant: str = "", kind: str | None = None) -> Period:
        """The window of observation of ``year``; ``kind`` is an item's own (calendar_year, previous_year)."""
        if kind == "calendar_year":
            return Period(date(year, 1, 1), date(year, 12, 31))
        if kind == "previous_year":
            # What is judged concerns the year before, but happens (is published) in the year itself.
            return Period(date(year, 1, 1), date(year, 12, 31))
        chosen = self.variant(variant)
        return Period(chosen.start.of(year), chosen.end.of(year))

    def stages(self, year: int, variant: str = "") -> dict[str, tuple[date, date]]:
        """First and last day of each stage of ``year``."""
        return {
            code: (days.first.of(year), days.last.of(year))
            for code, days in self.variant(variant).stages.items()
        }


def read_timetable(
    data: Mapping[str, Any], lines: Mapping[tuple[str | int, ...], int], file: str
) -> Timetable:
    """From the data of ``timetable.yaml``. Raises ``RulebookError``."""

    def fail(field: str, message: str) -> RulebookError:
        path = tuple(field.split("."))
        return RulebookError(file, lines.get(path, lines.get(path[:-1], 1)), field, message)

    def day(text: Any, field: str) -> Day:
        parts = str(text).rsplit("-", 2)
        try:
            prefix, month, number = ("year", *parts) if len(parts) == 2 else parts
            years = {"year": 0, "before": -1, "after": 1}[prefix]
            made = Day(years, int(month), int(number))
            made.of(2023)
        except (KeyError, ValueError):
            raise fail(field, "日期应形如 year-12-01、before-12-01（上年）或 after-01-20（次年）") from None
        return made

    variants: dict[str, Variant] = {}
    for code, one in (data.get("variants") or {}).items():
        stages = {
            name: StageDays(
                day(span[0], f"variants.{code}.stages.{name}"), day(span[1], f"variants.{code}.stages.{name}")
            )
            for name, span in (one.get("stages") or {}).items()
        }
        variants[code] = Variant(
            code,
            str(one.get("name") or code),
            day((one.get("period") or ["", ""])[0], f"variants.{code}.period"),
            day((one.get("period") or ["", ""])[1], f"variants.{code}.period"),
            stages,
        )
    default = str(data.get("default") or "")
    if default not in variants:
        raise fail("default", "应为 variants 里的一个")
    return Timetable(default, variants)
