"""Who may adopt a rulebook."""

from __future__ import annotations

from kaoping.accounts.actor import SYSTEM, Actor


def can_adopt(actor: Actor) -> bool:
    """The city's openness office adopts rulebooks; the plan with it is approved by the leading group."""
    return actor == SYSTEM or actor.has("office_handler")
