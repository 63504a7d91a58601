"""Which answers count."""

import pytest

from kaoping.balloting import Ballot, BallotError, ballot_from_json, read_answers
from tests.balloting.examples import questionnaire


def read(answers):
    return read_answers(questionnaire(), Ballot("b", "U1", None, answers))


def test_fitting_answers_count():
    found = read({"q1": "s", "q3": ["site", "app"], "q4": "很好"})
    assert found.choices == {"q1": ("s",), "q3": ("site", "app"), "q4": ()}
    assert found.faults == ()


def test_unanswered_is_no_fault():
    assert read({"q1": None, "q2": "", "q3": [], "q4": ""}).faults == ()


@pytest.mark.parametrize(
    "answers",
    [
        {"q9": "s"},
        {"q1": "x"},
        {"q1": ["s"]},
        {"q1": 1},
        {"q3": "site"},
        {"q3": ["site", "site"]},
        {"q3": ["site", "moon"]},
        {"q3": [1]},
        {"q4": ["x"]},
    ],
)
def test_unfitting_answer_does_not_count_and_the_others_do(answers):
    found = read({**answers, "q2": "b"})
    assert found.choices == {"q2": ("b",)}
    assert len(found.faults) == 1


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ([], "ballot"),
        ({"unit": "U", "answers": {}}, "id"),
        ({"id": "b", "unit": 3, "answers": {}}, "unit"),
        ({"id": "b", "unit": "U", "stratum": 3, "answers": {}}, "stratum"),
        ({"id": "b", "unit": "U", "answers": []}, "answers"),
    ],
)
def test_line_that_is_no_ballot(line, field):
    with pytest.raises(BallotError) as raised:
        ballot_from_json(line)
    assert raised.value.field == field


NUMBERED = [{"code": code, "label": code, "counts_as": None} for code in ("1", "2", "3")]


def read_numbers(answers):
    asked = questionnaire(
        questions=[
            {"id": "q1", "kind": "single", "options": NUMBERED},
            {"id": "q3", "kind": "multi", "options": NUMBERED},
            {"id": "q4", "kind": "text", "options": []},
        ],
        satisfaction=None,
    )
    return read_answers(asked, Ballot("b", "U1", None, answers))


@pytest.mark.parametrize(
    ("answers", "choices"),
    [
        ({"q1": 1}, {"q1": ("1",)}),
        ({"q1": 1.0}, {"q1": ("1",)}),
        ({"q1": "1"}, {"q1": ("1",)}),
        ({"q3": [1, "2", 3.0]}, {"q3": ("1", "2", "3")}),
    ],
)
def test_numbers_of_another_system_are_codes(answers, choices):
    found = read_numbers(answers)
    assert (found.choices, found.faults) == (choices, ())


@pytest.mark.parametrize(
    "answers",
    [{"q1": True}, {"q1": 4}, {"q1": 1.5}, {"q1": -1}, {"q1": 0}, {"q1": {"1": 1}}, {"q3": [1, 1]}, {"q3": [1, "1"]}, {"q3": [True]}, {"q3": 1}, {"q3": [[1]]}, {"q4": 1}],
)  # fmt: skip
def test_other_values_are_no_codes(answers):
    found = read_numbers(answers)
    assert found.choices == {} and len(found.faults) == 1
