"""Who records visits, who draws, and who sees both."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor


def can_see_visits(actor: Actor) -> bool:
    """The office, signers, the leading group and inspectors see all visits and draws."""
    return actor == SYSTEM or actor.has_any(
        "office_handler", "office_head", "second_signer", "leading_group", "inspector"
    )


def can_see_unit_visits(actor: Actor, organisation: str, branch: Collection[str] = ()) -> bool:
    """Branches see their own units (``branch`` holds the codes), a unit sees visits to itself."""
    return (
        can_see_visits(actor)
        or actor.has("liaison", organisation)
        or actor.has("district_office", organisation)
        or actor.has("competent_department", organisation)
        or organisation in branch
    )


def can_record_visit(actor: Actor) -> bool:
    """Inspectors record what they saw themselves."""
    return actor.has("inspector")


def can_commit_draw(actor: Actor) -> bool:
    """The office's handler publishes the list's digest and the commitment before the draw."""
    return actor.has("office_handler")


def can_run_draw(actor: Actor) -> bool:
    """The office draws; the seed is committed, so whoever presses the button cannot steer it."""
    return actor == SYSTEM or actor.has_any("office_handler", "office_head")


_Door = Callable[[Actor, str | None], bool]

# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, _Door]]] = {
    "see_visits": ("看全市实地查看与抽取", lambda actor, _code: can_see_visits(actor)),
    "see_unit_visits": (
        "看单位实地查看",
        lambda actor, code: code is not None and can_see_unit_visits(actor, code),
    ),
    "record_visit": ("登记实地查看", lambda actor, _code: can_record_visit(actor)),
    "commit_draw": ("布置随机抽取", lambda actor, _code: can_commit_draw(actor)),
    "run_draw": ("随机抽取", lambda actor, _code: can_run_draw(actor)),
}
