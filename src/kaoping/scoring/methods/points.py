"""权重赋分: points given by an assessor or an imported ledger, within the item's maximum."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.scoring.methods.outcome import SCORED, Outcome, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """The latest points, bounded by 0 and the maximum."""
    given = [one for one in observations if one.kind == "points"]
    if not given:
        return nothing("还没有赋分")
    last = latest(given)
    points = min(max(Fraction(str(last.value)), Fraction(0)), item.max)
    return Outcome(SCORED, points, last.reason or "按登记的得分", (last.id,))
