"""One function says whether two acts are one person's: ids decide, and where one is missing a name fails closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.accounts.actor import SYSTEM, Actor, Who, same_person
from kaoping.accounts.audit import record_act
from kaoping.accounts.queries import known_as
from kaoping.accounts.services import create_person
from kaoping.registry.queries.acting import actor_for
from kaoping.support import clock

IDS = st.sampled_from(["", "1", "2", "system"])
NAMES = st.sampled_from(["", "王伟", "王 伟", "李娜"])
WHO = st.builds(Who, IDS, NAMES, st.frozensets(NAMES, max_size=2))


@given(WHO, WHO)
def test_two_ids_decide_whatever_the_names_say(one, other):
    if one.id and other.id:
        assert same_person(one, other) == (one.id == other.id)
    assert same_person(one, other) == same_person(other, one)


@pytest.mark.parametrize(
    ("old", "now", "same"),
    [
        (Who("", "王伟"), Who("7", "王伟"), True),
        (Who("", "王伟"), Who("7", "王 伟"), True),
        (Who("", "王伟"), Who("7", "王慧", frozenset({"王伟"})), True),
        (Who("", "王伟"), Who("7", "李娜"), False),
        (Who("", ""), Who("7", ""), False),
        (Who("7", "王伟"), Who("7", "王慧"), True),
        (Who("7", "王伟"), Who("8", "王伟"), False),
    ],
)
def test_a_name_decides_only_where_an_id_is_missing(old, now, same):
    assert same_person(old, now) is same


def test_an_actor_is_compared_without_the_roles():
    one = Actor("7", "wangwei", "王伟", (("liaison", "U1"),))
    assert one.who == Who("7", "王伟")


@pytest.mark.django_db
def test_the_log_knows_under_which_names_a_person_acted():
    now = clock.now()
    person = create_person(actor=SYSTEM, username="wangwei", name="王伟", password=None, now=now)
    record_act(actor_for(person, on=clock.today()), "sign_in", "person", person.pk, "王伟 登录。", now=now)
    type(person).objects.filter(pk=person.pk).update(name="王慧")
    person.refresh_from_db()
    renamed = actor_for(person, on=clock.today())
    assert same_person(Who("", "王伟"), known_as(renamed, beside=[Who("", "王伟")]))
    assert known_as(renamed, beside=[Who("9", "王伟")]) == renamed.who
