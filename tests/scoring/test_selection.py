"""Period by observed_at, knowledge by recorded_at, supersession, withdrawal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.scoring.observations import ObservationError
from kaoping.scoring.selection import Period, standing
from tests.scoring.examples import observed

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
        9, "E", "X", "office", "withdrawn", None, supersedes=new.id, recorded_at=DAY + timedelta(days=2)
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
        ("2025-02-01T00:00:00+08:00", True),
        ("2025-02-01T00:00:01+08:00", False),
    ],
)
def test_days_are_days_of_shanghai_and_a_deadline_belongs_to_the_day_it_ends(instant, inside):
    january = Period(date(2025, 1, 1), date(2025, 1, 31))
    assert january.holds(datetime.fromisoformat(instant)) is inside
