"""Who may adopt a rulebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor


def can_adopt(actor: Actor) -> bool:
    """The city's openness office adopts rulebooks; the plan with it is approved by the leading group."""
    return actor == SYSTEM or actor.has("office_handler")


# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, Callable[[Actor, str | None], bool]]]] = {
    "adopt_rulebook": ("采用规则集", lambda actor, _code: can_adopt(actor)),
}
