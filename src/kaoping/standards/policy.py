"""Who may take in a rulebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor


def can_adopt(actor: Actor) -> bool:
    """The city's openness office adopts rulebooks; the plan with it is approved by the leading group."""
    return actor == SYSTEM or actor.has("office_handler")


def can_hand_in(actor: Actor) -> bool:
    """The organiser's office hands in its own rulebook, and may withdraw the draft; the plan with it is approved on paper."""
    return actor == SYSTEM or actor.has("office_handler")


# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, Callable[[Actor, str | None], bool]]]] = {
    "adopt_rulebook": ("采用规则集", lambda actor, _code: can_adopt(actor)),
    "hand_in_rulebook": ("交存、撤回规则集草案", lambda actor, _code: can_hand_in(actor)),
}
