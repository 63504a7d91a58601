from datetime import date

import pytest

from kaoping.checks import check_by_id
from kaoping.crawling.guide import ELEMENTS
from tests.checks.making import ROOT, context, site

CHECK = check_by_id("S-05")
GUIDE = {
    "url": ROOT + "guide",
    "kind": "guide",
    "guide_elements": list(ELEMENTS),
    "published_on": date(2025, 2, 1),
}


def test_complete_and_fresh():
    assert CHECK.run(site({}, GUIDE), context()).outcome == "met"


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"guide_elements": [key for key in ELEMENTS if key != "fax"]}, "not_met"),
        ({"guide_elements": ["office_name", "telephone"]}, "undecided"),
        ({"guide_elements": [key for key in ELEMENTS if key != "fax"], "attachments": 1}, "undecided"),
        ({"published_on": date(2023, 1, 1)}, "undecided"),  # right while nothing has changed
        ({"published_on": None}, "undecided"),
    ],
)
def test_what_is_missing(change, outcome):
    assert CHECK.run(site({}, GUIDE | change), context()).outcome == outcome


def test_fullest_page_counts_and_no_page_is_undecided():
    thin = GUIDE | {"url": ROOT + "list", "guide_elements": []}
    assert CHECK.run(site({}, thin, GUIDE), context()).outcome == "met"
    assert CHECK.run(site({}), context()).outcome == "undecided"
