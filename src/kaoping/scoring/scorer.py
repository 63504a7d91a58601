"""``score``: the only path from observations to a number. Pure, exact, the same whatever the order of its input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from kaoping.scoring.applicability import decided_not_applicable, effective_max
from kaoping.scoring.grade import grade_all
from kaoping.scoring.methods import methods
from kaoping.scoring.methods.outcome import NOT_APPLICABLE, NOT_SCORED, SCORED, Outcome, latest
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.selection import Period, by_unit_and_item, standing
from kaoping.scoring.sheet import Line, Results, UnitSheet
from kaoping.scoring.units import Unit

PeriodOf = Callable[[Indicator], Period]


def score(
    rubric: Rubric,
    units: Sequence[Unit],
    observations: Iterable[Observation],
    *,
    year: int,
    period: Period,
    as_of: datetime,
    period_of: PeriodOf | None = None,
) -> Results:
    """Score every participating unit. ``period_of`` gives the period of an item where it differs from ``period``.

    An observation whose source and kind the item does not take is no evidence for it. ``office`` points (an appeal's
    outcome) replace the method's answer. Raises ``ObservationError`` for two lines with one id.
    """
    table = by_unit_and_item(standing(observations, as_of))
    spans = {leaf.code: (period_of(leaf) if period_of else period) for leaf in rubric.leaves()}
    sheets = [_sheet(rubric, unit, table.get(unit.code, {}), spans) for unit in units if unit.participates]
    graded = grade_all(sheets, rubric.grades, rubric.ranking, rubric.places)
    return Results(rubric.rulebook, rubric.version, year, period, as_of, rubric.places, tuple(graded))


def _sheet(
    rubric: Rubric, unit: Unit, given: Mapping[str, list[Observation]], spans: Mapping[str, Period]
) -> UnitSheet:
    outcomes = {
        leaf.code: _outcome(leaf, unit, given.get(leaf.code, ()), spans[leaf.code])
        for leaf in rubric.leaves()
    }
    applies = {code: outcome.status != NOT_APPLICABLE for code, outcome in outcomes.items()}
    full = effective_max(rubric.indicators, rubric.total, applies)
    lines: dict[str, Line] = {}
    for top in rubric.indicators:
        _fill(top, outcomes, full, lines)
    base = sum((lines[top.code].points for top in rubric.indicators if top.role == "item"), Fraction(0))
    added = _extra(rubric, lines, base)
    pending = [
        leaf.code
        for leaf in rubric.leaves()
        if leaf.role == "item" and outcomes[leaf.code].status == NOT_SCORED
    ]
    vetoes = tuple(
        leaf.code for leaf in rubric.leaves() if leaf.role == "veto" and lines[leaf.code].status == "vetoed"
    )
    total = min(max(base + added, Fraction(0)), rubric.total)
    return UnitSheet(
        unit=unit.code,
        group=unit.group,
        total=None if pending and rubric.unscored == "pending" else total,
        grade=None,
        grade_reason="",
        rank=None,
        components=_components(rubric, lines),
        vetoes=vetoes,
        gates={
            leaf.code: None if outcomes[leaf.code].status != SCORED else outcomes[leaf.code].points > 0
            for leaf in rubric.leaves()
            if leaf.role == "gate"
        },
        lines=lines,
        pending=len(pending),
    )


def _outcome(item: Indicator, unit: Unit, given: Sequence[Observation], period: Period) -> Outcome:
    inside = [one for one in given if period.holds(one.observed_at)]
    excluded = decided_not_applicable(item, unit.kind, inside)
    if excluded:
        return Outcome(NOT_APPLICABLE, Fraction(0), *excluded)
    decided = [one for one in inside if one.source == "office" and one.kind == "points"]
    if decided and item.role == "item":
        last = latest(decided)
        points = min(max(Fraction(str(last.value)), Fraction(0)), item.max)
        return Outcome(SCORED, points, last.reason or "经复核改变", (last.id,))
    taken = [one for one in inside if one.kind in item.sources.get(one.source, ()) and _costs(item, one)]
    return methods()[item.method or "points"](item, taken)


def _costs(item: Indicator, one: Observation) -> bool:
    """Nothing that happened before the item was announced costs a point."""
    if item.announced_on is None or one.kind != "verdict" or one.value != "not_met":
        return True
    return Period(item.announced_on, one.observed_at.date().replace(year=9999)).holds(one.observed_at)


def _fill(
    node: Indicator, outcomes: Mapping[str, Outcome], full: Mapping[str, Fraction], lines: dict[str, Line]
) -> Line:
    if node.children:
        below = [_fill(child, outcomes, full, lines) for child in node.children]
        line = _branch(node, below, full)
    else:
        line = _leaf(node, outcomes[node.code], full)
    lines[node.code] = line
    return line


def _leaf(node: Indicator, outcome: Outcome, full: Mapping[str, Fraction]) -> Line:
    if node.role == "veto":
        hit = outcome.status == SCORED and outcome.points < node.max
        return Line(
            Fraction(0), Fraction(0), "vetoed" if hit else outcome.status, outcome.reason, outcome.used
        )
    if node.role != "item":
        return Line(outcome.points, node.max, outcome.status, outcome.reason, outcome.used)
    maximum = full[node.code]
    points = maximum * outcome.points / node.max if node.max and outcome.status == SCORED else Fraction(0)
    return Line(points, maximum, outcome.status, outcome.reason, outcome.used)


def _branch(node: Indicator, below: Sequence[Line], full: Mapping[str, Fraction]) -> Line:
    points = sum((line.points for line in below), Fraction(0))
    maximum = full.get(node.code, node.max)
    bounded = min(max(points, Fraction(0)), maximum)
    statuses = {line.status for line in below}
    if statuses <= {NOT_APPLICABLE}:
        status, reason = NOT_APPLICABLE, "下级各项都不涉及"
    elif NOT_SCORED in statuses:
        status, reason = NOT_SCORED, "下级还有没有得分的项"
    else:
        status, reason = SCORED, "下级各项之和" if bounded == points else "下级各项之和，到本级上限或下限为止"
    return Line(bounded, maximum, status, reason)


def _extra(rubric: Rubric, lines: Mapping[str, Line], base: Fraction) -> Fraction:
    """Bonuses (behind their gate) less penalties; both outside the hundred."""
    added = Fraction(0)
    for leaf in rubric.leaves():
        if leaf.role == "bonus":
            above = leaf.settings.get("only_above")
            if above is None or base > Fraction(str(above)):
                added += lines[leaf.code].points
        elif leaf.role == "penalty":
            added -= lines[leaf.code].points
    return added


def _components(rubric: Rubric, lines: Mapping[str, Line]) -> dict[str, Fraction]:
    totals = {component.code: Fraction(0) for component in rubric.components}
    for leaf in rubric.leaves():
        if leaf.role == "item" and leaf.component in totals:
            totals[leaf.component] += lines[leaf.code].points
    return totals
