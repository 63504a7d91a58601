"""Who may look at monitoring, start it, confirm what it found, and ask for a re-test."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor


def can_see_monitoring(actor: Actor) -> bool:
    """The office, its head, signers and the leading group see every unit's monitoring."""
    return actor == SYSTEM or actor.has_any("office_handler", "office_head", "second_signer", "leading_group")


def can_see_unit_monitoring(actor: Actor, organisation: str, branch: Collection[str] = ()) -> bool:
    """A district office or competent department sees its branch (考核办法 第四条); ``branch`` holds its codes."""
    return (
        can_see_monitoring(actor)
        or actor.has("district_office", organisation)
        or actor.has("competent_department", organisation)
        or organisation in branch
    )


def can_start_run(actor: Actor) -> bool:
    """The office's handler starts a run by hand; the schedule starts the others."""
    return actor == SYSTEM or actor.has("office_handler")


def can_confirm_findings(actor: Actor) -> bool:
    """A person of the office confirms; no machine does, so not even the schedule."""
    return actor.has_any("office_handler", "office_head")


def can_clear_finding(actor: Actor) -> bool:
    """A person of the office says that a finding is a false alarm."""
    return actor.has_any("office_handler", "office_head")


def can_settle_removed(actor: Actor) -> bool:
    """A person of the office decides that a page was taken down."""
    return actor.has_any("office_handler", "office_head")


def can_ask_retest(actor: Actor, organisation_code: str) -> bool:
    """The office, an inspector, or the unit itself when it has mended the fault."""
    return (
        actor == SYSTEM
        or actor.has_any("office_handler", "office_head", "inspector")
        or actor.has("liaison", organisation_code)
    )


_Door = Callable[[Actor, str | None], bool]

# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, _Door]]] = {
    "see_monitoring": ("看全市监测", lambda actor, _code: can_see_monitoring(actor)),
    "see_unit_monitoring": (
        "看单位监测",
        lambda actor, code: code is not None and can_see_unit_monitoring(actor, code),
    ),
    "start_run": ("发起一轮监测", lambda actor, _code: can_start_run(actor)),
    "confirm_findings": ("确认监测发现", lambda actor, _code: can_confirm_findings(actor)),
    "clear_finding": ("判为误报", lambda actor, _code: can_clear_finding(actor)),
    "settle_removed": ("认定网页已撤", lambda actor, _code: can_settle_removed(actor)),
    "ask_retest": ("申请复测", lambda actor, code: code is not None and can_ask_retest(actor, code)),
}
