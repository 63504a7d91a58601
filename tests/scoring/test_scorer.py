"""What must hold for every score: bounds, monotonicity, order, redistribution, supersession, as-of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.scoring import score
from kaoping.scoring.observations import ObservationError
from kaoping.standards.loading import load_rulebook
from tests.scoring.examples import AS_OF, UNITS, complete_year, observed

RULEBOOK = load_rulebook("changzhou-2020")
RUBRIC = RULEBOOK.rubric
E = UNITS[:1]
quick = settings(max_examples=40, deadline=None)


def scored(lines, units=E, as_of=AS_OF):
    return score(
        RUBRIC,
        units,
        lines,
        year=2025,
        period=RULEBOOK.period(2025),
        as_of=as_of,
        period_of=RULEBOOK.period_of(2025),
    )


def line(results, item, unit="E"):
    return next(one for one in results.units if one.unit == unit).lines[item]


def fault(number, **more):
    more.setdefault("url", f"http://e/{number}")
    return observed(number, "E", "K3.3.p", "monitor", "verdict", "not_met", check="P-03", **more)


LEVELS = st.sampled_from(["good", "fair", "middling", "poor", "none"])


@quick
@given(
    st.lists(st.tuples(st.sampled_from(["K1.1", "K2.1.a", "K5"]), LEVELS), max_size=12), st.integers(0, 30)
)
def test_points_stay_between_nothing_and_the_maximum(judged, faults):
    lines = [
        observed(i, "E", item, "reviewer", "level", level, by=str(i))
        for i, (item, level) in enumerate(judged)
    ]
    lines += [fault(100 + i) for i in range(faults)]
    [unit] = scored(lines).units
    for one in unit.lines.values():
        assert 0 <= one.points <= one.max or one.status == "vetoed"
    assert sum(unit.components.values()) <= 100


@quick
@given(st.integers(0, 15), st.integers(0, 15))
def test_more_faults_never_earn_more(few, more):
    few, more = sorted((few, more))
    points = [line(scored([fault(i) for i in range(n)]), "K3.3.p").points for n in (few, more)]
    assert points[0] >= points[1]


@quick
@given(st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(shuffler):
    lines = [*complete_year(RUBRIC), fault(900), fault(901)]
    shuffled = list(lines)
    shuffler.shuffle(shuffled)
    assert scored(lines, UNITS).as_json() == scored(shuffled, UNITS).as_json()


@quick
@given(st.sets(st.sampled_from([leaf.code for leaf in RUBRIC.leaves() if leaf.role == "item"]), max_size=30))
def test_redistribution_keeps_the_maximum(excluded):
    lines = [
        observed(i, "E", code, "office", "verdict", "not_applicable", reason="不涉及")
        for i, code in enumerate(sorted(excluded))
    ]
    results = scored(lines)
    leaves = [leaf for leaf in RUBRIC.leaves() if leaf.role == "item"]
    assert sum(line(results, leaf.code).max for leaf in leaves) == 100
    assert all(line(results, code).status == "not_applicable" for code in excluded)


def test_recomputation_is_identical():
    lines = complete_year(RUBRIC)
    assert scored(lines, UNITS).as_json() == scored(list(lines), UNITS).as_json()


def test_a_claim_of_the_unit_moves_nothing_the_offices_decision_does():
    claim = observed(1, "E", "K5", "self", "verdict", "not_applicable")
    assert line(scored([claim]), "K5").status == "not_scored"
    decision = observed(2, "E", "K5", "office", "verdict", "not_applicable", reason="没有这项职能")
    assert line(scored([claim, decision]), "K5").status == "not_applicable"


def test_one_fault_seen_by_two_sources_costs_once_and_a_retest_restores():
    seen = [fault(1, url="http://e/1"), replace(fault(2, url="http://e/1"), source="visit")]
    assert line(scored(seen), "K3.3.p").points == Fraction(11, 2)
    passed = replace(fault(3, url="http://e/1"), source="retest", value="met")
    assert line(scored([*seen, passed]), "K3.3.p").points == 6


def test_undecided_never_costs():
    assert line(scored([replace(fault(1), value="undecided")]), "K3.3.p").points == 6


def test_a_superseded_line_counts_until_its_successor_is_recorded():
    old = observed(1, "E", "K3.2", "register", "ratio", {"done": 1, "of": 10}, id="old")
    march = datetime(2026, 3, 1, tzinfo=UTC)
    new = replace(old, id="new", value={"done": 10, "of": 10}, supersedes="old", recorded_at=march)
    assert line(scored([old, new], as_of=march - timedelta(days=1)), "K3.2").points == Fraction(1, 2)
    assert line(scored([old, new], as_of=march), "K3.2").points == 5


def test_a_withdrawn_line_counts_no_longer():
    old = fault(1, id="old")
    gone = observed(2, "E", "K3.3.p", "office", "withdrawn", None, supersedes="old", act="ruling:1")
    assert line(scored([old, gone]), "K3.3.p").points == 6


def test_what_was_observed_outside_the_period_is_not_selected():
    assert line(scored([fault(1, at=datetime(2024, 11, 30, 15, tzinfo=UTC))]), "K3.3.p").points == 6
    assert line(scored([fault(1, at=datetime(2024, 11, 30, 16, tzinfo=UTC))]), "K3.3.p").points == Fraction(
        11, 2
    )


def test_two_lines_with_one_id_are_an_error():
    with pytest.raises(ObservationError, match="出现了两次"):
        scored([fault(1), fault(1)])


def test_too_few_ballots_do_not_score_and_their_points_go_to_the_other_items():
    few = observed(1, "E", "S5.1", "ballot", "tally", {"question": "q1", "options": {"satisfied": 10}})
    results = scored([few])
    assert line(results, "S5.1").status == "not_applicable"
    assert line(results, "S5.2").max == Fraction(200, 98)


def test_reviewers_are_joined_by_their_median():
    lines = [
        observed(i, "E", "K1.1", "reviewer", "level", level, by=str(i))
        for i, level in enumerate(["good", "good", "none"])
    ]
    assert line(scored(lines), "K1.1").points == 2


def test_an_appeals_points_replace_the_methods_answer():
    lines = [fault(i) for i in range(4)]
    decided = observed(90, "E", "K3.3.p", "office", "points", "5.5", reason="两处不属实")
    assert line(scored([*lines, decided]), "K3.3.p").points == Fraction(11, 2)


def test_a_sources_kind_that_the_item_does_not_take_is_no_evidence():
    assert line(scored([observed(1, "E", "K1.1", "self", "level", "good")]), "K1.1").status == "not_scored"


def test_an_unfinished_unit_has_no_total_and_no_grade():
    [unit] = scored([]).units
    assert (unit.total, unit.grade) == (None, None)
    assert "等次未定" in unit.grade_reason


def test_a_veto_makes_the_grade_fail():
    lines = [*complete_year(RUBRIC, E), observed(999, "E", "V1", "office", "verdict", "not_met")]
    [unit] = scored(lines).units
    assert (unit.grade, unit.vetoes) == ("fail", ("V1",))


def test_penalties_come_off_the_total():
    whole = scored(complete_year(RUBRIC, E)).units[0].total
    less = (
        scored([*complete_year(RUBRIC, E), observed(999, "E", "D1", "register", "count", 2)]).units[0].total
    )
    assert whole - less == 2


def test_units_that_do_not_participate_are_left_out():
    assert scored([], [replace(E[0], participates=False)]).units == ()


def test_an_open_gate_bars_the_best_grade():
    lines = complete_year(RUBRIC, E)
    lines = [replace(one, value={"done": 10, "of": 10}) if one.kind == "ratio" else one for one in lines]
    assert scored(lines).units[0].grade == "excellent"
    late = observed(999, "E", "G1", "office", "verdict", "not_met")
    assert scored([*lines, late]).units[0].grade == "good"


def test_a_gate_looks_at_the_verdicts_of_the_checks_it_names():
    late = observed(1, "E", "K3.6", "monitor", "verdict", "not_met", check="R-01")
    assert scored([late]).units[0].gates["G2"] is False
    assert scored([]).units[0].gates["G2"] is True
