"""档次: the latest level, each worth its share."""

from __future__ import annotations

from collections.abc import Sequence

from kaoping.arithmetic import plain
from kaoping.scoring.methods.outcome import SCORED, Outcome, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """Points of the latest level that the scale knows."""
    graded = [
        (one, level)
        for one in observations
        if one.kind == "level" and (level := item.level(str(one.value))) is not None
    ]
    if not graded:
        return nothing("还没有定档")
    last = latest([one for one, _level in graded])
    level = next(level for one, level in graded if one.id == last.id)
    return Outcome(SCORED, item.max * level.share, f"档次“{level.name}”", (last.id,))


def scale(item: Indicator) -> str:
    """The rule in words."""
    return "按档得分：" + "、".join(
        f"{level.name} {plain(item.max * level.share)} 分" for level in item.levels
    )
