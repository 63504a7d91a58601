"""Who may change the register and who may see a unit's own pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor


def can_change_register(actor: Actor) -> bool:
    """The city's openness office keeps the register."""
    return actor == SYSTEM or actor.has("office_handler")


def can_keep_places(actor: Actor) -> bool:
    """The office keeps the register of places; an inspector only proposes one."""
    return actor.has_any("office_handler", "office_head")


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
    return actor.has_any("security_admin", "office_head")


# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, Callable[[Actor, str | None], bool]]]] = {
    "see_register": ("查看单位名录", lambda actor, _code: can_see_register(actor)),
    "change_register": ("导入、修改单位名录", lambda actor, _code: can_change_register(actor)),
    "keep_places": ("登记地点", lambda actor, _code: can_keep_places(actor)),
    "release_rest": ("重置口令后确认本人，恢复签发", lambda actor, _code: can_release(actor)),
    "act_for_unit": ("代表单位办理", lambda actor, code: code is not None and can_act_for(actor, code)),
}
