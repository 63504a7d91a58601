"""按比例: points by done of due."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.scoring.methods.outcome import NOT_APPLICABLE, SCORED, Outcome, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """The latest ratio; nothing due (0 of 0) is not applicable, never a loss."""
    ratios = [one for one in observations if one.kind == "ratio"]
    if not ratios:
        return nothing("还没有登记数据")
    last = latest(ratios)
    done, due = int(last.value["done"]), int(last.value["of"])
    if due == 0:
        return Outcome(NOT_APPLICABLE, Fraction(0), "本期没有应办事项", (last.id,))
    return Outcome(SCORED, item.max * Fraction(done, due), f"应办 {due} 件，办到 {done} 件", (last.id,))
