"""Bands, quota, ties and ranks."""

from dataclasses import replace
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


def test_a_tie_for_the_only_place_says_why_nobody_has_it():
    rule = GradeRule(BANDS, Quota("excellent", Fraction("0.3"), 1, "out"), None, "fail")
    found = grade_all(sheets("95", "95", "70"), rule, "competition", 2)
    assert [one.grade for one in found] == ["good", "good", "pass"]
    assert "同分、名额不够" in found[0].grade_reason


def test_ranks_compare_exact_totals_or_what_is_published():
    totals = sheets("79.504", "79.502", "79.4")
    assert [one.rank for one in grade_all(totals, None, "competition", 2)] == [1, 2, 3]
    assert [one.rank for one in grade_all(totals, None, "competition", 2, "rounded")] == [1, 1, 3]


def test_a_vetoed_unit_has_no_rank_and_takes_no_place():
    first, second = sheets("99", "70")
    rule = GradeRule(BANDS, None, None, "fail")
    found = grade_all([replace(first, vetoes=("V1",)), second], rule, "competition", 2)
    assert [(one.grade, one.rank) for one in found] == [("fail", None), ("pass", 1)]


def test_an_unmet_gate_bars_the_best_grade_and_an_unknown_one_does_not():
    rule = GradeRule(BANDS, None, "excellent", "fail")
    unmet, unknown = (replace(sheets("95")[0], gates={"G1": met}) for met in (False, None))
    assert [one.grade for one in grade_all([unmet, unknown], rule, "competition", 2)] == ["good", "excellent"]


def test_groups_have_their_own_quota_and_ranks():
    mine, others = sheets("95", "94"), [replace(one, unit=f"X{one.unit}", group="乙") for one in sheets("93")]
    rule = GradeRule(BANDS, Quota("excellent", Fraction("0.3"), 1, "out"), None, "fail")
    found = grade_all([*mine, *others], rule, "competition", 2)
    assert [(one.grade, one.rank) for one in found] == [("excellent", 1), ("good", 2), ("excellent", 1)]
