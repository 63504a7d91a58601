"""Period by observed_at, knowledge by recorded_at, supersession, withdrawal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.beijing import BEIJING
from kaoping.scoring.observations import ObservationError
from kaoping.scoring.selection import CLOSED, HALF_OPEN, TARGETED, Period, standing
from tests.scoring.examples import observed

FIRST = datetime(1990, 1, 1, tzinfo=BEIJING)
DAY = datetime(2025, 6, 1, tzinfo=UTC)


def chain(days):
    """Line 0, and each later line superseding the one before, recorded on the given days."""
    lines = []
    for number, day in enumerate(days):
        at = DAY + timedelta(days=day)
        lines.append(
            observed(
                number,
                "E",
                "X",
                "register",
                "count",
                number,
                recorded_at=at,
                supersedes=lines[-1].id if lines else None,
            )
        )
    return lines


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(0, 60))
def test_of_a_chain_recorded_in_order_exactly_the_last_known_line_stands(days, as_of):
    days = sorted(set(days))
    lines = chain(days)
    found = standing(lines, DAY + timedelta(days=as_of))
    known = [line for line, day in zip(lines, days, strict=True) if day <= as_of]
    assert found == known[-1:]


def test_a_withdrawal_leaves_nothing_even_of_what_was_superseded():
    old, new = chain([0, 1])
    gone = observed(
        9,
        "E",
        "X",
        "office",
        "withdrawn",
        None,
        supersedes=new.id,
        recorded_at=DAY + timedelta(days=2),
        act="batch:1",
    )
    assert standing([old, new, gone], DAY + timedelta(days=1)) == [new]
    assert standing([old, new, gone], DAY + timedelta(days=2)) == []


def test_a_successor_recorded_in_the_same_instant_replaces():
    old, new = chain([0, 0])
    assert standing([new, old], DAY) == [new]


def test_two_lines_with_one_id_are_an_error_even_when_one_is_not_known_yet():
    line = chain([0])[0]
    with pytest.raises(ObservationError, match="出现了两次"):
        standing([line, replace(line, recorded_at=DAY + timedelta(days=99))], DAY)


@pytest.mark.parametrize(
    ("instant", "inside"),
    [
        ("2025-01-01T00:00:00+08:00", True),
        ("2024-12-31T16:00:00+00:00", True),
        ("2024-12-31T23:59:59+08:00", False),
        ("2025-01-31T23:59:59+08:00", True),
        ("2025-01-31T23:59:59.999999+08:00", True),
        ("2025-02-01T00:00:00+08:00", False),
        ("2025-02-01T00:00:01+08:00", False),
    ],
)
def test_days_are_days_of_shanghai_and_a_period_is_half_open(instant, inside):
    january = Period(date(2025, 1, 1), date(2025, 1, 31))
    assert january.holds(datetime.fromisoformat(instant)) is inside


def test_the_first_scorer_counted_the_midnight_after_the_last_day():
    january = Period(date(2025, 1, 1), date(2025, 1, 31))
    midnight = datetime.fromisoformat("2025-02-01T00:00:00+08:00")
    assert (CLOSED.holds(january, midnight), HALF_OPEN.holds(january, midnight)) == (True, False)


@given(
    st.integers(0, 70 * 366 * 86_400 * 10**6).map(lambda passed: FIRST + timedelta(microseconds=passed)),
    st.sampled_from([timedelta(0), timedelta(microseconds=1), -timedelta(microseconds=1)]),
    st.booleans(),
)
def test_an_instant_belongs_to_exactly_one_year(instant, nudge, midnight):
    if midnight:
        instant = instant.astimezone(BEIJING).replace(
            month=12, day=1, hour=0, minute=0, second=0, microsecond=0
        )
    instant = (instant + nudge).astimezone(UTC)
    years = [Period(date(year - 1, 12, 1), date(year, 11, 30)) for year in range(1989, 2062)]
    assert sum(HALF_OPEN.holds(period, instant) for period in years) == 1


def test_earlier_scorers_told_faults_apart_by_their_addresses_alone():
    line = replace(observed(1, "E", "X", "visit", "verdict", "not_met"), target="place:1")
    as_of = line.recorded_at
    assert [one.target for one in TARGETED.standing([line], as_of)] == ["place:1"]
    assert [one.target for old in (CLOSED, HALF_OPEN) for one in old.standing([line], as_of)] == [None, None]
