"""What is stored about working days; called inside the verbs that enter an arrangement or move a date."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor
from kaoping.workdays.logic import Move
from kaoping.workdays.models import DateNotice


def tell(move: Move, *, basis: str, actor: Actor, now: datetime) -> None:
    """One notice for each unit that was told the date; nothing for a date that stays."""
    if not move.changes:
        return
    DateNotice.objects.bulk_create(
        DateNotice(
            unit=unit,
            kind=move.kind,
            thing=move.thing,
            title=move.title[:200],
            was=move.was,
            becomes=move.becomes,
            basis=basis[:300],
            by=actor.name,
            by_id=actor.id,
            at=now,
        )
        for unit in move.units
    )
