"""加分、重大扣分: so much for each occurrence, up to the item's maximum. Outside the hundred."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.arithmetic import plain
from kaoping.scoring.methods.outcome import SCORED, Outcome, ids, number, within
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """Counts (a verdict is one: not_met for a penalty, met for a bonus) times ``each``; points add as they are."""
    each = number(item, "each", "1")
    trigger = "met" if item.role == "bonus" else "not_met"
    hits = [
        one
        for one in observations
        if (one.kind == "count" and one.value)
        or one.kind == "points"
        or (one.kind == "verdict" and one.value == trigger)
    ]
    total, times = Fraction(0), 0
    for one in hits:
        if one.kind == "points":
            total += Fraction(str(one.value))
            times += 1
        else:
            number_of = int(one.value) if one.kind == "count" else 1
            total += each * number_of
            times += number_of
    points = within(item, total)
    if not hits:
        return Outcome(SCORED, Fraction(0), "没有发生")
    verb = "加" if item.role == "bonus" else "扣"
    reason = f"发生 {times} 次，{verb} {plain(points)} 分" + ("，到上限为止" if points < total else "")
    return Outcome(SCORED, points, reason, ids(hits))


def scale(item: Indicator) -> str:
    """The rule in words."""
    verb = "加" if item.role == "bonus" else "扣"
    return (
        f"每发生一次{verb} {plain(number(item, 'each', '1'))} 分，最多{verb} {plain(item.max)} 分，在百分之外"
    )
