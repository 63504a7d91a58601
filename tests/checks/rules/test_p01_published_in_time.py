from datetime import date, timedelta

import pytest

from kaoping.calendars import provisional_table, seed_table
from kaoping.checks import check_by_id
from kaoping.checks.rules.p01_published_in_time import MARGIN
from tests.checks.making import context, page

CHECK = check_by_id("P-01")


@pytest.mark.parametrize(
    ("formed", "published", "outcome"),
    [
        ("2020-12-07", "2020-12-14", "met"),  # five working days
        ("2025-03-03", "2025-03-31", "met"),  # exactly 20
        ("2025-03-03", "2025-04-01", "not_met"),  # 21
        (
            "2025-09-26",
            "2025-10-31",
            "not_met",
        ),  # holiday from 1 to 8 October, make-up days on 28 September, 11 October
        ("2025-03-03", "2025-03-03", "met"),
        ("2025-03-10", "2025-03-03", "undecided"),
        ("2030-03-04", "2030-06-03", "not_met"),  # provisional, beyond what any arrangement could change
        ("2030-03-04", "2030-04-01", "met"),  # provisional, exactly 20
        ("2030-03-04", "2030-04-02", "undecided"),  # provisional, 21: the arrangement decides
        ("2050-03-04", "2050-06-03", "undecided"),  # no such year in the calendar
    ],
)
def test_twenty_working_days(formed, published, outcome):
    facts = page(
        block={"formed_on": date.fromisoformat(formed), "published_on": date.fromisoformat(published)}
    )
    assert CHECK.run(facts, context()).outcome == outcome


def test_a_provisional_count_says_so():
    facts = page(block={"formed_on": date(2030, 3, 4), "published_on": date(2030, 6, 3)})
    assert "暂按周末和法定节日推算" in CHECK.run(facts, context()).reason


def test_no_announced_arrangement_differs_from_the_provisional_count_by_more_than_the_margin():
    for year in (2025, 2026):
        guess, known, widest, lowest, sum_ = provisional_table(year), seed_table(), 0, 0, 0
        for number in range(365):
            day = date(year, 1, 1) + timedelta(days=number)
            sum_ += guess.day(day).works - known.day(day).works
            lowest = min(lowest, sum_)
            widest = max(widest, sum_ - lowest)
        assert widest < MARGIN


def test_missing_dates_are_undecided():
    assert CHECK.run(page(block={"formed_on": None}), context()).outcome == "undecided"
    assert CHECK.run(page(published_on=None), context()).outcome == "undecided"


def test_page_without_block_is_not_asked():
    assert CHECK.run(page(signs={"has_block": False}), context()).outcome == "not_applicable"


def test_dates_in_a_reason_are_written_for_people():
    reason = CHECK.run(page(), context()).reason
    assert "2025年3月3日生成，2025年3月10日公开" in reason
