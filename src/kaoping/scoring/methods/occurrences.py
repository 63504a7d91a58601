"""加分、重大扣分: so much for each occurrence, up to the item's maximum. Outside the hundred."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.scoring.methods.outcome import SCORED, Outcome, ids
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """The sum of counts (a verdict is one: not_met for a penalty, met for a bonus) times ``each``; points add as they are."""
    each = Fraction(str(item.settings.get("each", "1")))
    trigger = "met" if item.role == "bonus" else "not_met"
    hits = [
        one
        for one in observations
        if one.kind in ("count", "points") or (one.kind == "verdict" and one.value == trigger)
    ]
    total = Fraction(0)
    for one in hits:
        if one.kind == "points":
            total += Fraction(str(one.value))
        else:
            total += each * (int(one.value) if one.kind == "count" else 1)
    points = min(max(total, Fraction(0)), item.max)
    return Outcome(SCORED, points, f"{len(hits)} 条记录" if hits else "没有发生", ids(hits))
