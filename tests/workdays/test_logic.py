"""When the office is asked, what may be entered, and that no told date becomes earlier."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.calendars import (
    DayKind,
    calendar_from_seed,
    read_arrangement,
    table_from_json,
)
from kaoping.workdays import logic
from tests.calendars.making import notice

SHIPPED = calendar_from_seed()


@pytest.mark.parametrize(
    ("today", "asked"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2025, 12, 31), None),
    ],
)
def test_the_next_year_is_asked_for_from_november(today, asked):
    assert logic.asked_year(SHIPPED.table, today) == asked


def test_an_entered_year_is_asked_for_no_more():
    table = calendar_from_seed(read_arrangement(notice()).table()).table
    assert logic.asked_year(table, date(2026, 12, 1)) is None
    assert logic.asked_year(table, date(2027, 11, 1)) == 2028


def test_a_source_is_needed_and_the_same_again_is_nothing_new():
    given = read_arrangement(notice())
    assert "文号" in logic.refusal_to_enter(read_arrangement(notice(source="")), SHIPPED.table, [])
    assert logic.refusal_to_enter(given, SHIPPED.table, []) is None
    entered = calendar_from_seed(given.table()).table
    assert "已经是这样录入的" in logic.refusal_to_enter(given, entered, [given.source])
    assert logic.refusal_to_enter(given, entered, ["另一个文号"]) is None


days = st.dates(date(2026, 11, 1), date(2027, 12, 1))
exceptions = st.dictionaries(st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=60)


def arrangement(given):
    """Any arrangement: rest on weekdays, work on weekends, as drawn."""
    entries = [
        {"date": day.isoformat(), "working": works, "name": None}
        for day, works in given.items()
        if not (works and day.weekday() < 5)
    ]
    return calendar_from_seed(table_from_json({"years": [2027], "days": entries}))


@given(days, st.integers(1, 20), exceptions, exceptions)
def test_from_provisional_to_entered_to_replaced_a_told_date_never_becomes_earlier(served, n, first, second):
    told = [SHIPPED.add_working_days(served, n)]
    for entered in (arrangement(first), arrangement(second)):
        counted = entered.add_working_days(served, n)
        told.append(logic.never_earlier(told[-1], counted))
        assert told[-1] >= counted  # nobody has fewer working days than promised
    assert told == sorted(told)


@given(days, st.integers(1, 20), st.sets(st.dates(date(2027, 1, 1), date(2027, 12, 31)), max_size=30))
def test_more_rest_never_ends_earlier(served, n, rest):
    entered = arrangement(dict.fromkeys(rest, False))
    ordinary = arrangement({})
    assert entered.add_working_days(served, n) >= ordinary.add_working_days(served, n)


@given(st.dates(date(2027, 1, 1), date(2027, 12, 31)), exceptions)
def test_a_stated_day_is_what_was_stated(day, given_days):
    entered = arrangement(given_days)
    weekend = day.weekday() >= 5
    works = given_days.get(day, not weekend)
    assert entered.is_working(day) == (works or not weekend if works else False)
    assert entered.day(day).kind in set(DayKind)
    assert not entered.rests_on_provisional(day, day + timedelta(days=0))
