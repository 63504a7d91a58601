"""A table of cases for every scoring method."""

from fractions import Fraction

import pytest

from kaoping.scoring.methods import methods, scale_in_words
from kaoping.scoring.observations import KINDS, SOURCES
from kaoping.scoring.rubric import Indicator, Level
from tests.scoring.examples import observed

LEVELS = (
    Level("good", "好", "", Fraction(1)),
    Level("fair", "较好", "", Fraction(4, 5)),
    Level("none", "没有", "", Fraction(0)),
)


def item(method, maximum="6", role="item", **settings):
    return Indicator(
        code="X",
        name="某项",
        max=Fraction(maximum),
        role=role,
        method=method,
        settings=settings,
        sources=dict.fromkeys(SOURCES, KINDS),
        levels=LEVELS,
    )


def verdict(number, value="not_met", check="P-03", url="http://e/1", source="monitor"):
    return observed(number, "E", "X", source, "verdict", value, check=check, url=url)


def other(number, kind, value, **more):
    return observed(number, "E", "X", more.pop("source", "register"), kind, value, **more)


TALLY = {"question": "q", "options": {"a": 20, "b": 10, "c": 10, "unclear": 60}}
WEIGHTS = {"a": "1", "b": "0.7", "c": "0"}
CASES = [
    ("deduction, nothing seen", item("deduction"), [], "6"),
    ("deduction, nothing seen and nothing promised", item("deduction", silent="open"), [], None),
    ("deduction, seen and passed", item("deduction", silent="open"), [verdict(1, "met")], "6"),
    ("deduction, two places", item("deduction", each="0.5"), [verdict(1), verdict(2, url="http://e/2")], "5"),
    ("deduction, one place twice", item("deduction"), [verdict(1), verdict(2, source="visit")], "5"),
    ("deduction, counted faults", item("deduction", each="0.5"), [other(1, "count", 3)], "9/2"),
    ("deduction, down to nothing", item("deduction"), [other(1, "count", 9)], "0"),
    ("deduction, its own cap", item("deduction", cap="2"), [other(1, "count", 9)], "4"),
    ("deduction, on into the branch", item("deduction", overflow=True), [other(1, "count", 9)], "-3"),
    ("deduction, mended", item("deduction"), [verdict(1), verdict(2, "met", source="retest")], "6"),
    (
        "deduction, mended gives half back",
        item("deduction", restores="0.5"),
        [verdict(1), verdict(2, "met", source="retest")],
        "11/2",
    ),
    (
        "deduction, the office says there never was one",
        item("deduction", restores="0"),
        [verdict(1), verdict(2, "met", source="office")],
        "6",
    ),
    ("ratio", item("ratio"), [other(1, "ratio", {"done": 2, "of": 3})], "4"),
    (
        "ratio, the latest",
        item("ratio"),
        [other(1, "ratio", {"done": 0, "of": 3}), other(2, "ratio", {"done": 3, "of": 3})],
        "6",
    ),
    (
        "ratio, all together",
        item("ratio", combine="sum"),
        [other(1, "ratio", {"done": 0, "of": 3}), other(2, "ratio", {"done": 3, "of": 3})],
        "3",
    ),
    ("ratio, nothing due", item("ratio"), [other(1, "ratio", {"done": 0, "of": 0})], "not_applicable"),
    ("boolean, met", item("boolean"), [other(1, "verdict", "met")], "6"),
    ("boolean, not met", item("boolean"), [other(1, "verdict", "not_met")], "0"),
    ("boolean, undecided is no verdict", item("boolean"), [other(1, "verdict", "undecided")], None),
    ("levels", item("levels"), [other(1, "level", "good"), other(2, "level", "fair")], "24/5"),
    ("levels, unknown level", item("levels"), [other(1, "level", "superb")], None),
    (
        "judged, median of an even number",
        item("judged"),
        [other(k, "level", level, by=str(k)) for k, level in enumerate(["good", "fair"])],
        "27/5",
    ),
    (
        "judged, mean",
        item("judged", combine="mean"),
        [other(k, "level", level, by=str(k)) for k, level in enumerate(["good", "good", "none"])],
        "4",
    ),
    (
        "judged, a reviewer's later word counts",
        item("judged"),
        [other(1, "level", "none", by="甲"), other(2, "level", "good", by="甲")],
        "6",
    ),
    ("judged, too few reviewers", item("judged", least=2), [other(1, "level", "good", by="甲")], None),
    ("points", item("points"), [other(1, "points", "3.5")], "7/2"),
    ("points, within the maximum", item("points"), [other(1, "points", "9")], "6"),
    (
        "points, mean",
        item("points", combine="mean"),
        [other(1, "points", "1"), other(2, "points", "4")],
        "5/2",
    ),
    ("points, sum", item("points", combine="sum"), [other(1, "points", "1"), other(2, "points", "4")], "5"),
    ("satisfaction", item("satisfaction", weights=WEIGHTS, min_n=30), [other(1, "tally", TALLY)], "81/20"),
    (
        "satisfaction, too few who take a stand",
        item("satisfaction", weights=WEIGHTS, min_n=41),
        [other(1, "tally", TALLY)],
        "not_applicable",
    ),
    (
        "satisfaction, nobody takes a stand",
        item("satisfaction", weights={}),
        [other(1, "tally", TALLY)],
        "not_applicable",
    ),
    ("bonus", item("occurrences", role="bonus", each="2"), [other(1, "verdict", "met")], "2"),
    ("bonus up to its maximum", item("occurrences", role="bonus", each="2"), [other(1, "count", 9)], "6"),
    ("penalty", item("occurrences", role="penalty"), [other(1, "count", 2), verdict(2)], "3"),
    ("penalty, nothing happened", item("occurrences", role="penalty"), [other(1, "count", 0)], "0"),
]


@pytest.mark.parametrize(("name", "indicator", "lines", "expected"), CASES, ids=[one[0] for one in CASES])
def test_method(name, indicator, lines, expected):
    outcome = methods()[indicator.method](indicator, lines)
    assert outcome.reason
    if expected is None:
        assert outcome.status == "not_scored"
    elif expected == "not_applicable":
        assert outcome.status == "not_applicable"
    else:
        assert (outcome.status, outcome.points) == ("scored", Fraction(expected))


def test_every_method_has_cases_and_words():
    assert set(methods()) == {one[1].method for one in CASES}
    for _name, indicator, _lines, _expected in CASES:
        assert scale_in_words(indicator)


def test_words_of_units_and_reviewers_stay_out_of_the_reason():
    spoken = other(1, "points", "3", source="reviewer", reason="某某说的话")
    assert "某某" not in methods()["points"](item("points"), [spoken]).reason
    assert methods()["points"](item("points"), [other(1, "points", "3", reason="按台账")]).reason == "按台账"
