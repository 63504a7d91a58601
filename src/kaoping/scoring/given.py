"""Points that somebody gives directly: within the item's own scale, or refused where they enter."""

from __future__ import annotations

from decimal import Decimal

from kaoping.arithmetic import plain
from kaoping.scoring.observations import Observation, ObservationError, check_value
from kaoping.scoring.rubric import Indicator


def refusal_of_points(item: Indicator, text: str) -> str | None:
    """Why ``text`` cannot be given as points of the item on its own scale, in words with the remedy, or null."""
    try:
        points = Decimal(check_value("points", text))
    except ObservationError as error:
        return str(error).split("：", 1)[-1]
    if points > Decimal(item.max.numerator) / Decimal(item.max.denominator):
        return f"{item.code} {item.name}最高 {plain(item.max)} 分，不能登记 {text} 分；请核对小数点"
    return None


def refusal_of_value(item: Indicator | None, one: Observation) -> str | None:
    """Why a line's points cannot be counted as they stand, or null: they would be cut without a word."""
    if item is None or one.kind != "points" or one.kind not in _taken(item, one):
        return None
    return refusal_of_points(item, str(one.value))


def _taken(item: Indicator, one: Observation) -> tuple[str, ...]:
    own = ("points",) if one.source == "office" and item.role == "item" else ()
    return (*item.sources.get(one.source, ()), *own)
