"""Who may look at monitoring, start it, confirm what it found, and ask for a re-test."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor, Owned
from kaoping.accounts.doors import Door, of_either, of_organiser


def can_see_monitoring(actor: Actor, whose: Owned) -> bool:
    """The office, its head, signers and the leading group see every unit's monitoring."""
    return actor == SYSTEM or actor.holds(
        whose, "office_handler", "office_head", "second_signer", "leading_group"
    )


def can_see_unit_monitoring(
    actor: Actor, whose: Owned, organisation: str, branch: Collection[str] = ()
) -> bool:
    """A district office or competent department sees its branch (考核办法 第四条); ``branch`` holds its codes."""
    return (
        can_see_monitoring(actor, whose)
        or actor.has("district_office", organisation)
        or actor.has("competent_department", organisation)
        or organisation in branch
    )


def can_start_run(actor: Actor, whose: Owned) -> bool:
    """The office's handler starts a run by hand; the schedule starts the others."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_confirm_findings(actor: Actor, whose: Owned) -> bool:
    """A person of the office confirms; no machine does, so not even the schedule."""
    return actor.holds(whose, "office_handler", "office_head")


def can_clear_finding(actor: Actor, whose: Owned) -> bool:
    """A person of the office says that a finding is a false alarm."""
    return actor.holds(whose, "office_handler", "office_head")


def can_settle_removed(actor: Actor, whose: Owned) -> bool:
    """A person of the office decides that a page was taken down."""
    return actor.holds(whose, "office_handler", "office_head")


def can_ask_retest(actor: Actor, whose: Owned, organisation_code: str) -> bool:
    """The office, an inspector, or the unit itself when it has mended the fault."""
    return (
        actor == SYSTEM
        or actor.holds(whose, "office_handler", "office_head", "inspector")
        or actor.has("liaison", organisation_code)
    )


# Verb id: (what the permission table calls it, the door asked for an organiser or a unit by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "see_monitoring": ("看全部监测", of_organiser(can_see_monitoring)),
    "see_unit_monitoring": (
        "看单位监测",
        of_either(can_see_unit_monitoring),
    ),
    "start_run": ("发起一轮监测", of_organiser(can_start_run)),
    "confirm_findings": ("确认监测发现", of_organiser(can_confirm_findings)),
    "clear_finding": ("判为误报", of_organiser(can_clear_finding)),
    "settle_removed": ("认定网页已撤", of_organiser(can_settle_removed)),
    "ask_retest": ("申请复测", of_either(can_ask_retest)),
}
