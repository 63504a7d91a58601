"""The button of a verb, as the verb itself answers: no screen says in words of its own when something can be done."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from kaoping.web.ui.parts.action import Action


class Asked(Protocol):
    """What a button asks of a verb."""

    def check(self, **things: object) -> str | None:
        """Why it would be refused, in words."""

    def closed(self, **things: object) -> bool:
        """Whether it is another person's act."""


def offered(verb: Asked, action: Action, **things: object) -> tuple[Action, ...]:
    """``action`` for whoever may do it, locked with the verb's words while it would be refused; nothing for anybody else."""
    if verb.closed(**things):
        return ()
    return (replace(action, disabled=verb.check(**things) or ""),)
