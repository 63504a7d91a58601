"""Words that the case pages of desk and unit share."""

import pytest

from kaoping.web.ui.case_words import problem


@pytest.mark.parametrize(
    ("title", "shown"), [("查阅设施：平时", "查阅设施（平时）"), ("网页标签齐全", "网页标签齐全"), ("", "")]
)
def test_a_problem_has_no_colon_of_its_own(title, shown):
    assert problem(title) == shown
