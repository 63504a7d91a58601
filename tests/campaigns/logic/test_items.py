"""Values that people give an item: within its own scale, in half-width digits; levels of its own list."""

import pytest

from kaoping.campaigns.logic.items import (
    Item,
    Level,
    refusal_of_level,
    refusal_of_points,
    refusal_to_self_review,
)

TYPED = ["4000", "-5", "１０", "3_0", "1e3", "1" + "0" * 30]


def item(**more):
    given = {
        "code": "K1.1",
        "title": "领导",
        "first": "K1",
        "first_title": "组织",
        "role": "item",
        "component": "",
        "max": "40",
        "judged": True,
        "self_reviewed": True,
        "levels": (Level("good", "好", "", "1"),),
        "kinds": frozenset(),
        "legal_basis": "",
        "how": "",
        "evidence": "",
        "confidence": "proposed",
    }
    return Item(**(given | more))


@pytest.mark.parametrize("typed", TYPED)
def test_points_of_rulings_corrections_and_appeals(typed):
    assert refusal_of_points(item(), typed)
    assert refusal_of_points(item(), "40") is None


@pytest.mark.parametrize("typed", TYPED)
def test_levels_of_reviewers_and_self_reviews(typed):
    assert "没有" in refusal_of_level(item(), "department", typed)
    assert refusal_of_level(item(), "department", "good") is None


def test_a_unit_says_nothing_of_what_it_is_not_asked():
    assert "不由单位自查" in refusal_to_self_review(item(code="V1", role="veto", self_reviewed=False))
    assert refusal_to_self_review(item()) is None
