from datetime import date

import pytest

from kaoping.checks import check_by_id
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
        ("2030-03-04", "2030-06-03", "undecided"),  # year not announced
    ],
)
def test_twenty_working_days(formed, published, outcome):
    facts = page(
        block={"formed_on": date.fromisoformat(formed), "published_on": date.fromisoformat(published)}
    )
    assert CHECK.run(facts, context()).outcome == outcome


def test_missing_dates_are_undecided():
    assert CHECK.run(page(block={"formed_on": None}), context()).outcome == "undecided"
    assert CHECK.run(page(published_on=None), context()).outcome == "undecided"


def test_page_without_block_is_not_asked():
    assert CHECK.run(page(signs={"has_block": False}), context()).outcome == "not_applicable"


def test_dates_in_a_reason_are_written_for_people():
    reason = CHECK.run(page(), context()).reason
    assert "2025年3月3日生成，2025年3月10日公开" in reason
