"""From the outcomes of leaves to a line for every node: redistribution, the caps of branches, status and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from kaoping.arithmetic import plain
from kaoping.scoring.methods.outcome import NOT_APPLICABLE, NOT_SCORED, SCORED, Outcome
from kaoping.scoring.rubric import Indicator
from kaoping.scoring.sheet import Line

VETOED = "vetoed"


def fill(
    tops: Sequence[Indicator], outcomes: Mapping[str, Outcome], full: Mapping[str, Fraction]
) -> dict[str, Line]:
    """Lines by code, parents after their children. ``full`` are maxima after redistribution."""
    lines: dict[str, Line] = {}
    for top in tops:
        _node(top, outcomes, full, lines, at_top=True)
    return lines


def _node(
    node: Indicator,
    outcomes: Mapping[str, Outcome],
    full: Mapping[str, Fraction],
    lines: dict[str, Line],
    *,
    at_top: bool,
) -> Line:
    if node.children:
        below = [_node(child, outcomes, full, lines, at_top=False) for child in node.children]
        line = _branch(node, below, full, at_top=at_top)
    else:
        line = _leaf(node, outcomes[node.code], full, at_top=at_top)
    lines[node.code] = line
    return line


def _leaf(node: Indicator, outcome: Outcome, full: Mapping[str, Fraction], *, at_top: bool) -> Line:
    if node.role == "veto":
        hit = outcome.status == SCORED and outcome.points < node.max
        status = VETOED if hit else outcome.status
        return Line(
            Fraction(0), Fraction(0), status, "触发单项否决" if hit else "没有触发单项否决", outcome.used
        )
    if node.role == "gate":
        met = (
            {True: "满足", False: "不满足"}[outcome.points > 0]
            if outcome.status == SCORED
            else outcome.reason
        )
        return Line(outcome.points, node.max, outcome.status, met, outcome.used)
    if node.role != "item":
        return Line(outcome.points, node.max, outcome.status, outcome.reason, outcome.used)
    maximum = full[node.code]
    if outcome.status != SCORED or not node.max:
        return Line(Fraction(0), maximum, outcome.status, outcome.reason, outcome.used)
    points = maximum * outcome.points / node.max
    if at_top:
        points = max(points, Fraction(0))
    reason = outcome.reason
    if maximum != node.max:
        # A reason somebody wrote may end its sentence; another clause follows.
        reason = (
            f"{reason.rstrip('。；')}；因有不涉及项，本项按 {plain(node.max)} 分折算为 {_short(maximum)} 分"
        )
    return Line(points, maximum, outcome.status, reason, outcome.used)


def _branch(node: Indicator, below: Sequence[Line], full: Mapping[str, Fraction], *, at_top: bool) -> Line:
    """The sum of the children, within the branch's own bounds; an overflowing branch passes its loss on upward."""
    points = sum((line.points for line in below), Fraction(0))
    maximum = full.get(node.code, node.max)
    passes_on = node.settings.get("overflow") is True and not at_top
    bounded = min(points, maximum) if passes_on else min(max(points, Fraction(0)), maximum)
    statuses = {line.status for line in below}
    if statuses == {NOT_APPLICABLE}:
        return Line(bounded, maximum, NOT_APPLICABLE, "下级各项都不涉及")
    if NOT_SCORED in statuses:
        waiting = sum(line.status == NOT_SCORED for line in below)
        return Line(bounded, maximum, NOT_SCORED, f"下级还有 {waiting} 项没有得分")
    reason = "下级各项之和" if bounded == points else f"下级各项之和 {_short(points)}，扣到本级为零止"
    return Line(bounded, maximum, SCORED, reason)


def _short(value: Fraction) -> str:
    """At most four decimals, for words only."""
    scaled = value * 10000
    return plain(Fraction(round(scaled), 10000)) if scaled.denominator != 1 else plain(value)
