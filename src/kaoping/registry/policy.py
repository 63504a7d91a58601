"""Who may change the register and who may see a unit's own pages."""

from __future__ import annotations

from kaoping.accounts.actor import SYSTEM, Actor


def can_change_register(actor: Actor) -> bool:
    """The city's openness office keeps the register."""
    return actor == SYSTEM or actor.has("office_handler")


def can_see_register(actor: Actor) -> bool:
    """The office, its head, signers, the leading group, branches and auditors read the register."""
    return actor == SYSTEM or actor.has_any(
        "office_handler",
        "office_head",
        "second_signer",
        "leading_group",
        "district_office",
        "competent_department",
        "auditor",
        "security_admin",
        "system_admin",
    )


def can_act_for(actor: Actor, organisation_code: str) -> bool:
    """Only the unit's own liaison acts for it."""
    return actor.has("liaison", organisation_code)
