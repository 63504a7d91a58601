"""社会评议: points by the weighted share of answers; too few answers do not score (社会评议制度 第七条)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.arithmetic import half_up, plain
from kaoping.scoring.methods.outcome import NOT_APPLICABLE, SCORED, Outcome, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """``weights`` maps option codes to 0..1; options without a weight (说不清) lie outside the base.

    A tally with fewer than ``min_n`` answers that take a stand does not score: its points are redistributed as not
    applicable, so that a unit neither gains nor loses by a handful of answers.
    """
    tallies = [one for one in observations if one.kind == "tally"]
    if not tallies:
        return nothing("还没有计票")
    last = latest(tallies)
    options: dict[str, int] | None = last.value["options"]
    weights = {code: Fraction(str(weight)) for code, weight in item.settings.get("weights", {}).items()}
    least = max(int(item.settings.get("min_n", 1)), 1)
    base = (
        int(last.value["n"])
        if options is None
        else sum(count for code, count in options.items() if code in weights)
    )
    # A copy without options was cut because they were too few: with the number alone nothing can be scored.
    if options is None or base < least:
        return Outcome(
            NOT_APPLICABLE, Fraction(0), f"作出评价的 {base} 份，不足 {least} 份，不计分", (last.id,)
        )
    n = sum(options.values())
    share = (
        sum((weights[code] * count for code, count in options.items() if code in weights), Fraction(0)) / base
    )
    reason = f"作答 {n} 份，其中作出评价 {base} 份，满意度得分 {half_up(share * 100, 2)}"
    return Outcome(SCORED, item.max * share, reason, (last.id,))


def scale(item: Indicator) -> str:
    """The rule in words."""
    weights = "、".join(
        f"{code} {plain(Fraction(str(weight)))}" for code, weight in item.settings.get("weights", {}).items()
    )
    least = max(int(item.settings.get("min_n", 1)), 1)
    return f"得分 = {plain(item.max)} × 各选项份数按权重（{weights}）之和 ÷ 作出评价的份数；不足 {least} 份不计分，按不涉及处理"
