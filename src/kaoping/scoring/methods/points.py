"""权重赋分: points given by an assessor or an imported ledger, within the item's maximum."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.arithmetic import plain
from kaoping.scoring.methods.outcome import SCORED, Outcome, ids, latest, nothing, within, words_of
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """``combine``: latest (default), mean or sum of what was given; bounded by nothing and the maximum."""
    given = [one for one in observations if one.kind == "points"]
    if not given:
        return nothing("还没有赋分")
    combine = str(item.settings.get("combine", "latest"))
    if combine == "latest":
        last = latest(given)
        return Outcome(
            SCORED, within(item, Fraction(str(last.value))), words_of(last, "按登记的得分"), (last.id,)
        )
    total = sum((Fraction(str(one.value)) for one in given), Fraction(0))
    if combine == "mean":
        return Outcome(SCORED, within(item, total / len(given)), f"{len(given)} 次赋分的平均", ids(given))
    return Outcome(SCORED, within(item, total), f"{len(given)} 次赋分之和", ids(given))


def scale(item: Indicator) -> str:
    """The rule in words."""
    word = {"mean": "各次的平均", "sum": "各次之和"}.get(str(item.settings.get("combine")), "最近一次")
    return f"直接赋分，0 至 {plain(item.max)} 分，取{word}"
