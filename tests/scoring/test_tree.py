"""Caps of branches, redistribution by both rules, bonuses and their ceiling, announcement, checks."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from kaoping.scoring import score
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.units import Unit
from tests.scoring.examples import AS_OF, PERIOD, observed

E = Unit("E", "甲局", "甲局", "department")
TAKES = {"register": ("count", "ratio", "points", "verdict"), "monitor": ("verdict",), "office": ("verdict",)}


def leaf(code, maximum, method="deduction", role="item", **more):
    return Indicator(code, code, Fraction(maximum), role=role, method=method, sources=TAKES, **more)


def branch(code, *children, **settings):
    return Indicator(
        code, code, sum((one.max for one in children), Fraction(0)), settings=settings, children=children
    )


def rubric(*tops, **more):
    total = sum((top.max for top in tops if top.role == "item"), Fraction(0))
    return Rubric("t", "1", 2, total, "pending", "competition", (), tops, None, **more)


def sheet(rules, *lines, unit=E):
    return score(rules, [unit], lines, year=2025, period=PERIOD, as_of=AS_OF).units[0]


def faults(number, item, how_many):
    return observed(number, "E", item, "register", "count", how_many)


OVER = {"settings": {"overflow": True, "each": "1"}}


def test_an_overflowing_deduction_is_paid_by_the_branch_above_and_no_further():
    rules = rubric(branch("A", leaf("A1", 3, **OVER), leaf("A2", 5)), leaf("B", 2))
    paid = sheet(rules, faults(1, "A1", 5))
    assert (paid.lines["A1"].points, paid.lines["A"].points, paid.total) == (-2, 3, 5)
    assert sheet(rules, faults(1, "A1", 50)).total == 2


@pytest.mark.parametrize(("overflow", "total"), [(True, 4), (False, 6)])
def test_a_branch_stops_a_loss_unless_it_passes_it_on(overflow, total):
    inner = branch("A1", leaf("A11", 2, **OVER), **({"overflow": True} if overflow else {}))
    assert sheet(rubric(branch("A", inner, leaf("A2", 6))), faults(1, "A11", 4)).total == total


def excluded(number, item):
    return observed(number, "E", item, "office", "verdict", "not_applicable")


@pytest.mark.parametrize(
    ("rule", "maxima"),
    [
        ("whole", {"A1": 0, "A2": Fraction(25, 2), "B": Fraction(75, 2)}),
        ("branch", {"A1": 0, "A2": 20, "B": 30}),
    ],
)
def test_points_that_do_not_apply_go_to_all_or_to_the_neighbours(rule, maxima):
    rules = rubric(branch("A", leaf("A1", 10), leaf("A2", 10)), leaf("B", 30), redistribution=rule)
    found = sheet(rules, excluded(1, "A1"))
    assert {code: found.lines[code].max for code in maxima} == maxima
    assert found.total == 50
    assert found.lines["A1"].status == "not_applicable"


def test_when_nothing_applies_there_is_no_total():
    found = sheet(rubric(leaf("A", 10)), excluded(1, "A"))
    assert (found.total, found.lines["A"].status) == (None, "not_applicable")


def bonus(**settings):
    return leaf("M", 5, method="occurrences", role="bonus", settings=settings)


def test_a_bonus_reaches_the_ceiling_and_no_higher():
    happened = faults(1, "M", 9)
    assert sheet(rubric(leaf("A", 10), bonus(each="1")), happened).total == 10
    assert sheet(rubric(leaf("A", 10), bonus(each="1"), ceiling=Fraction(13)), happened).total == 13


def test_a_bonus_counts_strictly_above_its_gate():
    rules = rubric(leaf("A", 100), bonus(each="1", only_above="80"), ceiling=Fraction(130))
    assert sheet(rules, faults(1, "M", 1), faults(2, "A", 20)).total == 80
    assert sheet(rules, faults(1, "M", 1), faults(2, "A", 19)).total == 82


def test_nothing_before_the_announcement_costs_a_point():
    early = observed(1, "E", "A", "monitor", "verdict", "not_met", check="P-01", url="http://e/1")
    assert sheet(rubric(leaf("A", 10, announced_on=date(2025, 6, 2))), early).total == 10
    assert sheet(rubric(leaf("A", 10, announced_on=date(2025, 6, 1))), early).total == 9
    counted = faults(2, "A", 3)
    assert sheet(rubric(leaf("A", 10, announced_on=date(2025, 6, 2))), counted).total == 10


def test_a_finding_that_names_only_its_check_counts_where_the_rulebook_takes_that_check():
    loose = observed(1, "E", None, "monitor", "verdict", "not_met", check="P-01", url="http://e/1")
    assert sheet(rubric(leaf("A", 10, checks=("P-01",)), leaf("B", 10)), loose).total == 19
    assert sheet(rubric(leaf("A", 10), leaf("B", 10)), loose).total == 20


def test_a_unit_that_does_not_exist_in_the_period_is_not_assessed():
    rules = rubric(leaf("A", 10))

    def units(**dates):
        unit = Unit("E", "甲", "甲", "department", **dates)
        return len(score(rules, [unit], [], year=2025, period=PERIOD, as_of=AS_OF).units)

    assert units(valid_to=date(2024, 11, 30)) == 0
    assert units(valid_from=date(2025, 12, 1)) == 0
    assert units(valid_from=date(2025, 3, 1), valid_to=date(2025, 8, 1)) == 1


def test_an_office_decision_on_points_takes_an_earlier_exclusion_back():
    decided = observed(2, "E", "A", "office", "points", "7")
    assert sheet(rubric(leaf("A", 10)), excluded(1, "A"), decided).total == 7


def test_a_reason_that_ends_its_sentence_gives_way_to_the_next_clause():
    rules = rubric(leaf("A", 5, "points"), leaf("B", 5))
    sources = {"office": ("points", "verdict")}
    rules = replace(rules, indicators=tuple(replace(top, sources=sources) for top in rules.indicators))
    given = replace(observed(1, "E", "A", "office", "points", "4"), reason="复核 FH-1：分工文件属实。")
    out = observed(2, "E", "B", "office", "verdict", "not_applicable")
    reason = sheet(rules, given, out).lines["A"].reason
    assert reason == "复核 FH-1：分工文件属实；因有不涉及项，本项按 5 分折算为 10 分"
    assert sheet(rules, given).lines["A"].reason == "复核 FH-1：分工文件属实。"
