"""Working days against dates of the State Council's notices and against their own laws."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.beijing import day_of, deadline_day
from kaoping.calendars import DayKind, YearNotAnnounced, calendar_from_seed

CALENDAR = calendar_from_seed()
days = st.dates(date(2005, 1, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("day", "kind", "label"),
    [
        (date(2025, 1, 26), DayKind.MAKE_UP, "调休上班（春节）"),
        (date(2025, 1, 29), DayKind.HOLIDAY, "春节"),
        (date(2025, 10, 1), DayKind.HOLIDAY, "国庆节"),
        (date(2025, 10, 11), DayKind.MAKE_UP, "调休上班（国庆节）"),
        (date(2026, 11, 16), DayKind.WORKING, "工作日"),
        (date(2026, 11, 15), DayKind.WEEKEND, "周末"),
    ],
)
def test_day_kinds(day, kind, label):
    assert CALENDAR.day(day).kind is kind
    assert CALENDAR.day(day).label == label
    assert CALENDAR.is_working(day) is kind.works


def test_document_of_the_regulation_was_published_after_five_working_days():
    assert CALENDAR.working_days_between(date(2020, 12, 7), date(2020, 12, 14)) == 5


def test_twenty_working_days_over_spring_festival():
    assert CALENDAR.add_working_days(date(2026, 1, 30), 20) == date(2026, 3, 5)


def test_year_not_announced_is_refused_in_words():
    with pytest.raises(YearNotAnnounced, match="该年度安排尚未录入"):
        CALENDAR.is_working(date(2041, 1, 4))
    with pytest.raises(YearNotAnnounced):
        CALENDAR.add_working_days(date(2040, 12, 1), 30)


def test_deadline_is_midnight_at_the_end_of_its_day():
    due = CALENDAR.deadline(date(2026, 11, 2), 10)
    assert due.astimezone(UTC) == datetime(2026, 11, 16, 16, tzinfo=UTC)
    assert deadline_day(due) == date(2026, 11, 16)
    assert day_of(due) == date(2026, 11, 17)


def test_instants_need_a_zone():
    with pytest.raises(ValueError, match="时区"):
        day_of(datetime(2026, 1, 1))  # noqa: DTZ001


def test_strip_numbers_working_days_only():
    start, due = date(2025, 9, 29), date(2025, 10, 11)
    strip = CALENDAR.working_day_strip(start, due)
    assert [cell.number for cell in strip if cell.number] == [1, 2, 3, 4]
    assert strip[0].is_start and strip[0].number is None
    assert strip[-1].is_deadline and strip[-1].day.kind is DayKind.MAKE_UP
    assert len(strip) == 13


@settings(max_examples=60, deadline=None)
@given(days, st.integers(1, 60))
def test_adding_and_counting_agree(day, n):
    end = CALENDAR.add_working_days(day, n)
    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(day, end) == n
    assert CALENDAR.working_days_between(end, day) == -n


@settings(max_examples=60, deadline=None)
@given(days, st.integers(1, 30), st.integers(1, 30))
def test_adding_twice_is_adding_the_sum(day, a, b):
    once = CALENDAR.add_working_days(CALENDAR.add_working_days(day, a), b)
    assert once == CALENDAR.add_working_days(day, a + b)
