"""Which items more units did, and which fewer, between two years of the same rules."""

import copy
from dataclasses import replace

import pytest

from kaoping.web.portal.findings import failing, items_moved
from kaoping.web.portal.published import content, standing
from tests.web.portal import publishing


@pytest.fixture
def found(folder):
    publishing.publish(folder, 2025)
    return content(standing(2025))


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
