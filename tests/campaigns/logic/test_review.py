"""Aliases and even assignment."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.campaigns.logic import review


def test_aliases_do_not_show_the_registers_order() -> None:
    codes = [f"U{number:02d}" for number in range(30)]
    aliases = review.unit_aliases("salt", 1, codes)
    assert sorted(aliases.values()) == [f"单位{number:02d}" for number in range(1, 31)]
    assert [aliases[code] for code in codes] != sorted(aliases.values())
    assert aliases == review.unit_aliases("salt", 1, reversed(codes))
    assert review.reviewer_alias(0) == "专家甲"
    assert review.reviewer_alias(10) == "专家11"


def test_another_reviewer_knows_the_same_unit_by_another_alias() -> None:
    codes = [f"U{number:02d}" for number in range(30)]
    first, second = review.unit_aliases("salt", 1, codes), review.unit_aliases("salt", 2, codes)
    assert sum(first[code] == second[code] for code in codes) < 5


@given(
    known=st.dictionaries(st.sampled_from([f"U{n}" for n in range(9)]), st.integers(1, 12), max_size=9),
    codes=st.sets(st.sampled_from([f"U{n}" for n in range(14)]), max_size=14),
)
def test_an_alias_once_given_stays_and_no_two_units_share_one(known: dict[str, int], codes: set[str]) -> None:
    told = {code: f"单位{number:02d}" for code, number in known.items()}
    if len(set(told.values())) < len(told):
        return
    made = review.unit_aliases("salt", 1, codes, told)
    assert set(made) == codes and all(made[code] == told[code] for code in codes & set(told))
    assert len(set((told | made).values())) == len(told | made)


@given(
    given_=st.dictionaries(st.integers(1, 9), st.integers(0, 14), max_size=9),
    people=st.lists(st.integers(1, 20), max_size=12),
)
def test_no_two_reviewers_ever_share_an_alias(given_: dict[int, int], people: list[int]) -> None:
    told = {person: review.reviewer_alias(at) for person, at in given_.items()}
    if len(set(told.values())) < len(told):
        return
    made = review.reviewer_aliases(people, told)
    assert set(made) == set(told) | set(people) and all(made[one] == told[one] for one in told)
    assert len(set(made.values())) == len(made)


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
