"""Districts refine the city's rules and never lessen them (考核办法 第十条)."""

import pytest

from kaoping.standards.loading import RulebookError, rulebook_from_files
from tests.standards.making import district


def derived(rubric):
    return rulebook_from_files(district(rubric)).rubric


def refusal(rubric):
    with pytest.raises(RulebookError) as refused:
        derived(rubric)
    return refused.value


def test_an_item_is_added_under_a_branch_and_others_are_weighed_anew():
    rubric = derived(
        """\
change:
  A1: {max: "30"}
  B: {max: "30"}
add:
  - under: A
    indicator: {code: A3, name: 甲三, max: "20", component: periodic, method: points, sources: {register: [points]}}
components:
  - {code: routine, name: 平时考核, points: "30"}
  - {code: periodic, name: 定期考核, points: "70"}
"""
    )
    assert [(leaf.code, leaf.max) for leaf in rubric.leaves()] == [
        ("A1", 30),
        ("A2", 20),
        ("A3", 20),
        ("B", 30),
    ]


@pytest.mark.parametrize("key", ["chnage", "indicators"])
def test_only_what_differs_is_written(key):
    error = refusal(f"total: '100'\n{key}: []\n")
    assert (error.line, error.field) == (2, key)
    for verb in ("add", "change", "drop"):
        assert verb in error.message
    assert "indicators" not in error.message


@pytest.mark.parametrize("code", ["A1", "A"])
def test_a_locked_item_or_a_branch_that_holds_one_is_not_dropped(code):
    error = refusal(f"drop:\n  - {code}\n")
    assert (error.file, error.line, error.field) == ("rubric.yaml", 2, "drop.0")
    assert "考核办法第十条" in error.message


@pytest.mark.parametrize(
    "fields",
    [
        "locked: false",
        "role: bonus",
        "method: ratio",
        'settings: {each: "0"}',
        'settings: {each: "-1"}',
        "basis: x",
        'max: "0"',
        "applies_to: [township]",
        "children: []",
    ],
)
def test_a_locked_item_is_not_emptied_by_other_means(fields):
    error = refusal(f"change:\n  A1: {{{fields}}}\n")
    assert (error.file, error.line) == ("rubric.yaml", 2)
    assert error.field.startswith("change.A1")


@pytest.mark.parametrize(
    "text", ["drop: [Z]\n", "change:\n  Z: {max: '1'}\n", "add:\n  - {under: Z, indicator: {code: Y}}\n"]
)
def test_an_unknown_code_is_refused(text):
    assert "Z" in refusal(text).message


def test_what_is_wrong_in_an_added_item_is_named_with_the_line_of_the_own_file():
    error = refusal("add:\n  - under: A\n    indicator: {code: A3, name: 甲三, max: '1', method: guess}\n")
    assert (error.file, error.line) == ("rubric.yaml", 2)
    assert "method" in error.field


@pytest.mark.parametrize(
    "text", ["drop: 3\n", "change: [1]\n", "add: {a: b}\n", "add: [1]\n", "change: {A1: 3}\n"]
)
def test_odd_shapes_are_refused(text):
    assert refusal(text).file == "rubric.yaml"
