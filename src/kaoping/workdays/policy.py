"""Who may enter the yearly arrangement, and who sees the calendar."""

from __future__ import annotations

from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.doors import Door, of_nobody


def can_enter_calendar(actor: Actor) -> bool:
    """The office's handler. One person suffices: the notice is public, and no date that was told becomes earlier by it."""
    return actor == SYSTEM or actor.holds_main("office_handler")


def can_see_calendar(actor: Actor) -> bool:
    """Everybody whose dates are counted by it, and the auditor."""
    return actor == SYSTEM or actor.has_any(
        "office_handler",
        "office_head",
        "second_signer",
        "leading_group",
        "district_office",
        "competent_department",
        "liaison",
        "appeal_decider",
        "inspector",
        "auditor",
    )


# Verb id: (what the permission table calls it, the door asked for an organiser or a unit by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "see_calendar": ("看工作日历", of_nobody(can_see_calendar)),
    "enter_calendar": ("录入、撤回放假安排", of_nobody(can_enter_calendar)),
}
