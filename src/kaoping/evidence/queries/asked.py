"""Doors to a line of the ledger: asked for its organiser, whom its id leads to."""

from __future__ import annotations

from kaoping.accounts.actor import Actor, Organising
from kaoping.evidence import policy
from kaoping.evidence.queries import acts, organiser_of


def its(actor: Actor, uid: str) -> Organising:
    """Whose a line is; who asks about a line that nobody knows is told so in words of its own."""
    code = organiser_of(uid)
    return Organising(next(iter(actor.organisers), "") if code is None else code)


def rules(actor: Actor, line: str) -> bool:
    """Who rules on a line: its own organiser's office."""
    return policy.can_rule(actor, its(actor, line))


def seconds_rulings(actor: Actor, ref: str) -> bool:
    """Who agrees to a proposed ruling: the head of the office whose line it is about."""
    ruling = acts.act(ref)
    return policy.can_second_ruling(actor, its(actor, ruling.line if ruling else ""))
