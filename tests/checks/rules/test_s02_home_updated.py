from datetime import date

import pytest

from kaoping.checks import check_by_id
from tests.checks.making import AS_OF, ROOT, context, site

CHECK = check_by_id("S-02")
LINK = ((ROOT, ROOT + "a"),)


@pytest.mark.parametrize(
    ("newest", "outcome"), [(date(2025, 6, 16), "met"), (date(2025, 6, 15), "not_met"), (AS_OF, "met")]
)
def test_two_weeks(newest, outcome):
    assert CHECK.run(site({"item_dates": [newest]}), context()).outcome == outcome


def test_dates_to_come_do_not_count():
    verdict = CHECK.run(site({"item_dates": [date(2025, 12, 31), date(2025, 5, 1)]}), context())
    assert verdict.outcome == "not_met"


def test_page_of_navigation_is_judged_by_the_pages_behind_it():
    fresh = {"url": ROOT + "a", "kind": "content", "item_dates": [], "published_on": date(2025, 6, 20)}
    assert CHECK.run(site({"item_dates": []}, fresh, links=LINK), context()).outcome == "met"
    old = fresh | {"published_on": date(2025, 1, 1)}
    assert CHECK.run(site({"item_dates": []}, old, links=LINK), context()).outcome == "not_met"
    unknown = fresh | {"url": ROOT + "b", "published_on": None}
    links = (*LINK, (ROOT, ROOT + "b"))
    assert CHECK.run(site({"item_dates": []}, old, unknown, links=links), context()).outcome == "undecided"


def test_nothing_known_is_undecided():
    assert CHECK.run(site({"item_dates": []}), context()).outcome == "undecided"
    assert CHECK.run(site({"url": ROOT + "x", "kind": "content"}), context()).outcome == "undecided"


def test_old_archive_says_nothing_about_later_days():
    seen = site({"item_dates": [date(2025, 5, 1)]}, fetched_on=date(2025, 5, 2))
    assert CHECK.run(seen, context()).outcome == "undecided"


def test_what_only_a_column_lists_is_not_on_the_home_page():
    column = {"url": ROOT + "a", "kind": "column", "item_dates": [date(2025, 6, 29)]}
    stale = {"item_dates": [date(2025, 5, 1)]}
    assert CHECK.run(site(stale, column, links=LINK), context()).outcome == "not_met"
    assert CHECK.run(site({"item_dates": []}, column, links=LINK), context()).outcome == "met"
