"""What a rulebook that extends another may change today: texts, the evidence asked, 0-point items of its own."""

import pytest

from kaoping.standards.loading import RulebookError, rulebook_as_written, rulebook_from_files
from tests.standards.making import QUESTIONNAIRE, TIMETABLE, district

OWN = "{code: A3, name: 甲三, max: '0', component: periodic, method: ratio, sources: {register: [ratio]}}"


def refusal(rubric="note: x\n", **more):
    with pytest.raises(RulebookError) as refused:
        rulebook_as_written(district(rubric, **{f"{name}.yaml": text for name, text in more.items()}))
    return refused.value


def test_texts_evidence_and_own_items_below_a_locked_node_are_taken():
    rubric = "change:\n  A1: {name: 改名, observed_by: 谁看, evidence: 材料, note: x}\n"
    rubric += f"add:\n  - {{under: A, indicator: {OWN}}}\n"
    book = rulebook_as_written(district(rubric)).rubric
    assert (book.find("A1").name, book.find("A1").max, book.find("A3").max) == ("改名", 40, 0)


@pytest.mark.parametrize(
    "text",
    [
        "change:\n  A1: {settings: {each: '0.0001'}}\n",
        "change:\n  A1: {sources: {register: [count]}}\n",
        "change:\n  A1: {announced_on: '2099-01-01'}\n",
        "change:\n  A1: {checks: []}\n",
        "change:\n  A1: {max: '40'}\n",
        "change:\n  B: {max: '1'}\n",
        "change:\n  B: {component: routine}\n",
        "drop:\n  - B\n",
        "grades:\n  bands: [{code: good, name: 好, from: '1'}]\n",
        "unscored: zero\n",
        "ceiling: '200'\n",
        "components: []\n",
        f"add:\n  - {{indicator: {OWN}}}\n",
        f"add:\n  - {{under: B, indicator: {OWN}}}\n",
        f"add:\n  - {{under: A, indicator: {OWN.replace('{code', '{role: bonus, code', 1)}}}\n",
    ],
)
def test_whatever_else_is_refused_with_its_place(text):
    error = refusal(text)
    assert error.file == "rubric.yaml" and error.line and "考核办法第十条" in error.message
    assert error.field.split(".")[0] in text


def test_what_was_adopted_before_is_read_as_it_was():
    files = district("unscored: zero\n")
    assert rulebook_from_files(files).rubric.unscored == "zero"
    with pytest.raises(RulebookError):
        rulebook_as_written(files)


def test_the_days_and_the_questions_are_the_parent_s():
    other = TIMETABLE.replace("before-12-01", "year-11-01")
    assert refusal(timetable=other).file == "timetable.yaml"
    assert refusal(questionnaire=QUESTIONNAIRE).file == "questionnaire.yaml"
    worded = TIMETABLE.replace("name: 年底", "name: 年末")
    assert (
        rulebook_as_written(district("note: x\n", **{"timetable.yaml": worded})).timetable.variants["A"].name
        == "年末"
    )


@pytest.mark.parametrize("locked", ["'yes'", "1", "'true'"])
def test_locked_is_true_or_false(locked):
    error = refusal(f"add:\n  - under: A\n    indicator: {OWN[:-1]}, locked: {locked}}}\n")
    assert error.field.endswith("locked")


@pytest.mark.parametrize(
    "text",
    ["drop: 3\n", "change: [1]\n", "add: {a: b}\n", "add: [1]\n", "change: {A1: 3}\n", "add: [{under: A}]\n"],
)
def test_odd_shapes_are_refused_and_do_not_break_the_reader(text):
    assert refusal(text).file == "rubric.yaml"
