"""Bands, quota, ties and ranks."""

from fractions import Fraction

import pytest

from kaoping.scoring.grade import grade_all
from kaoping.scoring.rubric import Band, GradeRule, Quota
from kaoping.scoring.sheet import UnitSheet

BANDS = (
    Band("excellent", "优秀", Fraction(90)),
    Band("good", "良好", Fraction(80)),
    Band("pass", "合格", Fraction(60)),
    Band("fail", "不合格", Fraction(0)),
)


def sheets(*totals):
    return [
        UnitSheet(f"U{i}", "甲", Fraction(str(total)), None, "", None, {}, (), {}, {})
        for i, total in enumerate(totals)
    ]


def grades(totals, share="1", ties="out"):
    rule = GradeRule(BANDS, Quota("excellent", Fraction(share), 1, ties), None, "fail")
    return [one.grade for one in grade_all(sheets(*totals), rule, "competition", 2)]


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("90", "excellent"),
        ("89.999", "good"),
        ("80", "good"),
        ("79.99", "pass"),
        ("60", "pass"),
        ("59.995", "fail"),
    ],
)
def test_bands_look_at_the_unrounded_total(total, grade):
    assert grades([total]) == [grade]


def test_quota_is_the_floor_and_at_least_one():
    assert grades(["95", "94", "93"], share="0.3") == ["excellent", "good", "good"]
    assert grades([*(str(99 - i) for i in range(7))], share="0.3").count("excellent") == 2


def test_a_tie_at_the_line_is_treated_alike():
    assert grades(["95", "94", "94", "91"], share="0.5", ties="out") == ["excellent", "good", "good", "good"]
    assert grades(["95", "94", "94", "91"], share="0.5", ties="in") == [
        "excellent",
        "excellent",
        "excellent",
        "good",
    ]


def test_ranks_are_competition_or_dense():
    for ranking, expected in (("competition", [1, 2, 2, 4]), ("dense", [1, 2, 2, 3])):
        assert [one.rank for one in grade_all(sheets("9", "8", "8", "7"), None, ranking, 2)] == expected
