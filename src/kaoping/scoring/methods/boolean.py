"""是否: all or nothing, by the latest verdict."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.arithmetic import plain
from kaoping.scoring.methods.outcome import SCORED, Outcome, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """Full points when met, none when not met; undecided is no verdict."""
    verdicts = [one for one in observations if one.kind == "verdict" and one.value in ("met", "not_met")]
    if not verdicts:
        return nothing("还没有结论")
    last = latest(verdicts)
    met = last.value == "met"
    return Outcome(SCORED, item.max if met else Fraction(0), "符合" if met else "不符合", (last.id,))


def scale(item: Indicator) -> str:
    """The rule in words."""
    return f"符合得 {plain(item.max)} 分，不符合不得分"
