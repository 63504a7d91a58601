"""The statutory festivals, by which a year is counted until the State Council's arrangement for it is entered.

《全国年节及纪念日放假办法》 (国务院令第795号 as revised on 2024-11-10, in force from 2025-01-01; 国务院公报 2024, issue 11726),
第二条: 元旦 1 day, 春节 4 (除夕, 初一 to 初三), 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3; 第六条: a festival that falls on a Saturday or
Sunday is made up on a working day. Which day that is, the yearly arrangement decides; so does it for make-up work. A provisional
year therefore makes a festival up on the next day that would work, and never lets a Saturday or Sunday work. The number of its
working days equals that of any later arrangement, because swapping rest for work (调休) changes no total.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from kaoping.calendars.table import SATURDAY, CalendarTable, Day, DayKind, table_of

# Year -> 正月初一, 清明, 端午 (五月初五), 中秋 (八月十五), as (month, day).
# Derived from the new moons and the solar term 清明 (longitude of the Sun 15°) in the civil time of China, UTC+8, by the rules of
# GB/T 33661-2017《农历的编算和颁行》. The tests compare every date with an independent implementation of those rules and the years
# up to 2026 with the arrangements that the State Council announced.
MOON: Final[dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]]] = {
    2025: ((1, 29), (4, 4), (5, 31), (10, 6)),
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
    2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
    2037: ((2, 15), (4, 4), (6, 18), (9, 24)),
    2038: ((2, 4), (4, 5), (6, 7), (9, 13)),
    2039: ((1, 24), (4, 5), (5, 27), (10, 2)),
    2040: ((2, 12), (4, 4), (6, 14), (9, 20)),
}
ONE_DAY: Final = timedelta(days=1)


def festivals(year: int) -> list[tuple[date, str]]:
    """The thirteen statutory days of a year with their festivals, in order; one date stands twice when two meet on it.

    Raises ``KeyError`` for a year outside ``MOON``.
    """
    first, qingming, duanwu, zhongqiu = (date(year, month, day) for month, day in MOON[year])
    days = [(date(year, 1, 1), "元旦"), (qingming, "清明节"), (duanwu, "端午节"), (zhongqiu, "中秋节")]
    days += [(first + timedelta(days=offset), "春节") for offset in range(-1, 3)]
    days += [(date(year, 5, day), "劳动节") for day in (1, 2)]
    days += [(date(year, 10, day), "国庆节") for day in (1, 2, 3)]
    return sorted(days)


def provisional_table(year: int) -> CalendarTable:
    """The year by weekends and statutory festivals alone; a festival on a rest day is made up on the next working day."""
    statutory = festivals(year)
    rest = {day: Day(day, DayKind.HOLIDAY, name) for day, name in statutory}
    for day, name in _lost(statutory):
        made_up = day
        while made_up.weekday() >= SATURDAY or made_up in rest:
            made_up += ONE_DAY
        rest[made_up] = Day(made_up, DayKind.HOLIDAY, f"{name}补假")
    return table_of({year}, rest.values())


def _lost(statutory: list[tuple[date, str]]) -> Iterator[tuple[date, str]]:
    """The festivals that give no day off by themselves: on a Saturday, a Sunday, or on another festival."""
    seen: set[date] = set()
    for day, name in statutory:
        if day.weekday() >= SATURDAY or day in seen:
            yield day, name
        seen.add(day)
