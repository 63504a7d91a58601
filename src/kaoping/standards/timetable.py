"""The timetable of a rulebook: two variants (考核办法 第七条（三）: year's end, or early next year), periods and stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kaoping.scoring.selection import Period
from kaoping.standards.reader import Path, Reader

_YEARS = {"year": 0, "before": -1, "after": 1}
_STAGES = frozenset({
    "plan", "routine", "evaluation", "self_review", "review", "preview", "appeals", "published",
})  # fmt: skip


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
    confidence: str = "proposed"

    def variant(self, code: str = "") -> Variant:
        """A variant by code. Raises ``KeyError``."""
        return self.variants[code or self.default]

    def period(self, year: int, variant: str = "", kind: str | None = None) -> Period:
        """The window of observation of ``year``; ``kind`` is an item's own.

        ``previous_year``: what is judged concerns the year before, but happens (is reported, is published) in the
        calendar year itself, which is therefore its window (年度报告, 条例 第四十九条). ``calendar_year``: 1 January to
        31 December whatever the variant.
        """
        chosen = self.variant(variant)
        if kind in ("calendar_year", "previous_year"):
            return Period(date(year, 1, 1), date(year, 12, 31))
        return Period(chosen.start.of(year), chosen.end.of(year))

    def stages(self, year: int, variant: str = "") -> dict[str, tuple[date, date]]:
        """First and last day of each stage of ``year``."""
        return {
            code: (days.first.of(year), days.last.of(year))
            for code, days in self.variant(variant).stages.items()
        }


def read_timetable(data: Mapping[str, Any], reader: Reader) -> Timetable:
    """From the data of ``timetable.yaml``. Raises ``RulebookError``."""
    reader.no_others(data, frozenset({"default", "variants", "confidence", "note"}), ())
    given = reader.mapping(data.get("variants"), ("variants",))
    variants = {code: _variant(reader, code, one) for code, one in given.items()}
    default = str(data.get("default") or "")
    if default not in variants:
        raise reader.fail(("default",), "应为 variants 里的一个")
    return Timetable(default, variants, str(data.get("confidence") or "proposed"))


def _variant(reader: Reader, code: str, value: Any) -> Variant:
    at: Path = ("variants", code)
    data = reader.mapping(value, at)
    reader.no_others(data, frozenset({"name", "period", "stages", "note"}), at)
    whole = _span(reader, data.get("period"), (*at, "period"))
    stages = reader.mapping(data.get("stages") or {}, (*at, "stages"))
    reader.no_others(stages, _STAGES, (*at, "stages"))
    return Variant(
        code,
        str(data.get("name") or code),
        whole.first,
        whole.last,
        {name: _span(reader, span, (*at, "stages", name)) for name, span in stages.items()},
    )


def _span(reader: Reader, value: Any, at: Path) -> StageDays:
    if not isinstance(value, list) or len(value) != 2:
        raise reader.fail(at, "应为 [首日, 末日]，如 [year-01-01, year-12-31]")
    first, last = (_day(reader, one, at) for one in value)
    if first.of(2023) > last.of(2023):
        raise reader.fail(at, "末日不能早于首日")
    return StageDays(first, last)


def _day(reader: Reader, value: Any, at: Path) -> Day:
    parts = str(value).split("-")
    try:
        made = Day(_YEARS[parts[0]], int(parts[1]), int(parts[2]))
        made.of(2023)
        if len(parts) != 3:
            raise ValueError
    except (KeyError, ValueError, IndexError):
        raise reader.fail(at, "日期应形如 year-12-01、before-12-01（上年）或 after-01-20（次年）") from None
    return made
