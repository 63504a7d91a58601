"""Links and the rest after them: decided purely."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.accounts import links
from kaoping.accounts.actor import ROLES, Who
from kaoping.accounts.policy import SEPARATED

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def link(**more):
    values = {
        "asked_by": Who("1"),
        "person": Who("3"),
        "issued": True,
        "confirmed": False,
        "coded": False,
        "over": False,
        "ends_at": NOW + timedelta(hours=1),
    }
    return links.Link(**values | more)


def test_every_role_is_either_ordinary_or_takes_two():
    assert set(ROLES) >= SEPARATED
    assert {role for role in ROLES if links.needs_two([role])} == SEPARATED
    assert not links.needs_two([])


@given(st.sets(st.sampled_from(sorted(ROLES))))
def test_one_separated_role_among_many_is_enough(roles):
    assert links.needs_two(roles) == bool(roles & SEPARATED)


@pytest.mark.parametrize(
    ("more", "by", "words"),
    [
        ({}, "1", "提出人以外"),
        ({}, "3", "不能确认自己"),
        ({"over": True}, "2", "作废"),
        ({"confirmed": True}, "2", "办过"),
    ],
)
def test_who_may_not_confirm(more, by, words):
    assert words in links.refusal_to_confirm(link(**more), Who(by))


def test_another_may_confirm():
    assert links.refusal_to_confirm(link(), Who("2")) is None


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(-100, 100), st.booleans())
def test_a_link_opens_only_while_it_lives_and_by_two_where_two_are_needed(
    issued, over, confirmed, minutes, two
):
    one = link(issued=issued, over=over, confirmed=confirmed, ends_at=NOW + timedelta(minutes=minutes))
    opens = links.refusal_to_use(one, two=two, now=NOW) is None
    assert opens == (issued and not over and minutes > 0 and (confirmed or not two))


def test_nobody_has_no_link():
    assert links.refusal_to_use(None, two=False, now=NOW) == links.GONE


@given(st.integers(-200, 200), st.booleans())
def test_a_day_of_rest_unless_released(hours, released):
    until = NOW + links.REST
    assert links.rests(until, released=released, now=NOW + timedelta(hours=hours)) == (
        not released and hours < 24
    )
    assert not links.rests(None, released=released, now=NOW)


def test_codes_are_read_as_people_write_them_and_belong_to_one_link():
    assert (
        links.code_digest("1234-5678", 7)
        == links.code_digest("1234 5678", 7)
        == links.code_digest("１２３４－５６７８", 7)
        == links.code_digest("１２３４\u3000５６７８", 7)
        != links.code_digest("12345678", 8)
    )
