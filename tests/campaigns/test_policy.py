"""Doors: who passes, in one table; the table for readers is made from the same ``POLICIES``."""

from __future__ import annotations

import pytest

from kaoping.accounts.actor import OF_AN_ORGANISER, ROLES, Actor
from kaoping.campaigns.policy import POLICIES

OFFICE = {
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
}


def test_an_organiser_s_doors_are_open_to_its_own_people() -> None:
    for verb, wanted in OFFICE.items():
        door = POLICIES[verb][1]
        assert {role for role in ROLES if door(Actor("1", "a", "甲", ((role, "D1"),)), "D1")} == wanted, verb


@pytest.mark.parametrize("theirs", ["CZ0", "D2", "D1-1", ""])
def test_no_door_of_an_organiser_is_open_to_people_of_another(theirs) -> None:
    """The city above, the district beside, an office below, and an act for nobody: each has people and years of its own."""
    everybody = Actor("1", "a", "甲", tuple((role, theirs) for role in OF_AN_ORGANISER))
    assert [verb for verb, (_label, door) in POLICIES.items() if door(everybody, "D1")] == []


def test_a_branch_is_seen_by_those_that_answer_for_it() -> None:
    door = POLICIES["see_branch"][1]
    allowed = {role for role in ROLES if door(Actor("1", "a", "甲", ((role, "D1"),)), None)}
    assert allowed == {"district_office", "competent_department"}


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
