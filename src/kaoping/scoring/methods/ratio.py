"""按比例: points by done of due."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.arithmetic import plain
from kaoping.scoring.methods.outcome import NOT_APPLICABLE, SCORED, Outcome, ids, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """``combine``: the latest ratio (default) or the sum of all; nothing due (0 of 0) is not applicable, never a loss."""
    ratios = [one for one in observations if one.kind == "ratio"]
    if not ratios:
        return nothing("还没有登记数据")
    used = ratios if item.settings.get("combine") == "sum" else [latest(ratios)]
    done, due = sum(int(one.value["done"]) for one in used), sum(int(one.value["of"]) for one in used)
    if due == 0:
        return Outcome(NOT_APPLICABLE, Fraction(0), "本期没有应办事项", ids(used))
    return Outcome(SCORED, item.max * Fraction(done, due), f"应办 {due} 件，办到 {done} 件", ids(used))


def scale(item: Indicator) -> str:
    """The rule in words."""
    several = "各次登记合并计算" if item.settings.get("combine") == "sum" else "取最近一次登记"
    return f"得分 = {plain(item.max)} × 办到件数 ÷ 应办件数，{several}；没有应办事项的按不涉及处理"
