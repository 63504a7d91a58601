"""The working-day table: for each announced year, the days on which the State Council's notice departs from
the week.

Monday to Friday work and Saturday and Sunday do not, unless the yearly holiday notice says otherwise. A year whose notice is
not known is provisional (``festivals``) or, outside the table of festivals, refused with ``YearNotAnnounced``; each year says
which it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

SATURDAY: Final = 5


class YearNotAnnounced(ValueError):
    """The holiday arrangement of ``year`` has not been entered, so no working day of it can be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} 年：该年度安排尚未录入。请在工作日历中录入国务院办公厅当年的节假日通知。")
        self.year = year


class YearState(StrEnum):
    """Where a year's days come from."""

    SEEDED = "seeded"
    ENTERED = "entered"
    PROVISIONAL = "provisional"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return {
            YearState.SEEDED: "随程序提供",
            YearState.ENTERED: "已录入",
            YearState.PROVISIONAL: "暂按周末和法定节日推算",
            YearState.UNKNOWN: "没有",
        }[self]


class DayKind(StrEnum):
    """What a day is. Only ``WORKING`` and ``MAKE_UP`` count."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"

    @property
    def works(self) -> bool:
        """True when the day counts as a working day."""
        return self in (DayKind.WORKING, DayKind.MAKE_UP)


@dataclass(frozen=True, slots=True)
class Day:
    """One day as the screen shows it. ``name`` is the holiday (also of a make-up day), null on ordinary
    days.
    """

    date: date
    kind: DayKind
    name: str | None = None

    @property
    def works(self) -> bool:
        """True when the day counts as a working day."""
        return self.kind.works

    @property
    def label(self) -> str:
        """The Chinese label: 工作日, 周末, the holiday's name, or 调休上班 with its name."""
        match self.kind:
            case DayKind.WORKING:
                return "工作日"
            case DayKind.WEEKEND:
                return "周末"
            case DayKind.HOLIDAY:
                return self.name or "放假"
            case DayKind.MAKE_UP:
                return f"调休上班（{self.name}）" if self.name else "调休上班"


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """Known years and their exceptions; every date in ``exceptions`` lies in one of them.

    ``entered`` and ``provisional`` say of which years the office stated the days, and of which nobody did yet; the others came
    with the program.
    """

    years: frozenset[int]
    exceptions: Mapping[date, Day] = field(default_factory=dict)
    entered: frozenset[int] = frozenset()
    provisional: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for day in self.exceptions:
            if day.year not in self.years:
                raise YearNotAnnounced(day.year)
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def day(self, day: date) -> Day:
        """What ``day`` is. Raises ``YearNotAnnounced``."""
        if day.year not in self.years:
            raise YearNotAnnounced(day.year)
        exception = self.exceptions.get(day)
        if exception is not None:
            return exception
        return Day(day, DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING)

    def state(self, year: int) -> YearState:
        """Where the days of ``year`` come from."""
        if year not in self.years:
            return YearState.UNKNOWN
        if year in self.provisional:
            return YearState.PROVISIONAL
        return YearState.ENTERED if year in self.entered else YearState.SEEDED

    def days_of(self, year: int) -> list[Day]:
        """The days of ``year`` that differ from the ordinary week or bear a name, in order."""
        return [entry for day, entry in sorted(self.exceptions.items()) if day.year == year]

    def restated(self, other: CalendarTable) -> CalendarTable:
        """This table with the years of ``other`` as ``other`` has them: a year is stated whole, never day by day."""
        kept = {day: entry for day, entry in self.exceptions.items() if day.year not in other.years}
        return CalendarTable(
            self.years | other.years,
            {**kept, **other.exceptions},
            (self.entered - other.years) | other.entered,
            (self.provisional - other.years) | other.provisional,
        )


def table_of(years: Iterable[int], days: Iterable[Day]) -> CalendarTable:
    """A table from the years that have a notice and the days the notices name."""
    return CalendarTable(frozenset(years), {day.date: day for day in days})
