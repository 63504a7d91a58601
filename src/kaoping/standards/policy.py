"""Who may take in a rulebook."""

from __future__ import annotations

from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor, Owned
from kaoping.accounts.doors import Door, of_nobody, of_organiser


def can_adopt(actor: Actor) -> bool:
    """Whoever organises adopts a shipped rulebook; the plan with it is approved by the leading group."""
    return actor == SYSTEM or actor.has("office_handler")


def can_hand_in(actor: Actor, whose: Owned) -> bool:
    """The organiser's office hands in its own rulebook, and may withdraw the draft; the plan with it is approved on paper."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


# Verb id: (what the permission table calls it, the door asked for an organiser by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "adopt_rulebook": ("采用规则集", of_nobody(can_adopt)),
    "hand_in_rulebook": ("交存、撤回规则集草案", of_organiser(can_hand_in)),
}
