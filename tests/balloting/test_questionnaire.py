"""Reading a questionnaire: what is refused names its key."""

import copy
from fractions import Fraction

import pytest

from kaoping.balloting import QuestionnaireError, questionnaire_from_dict
from tests.balloting.examples import questionnaire, questionnaire_data


def test_defaults_of_the_satisfaction_rule():
    rule = questionnaire().satisfaction
    assert rule.questions == ("q1", "q2")
    assert rule.weights == {"satisfied": 1, "basic": Fraction(7, 10), "dissatisfied": 0}
    assert rule.lines == {"satisfied": 80, "basic": 60}


def test_numbers_are_read_exactly_and_unknown_keys_are_named():
    read = questionnaire(satisfaction={"weights": {"basic": 0.6}, "lines": {"satisfied": "85"}, "stars": 5})
    assert read.satisfaction.weights["basic"] == Fraction(3, 5)
    assert read.satisfaction.lines["satisfied"] == 85
    assert read.notes == ("问卷 satisfaction 中的“stars”没有用处，未理会",)


def test_no_rule_and_no_counting_question():
    assert questionnaire(satisfaction=None).satisfaction is None
    data = questionnaire_data()
    data["questions"] = data["questions"][2:]
    assert questionnaire_from_dict(data).satisfaction is None


def changed(path, value):
    data = copy.deepcopy(questionnaire_data())
    target = data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("id",), "", "id"),
        (("version",), None, "version"),
        (("questions",), [], "questions"),
        (("questions", 0), "x", "questions[0]"),
        (("questions", 0, "kind"), "radio", "questions[0].kind"),
        (("questions", 0, "id"), "q2", "questions"),
        (("questions", 0, "options"), [], "questions[0].options"),
        (("questions", 0, "options", 0, "code"), 1, "questions[0].options[0].code"),
        (("questions", 0, "options", 0, "code"), "s", "questions[0].options"),
        (("questions", 0, "options", 0, "counts_as"), "good", "questions[0].options[0].counts_as"),
        (("questions", 0, "base_rule"), "ticks", "questions[0].base_rule"),
        (("questions", 3, "options"), ["x"], "questions[3].options"),
        (("satisfaction",), [], "satisfaction"),
        (("satisfaction",), {"questions": ["q3"]}, "satisfaction.questions"),
        (("satisfaction",), {"weights": {"basic": "1.5"}}, "satisfaction.weights"),
        (("satisfaction",), {"weights": {"basic": "viel"}}, "satisfaction.weights.basic"),
        (("satisfaction",), {"weights": {"good": 1}}, "satisfaction.weights"),
        (("satisfaction",), {"lines": {"basic": 90}}, "satisfaction.lines"),
        (("min_n",), "30", "min_n"),
        (("min_n",), -5, "min_n"),
        (("min_n",), 10**30, "min_n"),
        *(
            (("satisfaction",), {"wide": typed}, "satisfaction.wide")
            for typed in ("4000", "-5", "１０", "1e1")
        ),
        *(
            (("satisfaction",), {"lines": {"basic": typed}}, "satisfaction.lines.basic")
            for typed in ("６０", "6_0")
        ),
        (("satisfaction",), {"lines": {"satisfied": "4000"}}, "satisfaction.lines"),
    ],
)
def test_fault_names_its_key(path, value, field):
    with pytest.raises(QuestionnaireError) as raised:
        questionnaire_from_dict(changed(path, value))
    assert raised.value.field == field
