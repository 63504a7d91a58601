from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.registry import logic
from kaoping.registry.logic import conflicting_role, cycle, exists_on, overlap, scope_refusal

DAYS = st.dates(date(2024, 1, 1), date(2024, 2, 1))
ENDS = st.none() | DAYS


@settings(max_examples=60, deadline=None)
@given(DAYS, ENDS, DAYS, ENDS)
def test_periods_overlap_when_some_day_lies_in_both(from_a, until_a, from_b, until_b):
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(40)]
    both = any(exists_on(day, from_a, until_a) and exists_on(day, from_b, until_b) for day in days)
    assert overlap(from_a, until_a, from_b, until_b) == both


def test_three_separate_roles_stand_alone():
    assert conflicting_role("auditor", ["system_admin"]) == "system_admin"
    assert conflicting_role("office_handler", ["security_admin"]) == "security_admin"
    assert conflicting_role("security_admin", ["reviewer"]) == "reviewer"
    assert conflicting_role("inspector", ["reviewer", "ballot_opener"]) is None


def test_roles_say_where_they_may_be_held():
    assert scope_refusal("liaison", None) == "这个岗位只对一个单位有效，请选单位。"
    assert scope_refusal("liaison", "department") is None
    assert "请改选单位" in (scope_refusal("competent_department", "township") or "")
    assert scope_refusal("system_admin", "department") == "这个岗位管整个平台，不填单位。"
    assert scope_refusal("office_head", None) is None
    assert "没有登记为组织单位" in (scope_refusal("office_head", "department") or "")
    assert scope_refusal("office_head", "department", organises=True) is None


def test_cycles_are_found_and_chains_are_not():
    assert cycle({"A": "B", "B": "A"}, "A")
    assert cycle({"A": "A"}, "A")
    assert not cycle({"A": "B", "B": "C", "C": ""}, "A")


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("图书馆查阅点", ["档案馆查阅点", "图书馆政府信息查阅点"], "图书馆政府信息查阅点"),
        ("图书馆政府信息查阅点", ["图书馆查阅点"], "图书馆查阅点"),
        ("第1查阅点", ["第10查阅点"], None),
        ("档案馆政府信息查阅点", ["图书馆政府信息查阅点"], None),
        ("大厅", [], None),
    ],
)
def test_a_name_that_reads_like_a_registered_one_is_asked_about(name, known, found):
    assert logic.alike(name, known) == found
