from datetime import date

import pytest

from kaoping.checks import check_by_id
from tests.checks.making import context, page

CHECK = check_by_id("P-02")


@pytest.mark.parametrize(
    ("block", "signs", "outcome"),
    [
        ({}, {}, "met"),
        ({"published_on": date(2025, 3, 3)}, {}, "met"),  # same day
        ({"published_on": date(2025, 3, 2)}, {}, "not_met"),
        ({"published_on": date(2025, 7, 1)}, {}, "not_met"),  # the day after as_of
        ({"published_on": date(2025, 6, 30)}, {}, "met"),
        ({"formed_on": None}, {"formed_text": "2025-02-30"}, "not_met"),
        ({"formed_on": None}, {"formed_text": "长期"}, "undecided"),
        ({"formed_on": None}, {"formed_text": None}, "undecided"),
        ({}, {"has_block": False}, "not_applicable"),
    ],
)
def test_order_future_and_real_days(block, signs, outcome):
    assert CHECK.run(page(block=block, signs=signs), context()).outcome == outcome
