"""What changed between two rulebooks."""

from kaoping.standards.comparison import compare
from kaoping.standards.loading import rulebook_from_files
from tests.standards.making import RUBRIC, files


def rubric(text=RUBRIC):
    return rulebook_from_files(files(rubric=text)).rubric


def test_values_are_told_for_people():
    newer = rubric(
        RUBRIC.replace('{each: "0.5"}', "{silent: open}").replace(
            "{monitor: [verdict]}", "{monitor: [verdict, count]}"
        )
    )
    told = {(one.field, one.before, one.after) for one in compare(rubric(), newer)}
    assert told == {
        ("sources", "monitor verdict", "monitor verdict、count"),
        ("settings.each", "0.5", ""),
        ("settings.silent", "", "open"),
    }


def test_nothing_differs_from_itself():
    assert compare(rubric(), rubric()) == []


def test_added_dropped_and_changed_items_are_told_apart():
    newer = rubric(RUBRIC.replace("code: B", "code: C").replace('each: "0.5"', 'each: "1"'))
    changes = compare(rubric(), newer)
    assert {(one.kind, one.code, one.field) for one in changes} == {
        ("changed", "A1", "settings.each"),
        ("added", "C", ""),
        ("dropped", "B", ""),
    }
