"""Doors: who passes, in one table; the table for readers is made from the same ``POLICIES``."""

from __future__ import annotations

from kaoping.accounts.actor import ROLES, Actor
from kaoping.campaigns.policy import POLICIES

CITY = {
    "plan": {"office_handler"},
    "approve": {"office_handler", "office_head", "leading_group"},
    "attach_scan": {"office_handler"},
    "advance": {"office_handler"},
    "decide_claim": {"office_handler"},
    "review": {"reviewer"},
    "close_round": {"office_handler"},
    "see_spread": {"office_handler", "office_head", "second_signer"},
    "decide_appeal": {"appeal_decider"},
    "sign_off": {"second_signer"},
    "see_branch": {"district_office", "competent_department"},
}


def test_city_doors() -> None:
    for verb, wanted in CITY.items():
        door = POLICIES[verb][1]
        assert {role for role in ROLES if door(Actor("1", "a", "甲", ((role, ""),)), None)} == wanted, verb


def test_a_liaison_acts_for_the_own_unit_only() -> None:
    liaison = Actor("1", "a", "甲", (("liaison", "U1"),))
    for verb in ("fill_self_review", "see_self_review", "preview", "file_appeal"):
        door = POLICIES[verb][1]
        assert door(liaison, "U1")
        assert not door(liaison, "U2")
        assert not door(liaison, None)


def test_administrators_have_no_part_in_the_assessment() -> None:
    for role in ("system_admin", "security_admin"):
        actor = Actor("1", "a", "甲", ((role, ""),))
        assert not [
            verb for verb, (_label, door) in POLICIES.items() if door(actor, None) or door(actor, "U1")
        ]
