"""The count itself."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.balloting import tally
from tests.balloting.examples import ballots, questionnaire, questionnaire_data

answer = st.fixed_dictionaries(
    {},
    optional={
        "q1": st.sampled_from(["vs", "s", "b", "d", "k", "zz", ""]),
        "q2": st.sampled_from(["vs", "s", "b", "d", "k"]),
        "q3": st.lists(st.sampled_from(["site", "app", "hall"]), max_size=3),
        "q4": st.text(max_size=3),
    },
)


def only(result):
    (unit,) = result.as_json()["units"]
    return unit


def test_counts_shares_and_percentages():
    unit = only(tally(questionnaire(), ballots({"q1": "s"}, {"q1": "s"}, {"q1": "k"})))
    question = unit["questions"]["q1"]
    assert (question["n"], question["base"], question["base_rule"]) == (3, 3, "respondents")
    assert question["options"]["s"] == {"count": 2, "share": "2/3", "percent": "66.67"}
    assert question["options"]["vs"] == {"count": 0, "share": "0/1", "percent": "0.00"}
    assert unit["questions"]["q2"]["options"]["s"] == {"count": 0, "share": None, "percent": None}
    assert unit["satisfaction"]["value"] == "100.00"


def test_places():
    unit = only(tally(questionnaire(), ballots({"q1": "s"}, {"q1": "s"}, {"q1": "b"}), 0))
    assert unit["questions"]["q1"]["options"]["s"]["percent"] == "67"
    with pytest.raises(ValueError, match="places"):
        tally(questionnaire(), [], -1)


def test_multi_by_respondents_and_by_ticks():
    data = questionnaire_data()
    marks = ballots({"q3": ["site", "app"]}, {"q3": ["site"]})
    by_people = only(tally(questionnaire(), marks))["questions"]["q3"]
    assert (by_people["base"], by_people["options"]["site"]["share"]) == (2, "1/1")
    data["questions"][2] = {**data["questions"][2], "base_rule": "ticks"}
    by_ticks = only(tally(questionnaire(questions=data["questions"]), marks))["questions"]["q3"]
    assert (by_ticks["n"], by_ticks["base"], by_ticks["options"]["site"]["share"]) == (2, 3, "2/3")


def test_units_and_strata_stand_apart():
    cast = [
        *ballots({"q1": "s"}, {"q1": "s"}, {"q1": "s"}, unit="U2", stratum="government"),
        *ballots({"q1": "d"}, unit="U2", stratum="public"),
        *ballots({"q1": "b"}, {"q1": "b"}, unit="U1"),
    ]
    result = tally(questionnaire(), cast)
    first, second = result.as_json()["units"]
    assert (first["unit"], first["strata"]) == ("U1", {})
    assert first["satisfaction"]["value"] == "70.00"
    assert {name: part["n"] for name, part in second["strata"].items()} == {"government": 3, "public": 1}
    assert second["strata"]["public"]["satisfaction"]["value"] == "0.00"
    assert any("占 75.0%，超过半数" in warning for warning in result.warnings)


def test_repeated_id_counts_once():
    one = ballots({"q1": "s"})
    other = ballots({"q1": "d"})
    result = tally(questionnaire(min_n=None), [*one, *one, *other])
    assert only(result)["n"] == 1
    assert result.warnings[:2] == (
        "同号且内容相同 1 份，只计先到的一份",
        "同号而内容不同 1 份，只计先到的一份",
    )


def test_blank_and_unfitting_ballots_are_named_and_left_out():
    result = tally(questionnaire(), ballots({}, {"q1": "zz"}, {"q1": "s"}, {"q1": "s"}))
    assert only(result)["n"] == 2
    assert "单位 U1：空白问卷 2 份，不计" in result.warnings
    assert "问卷 U1-None-1：第 q1 题没有选项“zz”，不计" in result.warnings


def test_many_faults_are_summed_up():
    result = tally(questionnaire(), ballots(*[{"q1": "zz"}] * 30))
    assert "另有 10 处答案不合问卷，不计" in result.warnings


def test_base_is_stated_when_some_did_not_answer():
    result = tally(questionnaire(), ballots({"q1": "s", "q2": "s", "q3": ["site"]}, {"q1": "s"}))
    assert "单位 U1：第 q2 题有 1 份未作答，百分比以作答的 1 份计，不以全部 2 份计" in result.warnings


def test_too_few_counts_those_who_judged():
    result = tally(questionnaire(), ballots({"q1": "k"}, {"q1": "s"}, {"q1": "k"}))
    assert only(result)["grade_reason"] == "有效问卷 1 份，不足 2 份，不给出等次。"
    assert "单位 U1：有效问卷 1 份，不足 2 份，不给出等次" in result.warnings


@settings(max_examples=50, deadline=None)
@given(st.lists(answer, max_size=12), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_single_choices_add_up(answers, random):
    cast = ballots(*answers)
    result = tally(questionnaire(), cast).as_json()
    random.shuffle(cast)
    assert tally(questionnaire(), cast).as_json()["units"] == result["units"]
    for unit in result["units"]:
        assert unit["n"] <= len(answers)
        for code in ("q1", "q2"):
            question = unit["questions"][code]
            options = question["options"].values()
            assert sum(option["count"] for option in options) == question["n"] == question["base"]
            if question["n"]:
                assert sum(Fraction(option["share"]) for option in options) == 1


def test_a_unit_or_a_question_that_drops_out_is_said_first():
    lost = [*ballots({"q1": "1"}, {"q1": "2"}, {}), *ballots({"q2": "s"}, {"q2": "b", "q1": "9"}, unit="U2")]
    result = tally(questionnaire(), lost)
    assert [unit.unit for unit in result.units] == ["U2"]
    assert result.warnings[:3] == (
        "单位 U1：收到 3 份，全部空白或不合问卷，没有结果；请核对题号和选项代码",
        "第 q1 题：3 份作了答，没有一份合问卷，这一题没有结果；请核对选项代码",
        "第 q3 题：5 份都没有作答，这一题没有结果；请核对题号",
    )


def test_nothing_is_said_of_questions_that_somebody_answered():
    whole = ballots({"q1": "s", "q2": "s", "q3": ["site"]}, {"q1": "1"})
    assert not any("没有结果" in warning for warning in tally(questionnaire(), whole).warnings)
    assert not any("没有结果" in warning for warning in tally(questionnaire(), []).warnings)
