"""档次: the latest level, each worth its share."""

from __future__ import annotations

from collections.abc import Sequence

from kaoping.scoring.methods.outcome import SCORED, Outcome, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """Points of the latest level that the scale knows."""
    graded = [one for one in observations if one.kind == "level" and item.level(str(one.value))]
    if not graded:
        return nothing("还没有评档")
    last = latest(graded)
    level = item.level(str(last.value))
    assert level is not None
    return Outcome(SCORED, item.max * level.share, f"档次“{level.name}”", (last.id,))
