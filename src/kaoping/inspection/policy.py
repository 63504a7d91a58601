"""Who records visits, who draws, and who sees both."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor, Owned
from kaoping.accounts.doors import Door, of_either, of_organiser


def can_see_visits(actor: Actor, whose: Owned) -> bool:
    """The office, signers, the leading group and inspectors see all visits and draws."""
    return actor == SYSTEM or actor.holds(
        whose, "office_handler", "office_head", "second_signer", "leading_group", "inspector"
    )


def can_see_unit_visits(actor: Actor, whose: Owned, organisation: str, branch: Collection[str] = ()) -> bool:
    """Branches see their own units (``branch`` holds the codes), a unit sees visits to itself."""
    return (
        can_see_visits(actor, whose)
        or actor.has("liaison", organisation)
        or actor.has("district_office", organisation)
        or actor.has("competent_department", organisation)
        or organisation in branch
    )


def can_record_visit(actor: Actor, whose: Owned) -> bool:
    """Inspectors record what they saw themselves."""
    return actor.holds(whose, "inspector")


def can_commit_draw(actor: Actor, whose: Owned) -> bool:
    """The office's handler publishes the list's digest and the commitment before the draw."""
    return actor.holds(whose, "office_handler")


def can_run_draw(actor: Actor, whose: Owned) -> bool:
    """The office draws; the seed is committed, so whoever presses the button cannot steer it."""
    return actor == SYSTEM or actor.holds(whose, "office_handler", "office_head")


# Verb id: (what the permission table calls it, the door asked for an organiser or a unit by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "see_visits": ("看全部实地查看与抽取", of_organiser(can_see_visits)),
    "see_unit_visits": (
        "看单位实地查看",
        of_either(can_see_unit_visits),
    ),
    "record_visit": ("登记实地查看", of_organiser(can_record_visit)),
    "commit_draw": ("布置随机抽取", of_organiser(can_commit_draw)),
    "run_draw": ("随机抽取", of_organiser(can_run_draw)),
}
