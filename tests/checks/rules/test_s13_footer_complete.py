import pytest

from kaoping.checks import check_by_id
from tests.checks.making import ROOT, context, site

CHECK = check_by_id("S-13")
NOTHING = dict.fromkeys(
    ("sponsor", "contact", "site_id_code", "icp", "police_filing", "has_site_map", "has_find_error")
)


def test_complete():
    assert CHECK.run(site({}), context()).outcome == "met"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"has_find_error": False}, "找错"),
        ({"sponsor": None}, "主办单位"),
        ({"icp": "苏ICP备:10000000号"}, "ICP备案号"),
        ({"police_filing": "苏公网安备 1300000号"}, "公安备案号"),
    ],
)
def test_missing_or_misspelt_is_named(change, word):
    verdict = CHECK.run(site(change), context())
    assert verdict.outcome == "not_met"
    assert word in verdict.reason


def test_footer_written_by_script_is_for_a_person():
    assert CHECK.run(site(NOTHING), context()).outcome == "undecided"


def test_poorer_page_behind_a_complete_home_is_for_a_person():
    verdict = CHECK.run(site({}, {"url": ROOT + "a", "icp": None}), context())
    assert verdict.outcome == "undecided"
    assert verdict.place == ROOT + "a"
