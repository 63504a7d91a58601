"""倒扣: full points less each fault, down to nothing (or, when ``overflow`` is set, down to the branch's cap)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.scoring.faults import standing_faults
from kaoping.scoring.methods.outcome import SCORED, Outcome, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rounding import half_up
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """One fault (same check and place) costs once however many sources saw it; a later passing re-test takes it off.

    ``each`` is the deduction per fault; ``count`` observations add their number of faults. Without any observation
    the item is full when ``silent`` is "full" (monitored and nothing found), else not scored.
    """
    each = Fraction(str(item.settings.get("each", "1")))
    faults, used = standing_faults(observations)
    counted = [one for one in observations if one.kind == "count"]
    number = faults + sum(int(one.value) for one in counted)
    seen = [
        one
        for one in observations
        if one.kind == "count" or (one.kind == "verdict" and one.value in ("met", "not_met"))
    ]
    if not seen and item.settings.get("silent", "full") != "full":
        return nothing("没有检查记录")
    lost = each * number
    points = item.max - lost if item.settings.get("overflow") else max(item.max - lost, Fraction(0))
    reason = "没有查出问题，得满分" if number == 0 else f"{number} 处问题，每处扣 {_plain(each)} 分"
    if number and lost > item.max and not item.settings.get("overflow"):
        reason += f"，本项最多扣 {_plain(item.max)} 分"
    return Outcome(SCORED, points, reason, tuple(dict.fromkeys([*used, *(one.id for one in counted)])))


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else half_up(value, 4).rstrip("0")
