"""Who may change the register and who may see a unit's own pages."""

from __future__ import annotations

from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.doors import Door, of_nobody, of_unit


def can_change_register(actor: Actor) -> bool:
    """The city's openness office keeps the register."""
    return actor == SYSTEM or actor.holds_main("office_handler")


def can_keep_places(actor: Actor) -> bool:
    """The office keeps the register of places; an inspector only proposes one."""
    return actor.holds_main("office_handler", "office_head")


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


def can_release(actor: Actor) -> bool:
    """The security administrator or the office's head confirms that somebody may sign again after a reset."""
    return actor.holds_main("security_admin", "office_head")


# Verb id: (what the permission table calls it, the door asked for an organiser or a unit by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "see_register": ("查看单位名录", of_nobody(can_see_register)),
    "change_register": ("导入、修改单位名录", of_nobody(can_change_register)),
    "keep_places": ("登记地点", of_nobody(can_keep_places)),
    "release_rest": ("重置口令后确认本人，恢复签发", of_nobody(can_release)),
    "act_for_unit": ("代表单位办理", of_unit(can_act_for)),
}
