"""Aliases and even assignment."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.campaigns.logic import review


def test_aliases_do_not_show_the_registers_order() -> None:
    codes = [f"U{number:02d}" for number in range(30)]
    aliases = review.unit_aliases("salt", codes)
    assert sorted(aliases.values()) == [f"单位{number:02d}" for number in range(1, 31)]
    assert [aliases[code] for code in codes] != sorted(aliases.values())
    assert aliases == review.unit_aliases("salt", reversed(codes))
    assert review.reviewer_alias(0) == "专家甲"
    assert review.reviewer_alias(10) == "专家11"


@given(
    units=st.lists(st.integers(0, 40), unique=True, max_size=20),
    reviewers=st.integers(1, 5),
    per_unit=st.integers(1, 3),
    seed=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 40)), max_size=10),
)
@settings(max_examples=60, deadline=None)
def test_even_assignment_never_gives_a_conflict_nor_one_reviewer_twice(
    units: list[int], reviewers: int, per_unit: int, seed: set[tuple[int, int]]
) -> None:
    people = [f"r{number}" for number in range(reviewers)]
    conflicts = {person: {f"u{unit}" for who, unit in seed if f"r{who}" == person} for person in people}
    plan = review.spread_evenly([f"u{unit}" for unit in units], people, per_unit, conflicts)
    for unit, given_to in plan.items():
        assert len(set(given_to)) == len(given_to) <= per_unit
        assert all(unit not in conflicts[person] for person in given_to)
        free = [person for person in people if unit not in conflicts[person]]
        assert len(given_to) == min(per_unit, len(free))
