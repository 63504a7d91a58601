"""A day is four, two and two digits; an instant says its zone. What Python reads beside that is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.foreign.days import strict_day, strict_instant, strict_local, table_day

NO_DAY = [
    "2026-W01-1",
    "2026W011",
    "20260101",
    "2026-001",
    "2026-1-1",
    "2026-01-1",
    " 2026-01-01",
    "2026-01-01\n",
    "2026-01-01\x00",
    "２０２６-01-01",
    "2026-01-01T00:00",
    "2026/01/01",
    "2026-02-30",
    "2026-13-01",
    "0000-01-01",
    "",
    None,
    20260101,
    True,
]


@pytest.mark.parametrize("text", NO_DAY)
def test_what_is_no_day(text):
    assert strict_day(text) is None
    assert strict_instant(text) is None


@given(st.dates())
def test_every_day_is_read_as_it_is_written(day):
    assert strict_day(day.isoformat()) == day == table_day(day.isoformat())


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=9))])
    )
)
def test_every_instant_is_read_as_it_is_written(instant):
    assert strict_instant(instant.isoformat()) == instant
    assert strict_local(instant.replace(tzinfo=None).isoformat()) == instant.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-01-01T08:00Z", 8),
        ("2026-01-01T08:00:00Z", 8),
        ("2026-01-01T08:00:00.123+08:00", 0),
        ("2026-01-01T08:00:00.123456789-00:00", 8),
    ],
)
def test_ways_to_write_an_instant(text, hour):
    found = strict_instant(text)
    assert found is not None and found.astimezone(UTC).hour == hour


@pytest.mark.parametrize(
    "text",
    [
        "2026-W01-1T08:00:00+08:00",
        "2026-01-01 08:00:00+08:00",
        "20260101T080000Z",
        "2026-01-01T08Z",
        "2026-01-01T08:00:00,5Z",
        "2026-01-01T08:00:00+08",
        "2026-01-01T08:00:00+0800",
        "2026-01-01T08:00:00+08:00:30",
        "2026-01-01T08:00:00+25:00",
        "2026-01-01t08:00:00z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T08:00:00",
        "２０２６-01-01T08:00:00Z",
        "2026-01-01T08:00:00Z\x00",
        "",
        None,
        7,
    ],
)
def test_what_is_no_instant(text):
    assert strict_instant(text) is None


@pytest.mark.parametrize(
    "text", ["2026-01-01T08:00+08:00", "2026-01-01T08:00Z", "2026-01-01", "2026-W01-1T08:00"]
)
def test_a_local_time_says_no_zone(text):
    assert strict_local(text) is None
    assert strict_local("2026-01-01T08:00") == datetime(2026, 1, 1, 8)  # noqa: DTZ001 - local by its nature


@pytest.mark.parametrize(
    "text", ["2025-03-01", "2025-3-1", "2025/3/1", "2025.03.01", "2025年3月1日", " 2025年03月01日 "]
)
def test_a_day_as_spreadsheets_and_people_write_it(text):
    assert table_day(text) == date(2025, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-010",
        "2025-03-01垃圾",
        "2025年3月1",
        "2025-3/1",
        "2025 3 1",
        "２０２５-03-01",
        "2025-W09-6",
        "20250301",
        "",
    ],
)
def test_what_is_no_day_in_a_table_either(text):
    assert table_day(text) is None
