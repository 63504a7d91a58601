"""The working-day table: for each announced year, the days on which the State Council's notice departs from
the week.

Monday to Friday work and Saturday and Sunday do not, unless the yearly holiday notice says otherwise. A year
without a notice is not guessed: asking about it raises ``YearNotAnnounced``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

SATURDAY: Final = 5


class YearNotAnnounced(ValueError):
    """The holiday arrangement of ``year`` has not been entered, so no working day of it can be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} 年：该年度安排尚未录入。请在工作日历中录入国务院办公厅当年的节假日通知。")
        self.year = year


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
    """Announced years and their exceptions; every date in ``exceptions`` lies in an announced year."""

    years: frozenset[int]
    exceptions: Mapping[date, Day] = field(default_factory=dict)

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

    def merged(self, other: CalendarTable) -> CalendarTable:
        """This table with ``other`` on top: its years are added and its exceptions win, day by day."""
        return CalendarTable(self.years | other.years, {**self.exceptions, **other.exceptions})


def table_of(years: Iterable[int], days: Iterable[Day]) -> CalendarTable:
    """A table from the years that have a notice and the days the notices name."""
    return CalendarTable(frozenset(years), {day.date: day for day in days})


def table_from_json(data: Mapping[str, Any]) -> CalendarTable:
    """Read ``{"years": [2027], "days": [{"date", "working", "name"}]}``; raise ``ValueError`` naming the
    field.

    A named day overrides whatever the seed said; ``working`` on a Monday to Friday restores an ordinary
    working day.
    """
    years = data.get("years")
    if not isinstance(years, list) or not all(isinstance(year, int) for year in years):
        raise ValueError("years：应为年份的数组，如 [2027]")
    days = data.get("days", [])
    if not isinstance(days, list):
        raise ValueError("days：应为数组")
    return table_of(years, (_day(entry, number) for number, entry in enumerate(days, start=1)))


def table_to_json(table: CalendarTable) -> dict[str, Any]:
    """The file form that ``table_from_json`` reads."""
    return {
        "years": sorted(table.years),
        "days": [
            {"date": day.isoformat(), "working": entry.works, "name": entry.name}
            for day, entry in sorted(table.exceptions.items())
        ],
    }


def _day(entry: Any, number: int) -> Day:
    place = f"days 第 {number} 项"
    if not isinstance(entry, Mapping) or not isinstance(entry.get("working"), bool):
        raise ValueError(f"{place}：working 应为 true 或 false")
    try:
        day = date.fromisoformat(str(entry.get("date")))
    except ValueError:
        raise ValueError(f"{place}：date 应为日期，如 2027-01-01") from None
    name = entry.get("name")
    if name is not None and not isinstance(name, str):
        raise ValueError(f"{place}：name 应为文本")
    weekend = day.weekday() >= SATURDAY
    if entry["working"]:
        return Day(day, DayKind.MAKE_UP if weekend else DayKind.WORKING, name)
    return Day(day, DayKind.WEEKEND if weekend and not name else DayKind.HOLIDAY, name)
