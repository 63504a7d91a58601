"""Provisional years: the statutory days against an independent calendar, and against what the State Council announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import Lunar

from kaoping.calendars import DayKind, calendar_from_seed, festivals, provisional_table, seed_table
from kaoping.calendars.festivals import MOON

YEARS = sorted(MOON)
CALENDAR = calendar_from_seed()


def moon_day(year: int, month: int, day: int) -> date:
    return date.fromisoformat(Lunar.fromYmd(year, month, day).getSolar().toYmd())


def test_the_table_reaches_2040():
    assert list(range(2025, 2041)) == YEARS


@pytest.mark.parametrize("year", YEARS)
def test_moon_dates_agree_with_an_independent_calendar(year):
    terms = Lunar.fromYmd(year, 6, 1).getJieQiTable()
    first, qingming, duanwu, zhongqiu = (date(year, *pair) for pair in MOON[year])
    assert first == moon_day(year, 1, 1)
    assert qingming == date.fromisoformat(terms["清明"].toYmd())
    assert duanwu == moon_day(year, 5, 5)
    assert zhongqiu == moon_day(year, 8, 15)


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_statutory_day_rested_in_the_years_that_were_announced_under_this_law(year):
    seed = seed_table()
    assert [day for day, _name in festivals(year) if seed.day(day).works] == []


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_provisional_year_has_as_many_working_days_as_the_announced_one(year):
    def working(table):
        first = date(year, 1, 1)
        days = (first + timedelta(days=n) for n in range(365))
        return sum(table.day(day).works for day in days)

    assert working(provisional_table(year)) == working(seed_table())


@pytest.mark.parametrize("year", YEARS)
def test_no_saturday_or_sunday_works_and_thirteen_working_days_rest(year):
    table = provisional_table(year)
    assert all(not day.works for day in table.days_of(year))
    assert len(festivals(year)) == 13
    assert sum(day.date.weekday() < 5 for day in table.days_of(year)) == 13
    assert {day.date.year for day in table.days_of(year)} == {year}


def test_a_festival_on_a_weekend_is_made_up_on_the_next_working_day():
    table = provisional_table(2027)
    assert table.day(date(2027, 5, 1)).label == "劳动节"
    assert [table.day(date(2027, 5, day)).label for day in (3, 4, 5)] == [
        "劳动节补假",
        "劳动节补假",
        "工作日",
    ]


def test_two_festivals_on_one_day_rest_two_days():
    table = provisional_table(2031)  # 中秋 is 1 October
    assert festivals(2031)[-4:-2] == [(date(2031, 10, 1), "中秋节"), (date(2031, 10, 1), "国庆节")]
    rest = [day.date.day for day in table.days_of(2031) if day.date.month == 10 and day.date.weekday() < 5]
    assert rest == [1, 2, 3, 6]


def test_a_count_knows_whether_it_rests_on_a_provisional_year():
    assert CALENDAR.rests_on_provisional(date(2026, 12, 30), date(2027, 1, 4))
    assert CALENDAR.rests_on_provisional(date(2027, 1, 4), date(2026, 12, 30))
    assert not CALENDAR.rests_on_provisional(date(2026, 1, 1), date(2026, 12, 31), None)
    assert not CALENDAR.rests_on_provisional(None)


days = st.dates(date(2026, 1, 1), date(2039, 6, 30))


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_more_working_days_never_end_earlier(day, a, b):
    less, more = sorted((a, b))
    assert CALENDAR.add_working_days(day, less) <= CALENDAR.add_working_days(day, more)


@given(days, st.integers(0, 20), st.integers(1, 60))
def test_a_later_beginning_never_ends_earlier(day, later, n):
    start = day + timedelta(days=later)
    assert CALENDAR.add_working_days(day, n) <= CALENDAR.add_working_days(start, n)


@given(days)
def test_weekends_never_work_in_a_provisional_year(day):
    if day.year > 2026 and day.weekday() >= 5:
        assert CALENDAR.day(day).kind in (DayKind.WEEKEND, DayKind.HOLIDAY)
