"""Which items more units did, and which fewer, between two years of the same rules."""

import copy
from dataclasses import replace
from fractions import Fraction

import pytest

from kaoping.arithmetic import half_up, ratio
from kaoping.scoring.applicability import effective_max
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.portal.findings import failing, items_moved
from kaoping.web.portal.published import content, standing
from tests.web.portal import publishing


@pytest.fixture
def found(folder):
    publishing.publish(folder, 2025)
    return content(standing(OrganisedYear("", 2025)))


def changed(found, code, exact):
    """The same year with that many points on one item for every unit to which it applies."""
    sheets = copy.deepcopy(list(found.sheets))
    for one in sheets:
        if one["indicators"][code]["status"] == "scored":
            one["indicators"][code]["exact"] = exact
    return replace(found, sheets=sheets)


def test_failing_counts_what_earned_less_than_six_tenths(found):
    leaf, failed, n = failing(found)["K3.2"]
    assert (leaf.name, failed, n) == ("年度工作要点落实", 3, 8)
    assert failing(changed(found, "K3.2", "4"))["K3.2"][1] == 0
    assert failing(changed(found, "K3.2", "299/100"))["K3.2"][1] == 8
    assert failing(found, {"U1"})["K3.2"][1:] == (0, 1)


def test_the_item_that_moved_most_is_told_each_way(found):
    units = {one["unit"] for one in found.sheets}
    better = changed(found, "K3.2", "5")
    assert items_moved(found, better, units) == (["没做到“年度工作要点落实”的单位从 3 个减少到 0 个"], [])
    assert items_moved(better, found, units) == ([], ["没做到“年度工作要点落实”的单位从 0 个增加到 3 个"])
    assert items_moved(found, found, units) == ([], [])


def on_the_line(found, code, moved, share):
    """The same year where ``moved`` does not apply to the first unit, which earns exactly ``share`` of its ``code``."""
    rules = found.rubric
    applies = {leaf.code: leaf.code != moved for leaf in rules.leaves()}
    maxima = effective_max(rules.indicators, rules.total, applies, rules.redistribution)
    sheets = copy.deepcopy(list(found.sheets))
    lines = sheets[0]["indicators"]
    for node, whole in maxima.items():
        if node in lines:
            lines[node]["max"] = half_up(whole, rules.places)
    if moved in lines:
        lines[moved]["status"] = "not_applicable"
    got = maxima[code] * share
    lines[code] |= {"exact": ratio(got), "points": half_up(got, rules.places), "status": "scored"}
    return replace(found, sheets=sheets, maxima={**found.maxima, sheets[0]["unit"]: maxima})


@pytest.mark.parametrize("level", ["full", "first_level"])
@pytest.mark.parametrize("moved", ["K3.1", "K3.2", "K4.1", "K1.1", "K2.1"])
def test_who_stands_on_the_line_did_not_fail_however_the_maximum_is_rounded(folder, level, moved):
    publishing.publish(folder, 2025, level=level)
    found = content(standing(OrganisedYear("", 2025)))
    whole = found if found.complete else None
    codes = [leaf.code for leaf in found.rubric.leaves() if leaf.role == "item"] if whole else []
    checked = 0
    for code in codes or [top.code for top in found.tops()]:
        if code == moved or found.rubric.find(moved) is None:
            continue
        unit = {found.sheets[0]["unit"]}
        even = on_the_line(found, code, moved, Fraction(6, 10))
        if not found.complete:
            even = replace(even, maxima={one: {} for one in even.maxima})
        if not Fraction(even.sheets[0]["indicators"][code]["max"]):
            continue
        assert failing(even, unit)[code][1:] == (0, 1), code
        lower = on_the_line(found, code, moved, Fraction(59, 100))
        assert failing(lower, unit)[code][1:] == (1, 1), code
        checked += 1
    assert checked
