"""Who freezes, publishes, withdraws."""

from __future__ import annotations

from kaoping.accounts.actor import ROLES, Actor
from kaoping.publication.policy import POLICIES


def test_doors() -> None:
    wanted = {
        "freeze": {"office_handler"},
        "publish": {"office_handler"},
        "withdraw": {"office_head"},
        "see_releases": {"office_handler", "office_head", "second_signer", "leading_group"},
    }
    for verb, roles in wanted.items():
        door = POLICIES[verb][1]
        assert {role for role in ROLES if door(Actor("1", "a", "甲", ((role, "D1"),)), "D1")} == roles
        assert not any(door(Actor("1", "a", "甲", ((role, "D2"),)), "D1") for role in ROLES)
    assert set(POLICIES) == set(wanted)
