"""Score, interval and grade."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.balloting import grade, rule_text, satisfaction, wilson
from tests.balloting.examples import questionnaire

RULE = questionnaire().satisfaction
counts = st.integers(0, 500)


def score(satisfied, basic, dissatisfied):
    answers = {"satisfied": satisfied, "basic": basic, "dissatisfied": dissatisfied}
    return satisfaction(RULE, answers, satisfied + basic + dissatisfied)


def test_worked_example():
    assert score(70, 20, 10).value == 84
    assert rule_text(RULE) == "(满意 + 0.7×基本满意) ÷ (满意 + 基本满意 + 不满意) × 100"


def test_wilson_against_the_published_table():
    low, high = wilson(Fraction(1, 2), 384)
    assert round(float(low), 4) == 0.4502
    assert round(float(high), 4) == 0.5498
    assert wilson(Fraction(0), 10)[0] == 0
    assert round(float(wilson(Fraction(0), 10)[1]), 4) == 0.2775


def test_everybody_basic_is_not_graded_satisfied():
    assert grade(RULE, 30, score(0, 400, 0), 2)[0] == "基本满意"


@pytest.mark.parametrize(
    ("answers", "name"), [((80, 0, 20), "满意"), ((60, 0, 40), "基本满意"), ((599, 0, 401), "不满意")]
)
def test_lines_belong_to_the_better_grade(answers, name):
    assert grade(RULE, 30, score(*answers), 2)[0] == name


def test_a_score_that_only_rounds_to_the_line_does_not_reach_it():
    found = score(79999, 0, 20001)
    assert grade(RULE, 30, found, 2) == ("基本满意", "满意度得分 80.00，不低于 60、低于 80，为基本满意。")


def test_no_grade_has_its_reason():
    assert grade(RULE, 30, score(18, 0, 0), 2) == (None, "有效问卷 18 份，不足 30 份，不给出等次。")
    assert grade(RULE, 30, score(0, 0, 0), 2)[0] is None
    assert grade(None, 30, score(0, 0, 0), 2)[0] is None


def test_wide_interval_is_marked():
    assert "仅供参考" in grade(RULE, 30, score(20, 0, 13), 2)[1]
    assert "仅供参考" not in grade(RULE, 30, score(400, 0, 20), 2)[1]


@settings(max_examples=60, deadline=None)
@given(counts, counts, counts)
def test_score_lies_in_its_interval_inside_the_bounds(satisfied, basic, dissatisfied):
    found = score(satisfied, basic, dissatisfied)
    if found.value is None:
        assert satisfied + basic + dissatisfied == 0
        return
    low, high = found.interval
    assert 0 <= low <= found.value <= high <= 100


@settings(max_examples=60, deadline=None)
@given(counts, counts, counts)
def test_one_more_satisfied_never_lowers_the_score(satisfied, basic, dissatisfied):
    before, after = score(satisfied, basic, dissatisfied), score(satisfied + 1, basic, dissatisfied)
    assert before.value is None or after.value >= before.value
