"""多人评审: the median (or mean) of the latest level of each reviewer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.scoring.methods.outcome import SCORED, Outcome, ids, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """At least ``least`` reviewers (1 by default) must have spoken."""
    by_reviewer: dict[str, list[Observation]] = {}
    for one in observations:
        if one.kind == "level" and item.level(str(one.value)):
            by_reviewer.setdefault(one.by or one.id, []).append(one)
    least = int(item.settings.get("least", 1))
    if len(by_reviewer) < least:
        return nothing("还没有评审" if not by_reviewer else f"评审 {len(by_reviewer)} 人，不足 {least} 人")
    last = [latest(group) for group in by_reviewer.values()]
    shares = sorted(level.share for one in last if (level := item.level(str(one.value))))
    combine = item.settings.get("combine", "median")
    share = _median(shares) if combine == "median" else sum(shares, Fraction(0)) / len(shares)
    word = "中位" if combine == "median" else "平均"
    names = "、".join(_name(item, one) for one in sorted(last, key=lambda entry: entry.id))
    return Outcome(SCORED, item.max * share, f"{len(last)} 人评审取{word}：{names}", ids(last))


def _name(item: Indicator, one: Observation) -> str:
    level = item.level(str(one.value))
    return level.name if level else str(one.value)


def _median(values: list[Fraction]) -> Fraction:
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
