"""What was removed because its time was over leaves a row."""

from __future__ import annotations

from datetime import datetime

from kaoping.support.models import Pruning


def note(*, what: str, rule: str, count: int, freed: int = 0, now: datetime) -> None:
    """Write down what was removed, by which rule; nothing when nothing was. Call in the transaction that removes rows."""
    if count:
        Pruning.objects.create(at=now, rule=rule[:200], what=what, count=count, freed=freed)
