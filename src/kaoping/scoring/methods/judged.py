"""多人评审: the median (or mean) of the latest level of each reviewer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.arithmetic import plain
from kaoping.scoring.methods.outcome import SCORED, Outcome, ids, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """Settings: ``combine`` median (default) or mean; ``least`` reviewers (1 by default) must have spoken."""
    by_reviewer: dict[str, list[Observation]] = {}
    for one in observations:
        if one.kind == "level" and item.level(str(one.value)):
            by_reviewer.setdefault(one.by or one.id, []).append(one)
    least = int(item.settings.get("least", 1))
    if not by_reviewer:
        return nothing("还没有评审")
    if len(by_reviewer) < least:
        return nothing(f"已评 {len(by_reviewer)} 人，不足 {least} 人")
    last = [latest(group) for group in by_reviewer.values()]
    levels = sorted(
        (level for one in last if (level := item.level(str(one.value)))),
        key=lambda level: level.share,
        reverse=True,
    )
    shares = [level.share for level in levels]
    share = _median(shares) if _combine(item) == "median" else sum(shares, Fraction(0)) / len(shares)
    names = "、".join(level.name for level in levels)
    if len(last) == 1:
        return Outcome(SCORED, item.max * share, f"1 人评审：{names}", ids(last))
    word = "中位数" if _combine(item) == "median" else "平均数"
    return Outcome(SCORED, item.max * share, f"{len(last)} 人评审：{names}，取{word}", ids(last))


def _combine(item: Indicator) -> str:
    return str(item.settings.get("combine", "median"))


def _median(values: list[Fraction]) -> Fraction:
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def scale(item: Indicator) -> str:
    """The rule in words."""
    word = "中位数" if _combine(item) == "median" else "平均数"
    levels = "、".join(f"{level.name} {plain(item.max * level.share)}" for level in item.levels)
    return f"评审人员各自定档（{levels}），几人评审取{word}"
