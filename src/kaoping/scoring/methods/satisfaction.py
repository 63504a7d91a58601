"""社会评议: points by the weighted share of answers; too few answers do not score (评议制度 第七条)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.scoring.methods.outcome import NOT_APPLICABLE, SCORED, Outcome, latest, nothing
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """``weights`` maps option codes to 0..1; options without a weight (说不清) lie outside the base.

    A tally whose number of answers is below ``min_n`` is suppressed: its points are redistributed as not applicable.
    """
    tallies = [one for one in observations if one.kind == "tally"]
    if not tallies:
        return nothing("还没有计票")
    last = latest(tallies)
    options: dict[str, int] = last.value["options"]
    weights = {code: Fraction(str(weight)) for code, weight in item.settings.get("weights", {}).items()}
    n = sum(options.values())
    base = sum(count for code, count in options.items() if code in weights)
    least = int(item.settings.get("min_n", 1))
    if n < least or base == 0:
        return Outcome(
            NOT_APPLICABLE, Fraction(0), f"有效作答 {n} 份，不足 {max(least, 1)} 份，不计分", (last.id,)
        )
    share = (
        sum((weights[code] * count for code, count in options.items() if code in weights), Fraction(0)) / base
    )
    return Outcome(SCORED, item.max * share, f"作答 {n} 份，其中 {base} 份有态度，按满意程度折算", (last.id,))
