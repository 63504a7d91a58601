"""The city's own table on top of the seed, and its file form."""

from datetime import date

import pytest

from kaoping.calendars import (
    CalendarTable,
    DayKind,
    YearNotAnnounced,
    calendar_from_seed,
    seed_table,
    table_from_json,
    table_to_json,
)


def test_override_announces_a_new_year():
    table = table_from_json(
        {"years": [2027], "days": [{"date": "2027-01-01", "working": False, "name": "元旦"}]}
    )
    calendar = calendar_from_seed(table)
    assert calendar.day(date(2027, 1, 1)).label == "元旦"
    assert calendar.is_working(date(2027, 1, 4))
    assert calendar.is_working(date(2026, 11, 16))


def test_a_stated_year_is_stated_whole():
    """A file that lists one day says that every other day of the year is ordinary; it is never mixed with another's days."""
    entry = {"date": "2026-11-16", "working": False, "name": "临时停工"}
    calendar = calendar_from_seed(table_from_json({"years": [2026], "days": [entry]}))
    assert calendar.day(date(2026, 11, 16)).kind is DayKind.HOLIDAY
    assert calendar.day(date(2026, 10, 1)).kind is DayKind.WORKING
    assert calendar.day(date(2025, 10, 1)).kind is DayKind.HOLIDAY


def test_every_year_says_where_its_days_come_from():
    table = calendar_from_seed(table_from_json({"years": [2027], "days": []})).table
    states = [table.state(year).value for year in (2003, 2026, 2027, 2028, 2040, 2041)]
    assert states == ["unknown", "seeded", "entered", "provisional", "provisional", "unknown"]


def test_working_sunday_becomes_make_up_day():
    table = table_from_json(
        {"years": [2027], "days": [{"date": "2027-02-14", "working": True, "name": "春节"}]}
    )
    assert table.day(date(2027, 2, 14)).kind is DayKind.MAKE_UP


def test_file_form_round_trips():
    assert table_from_json(table_to_json(seed_table())) == seed_table()


def test_seed_covers_2004_to_2026():
    assert seed_table().years == frozenset(range(2004, 2027))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "years"),
        ({"years": [2027], "days": {}}, "days"),
        ({"years": [2027], "days": [{"date": "2027-01-01"}]}, "working"),
        ({"years": [2027], "days": [{"date": "2027-13-01", "working": True}]}, "date"),
        ({"years": [2027], "days": [{"date": "2027-01-01", "working": True, "name": 1}]}, "name"),
    ],
)
def test_bad_table_names_the_field(data, message):
    with pytest.raises(ValueError, match=message):
        table_from_json(data)


def test_day_outside_the_announced_years_is_refused():
    day = seed_table().day(date(2026, 10, 1))
    with pytest.raises(YearNotAnnounced):
        CalendarTable(frozenset({2025}), {day.date: day})
