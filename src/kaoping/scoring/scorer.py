"""``score``: the only path from observations to a number. Pure, exact, the same whatever the order of its input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from kaoping.beijing import day_of
from kaoping.scoring.announced import ANNOUNCED, binding_day
from kaoping.scoring.applicability import decided_not_applicable, effective_max
from kaoping.scoring.grade import grade_all
from kaoping.scoring.methods import methods
from kaoping.scoring.methods.outcome import (
    NOT_APPLICABLE,
    NOT_SCORED,
    SCORED,
    Outcome,
    latest,
    within,
    words_of,
)
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.selection import TARGETED, Given, Period, Selection, by_unit
from kaoping.scoring.sheet import Line, Results, UnitSheet
from kaoping.scoring.tree import fill
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
    selection: Selection = TARGETED,
) -> Results:
    """Score every unit that participates and exists in ``period``, in the order given.

    ``period_of`` gives the period of an item where it differs from ``period``. ``selection`` is that of the scorer's
    version, the newest by default. An observation whose source and kind
    the item does not take is no evidence for it; an office decision (不涉及, or the points of an appeal) is always taken.
    Raises ``ObservationError`` for two lines with one id.
    """
    table = by_unit(selection.standing(observations, as_of))
    spans = {leaf.code: (period_of(leaf) if period_of else period) for leaf in rubric.leaves()}
    sheets = [
        _sheet(rubric, unit, table.get(unit.code, Given()), spans, selection)
        for unit in units
        if unit.participates and _exists(unit, period)
    ]
    graded = grade_all(sheets, rubric.grades, rubric.ranking, rubric.places, rubric.rank_on)
    return Results(rubric.rulebook, rubric.version, year, period, as_of, rubric.places, tuple(graded))


def _exists(unit: Unit, period: Period) -> bool:
    """A unit that was merged away before the period, or set up after it, is not assessed for it."""
    return not (
        (unit.valid_to is not None and unit.valid_to < period.start)
        or (unit.valid_from is not None and unit.valid_from > period.end)
    )


def _sheet(
    rubric: Rubric, unit: Unit, given: Given, spans: Mapping[str, Period], selection: Selection
) -> UnitSheet:
    leaves = list(rubric.leaves())
    outcomes = {}
    for leaf in leaves:
        span = spans[leaf.code]
        inside = [one for one in given.of(leaf) if selection.holds(span, one.observed_at)]
        bound = leaf.announced_on
        if selection.announced:
            inside = [one for one in inside if one.check != ANNOUNCED]
            bound = binding_day(leaf, given.checks.get(ANNOUNCED, ()))
        outcomes[leaf.code] = _outcome(leaf, unit, inside, bound)
    applies = {code: outcome.status != NOT_APPLICABLE for code, outcome in outcomes.items()}
    full = effective_max(rubric.indicators, rubric.total, applies, rubric.redistribution)
    lines = fill(rubric.indicators, outcomes, full)
    base = sum((lines[top.code].points for top in rubric.indicators if top.role == "item"), Fraction(0))
    total = min(max(base + _extra(leaves, lines, base), Fraction(0)), rubric.ceiling or rubric.total)
    items = [leaf for leaf in leaves if leaf.role == "item"]
    pending = sum(outcomes[leaf.code].status == NOT_SCORED for leaf in items)
    nothing_applies = not any(applies[leaf.code] for leaf in items)
    return UnitSheet(
        unit=unit.code,
        group=unit.group,
        total=None if nothing_applies or (pending and rubric.unscored == "pending") else total,
        grade=None,
        grade_reason="",
        rank=None,
        components=_components(rubric, lines),
        vetoes=tuple(
            leaf.code for leaf in leaves if leaf.role == "veto" and lines[leaf.code].status == "vetoed"
        ),
        gates={
            leaf.code: None if outcomes[leaf.code].status != SCORED else outcomes[leaf.code].points > 0
            for leaf in leaves
            if leaf.role == "gate"
        },
        lines=lines,
        pending=pending,
    )


def _outcome(item: Indicator, unit: Unit, inside: Sequence[Observation], bound: date | None) -> Outcome:
    excluded = decided_not_applicable(item, unit.kind, inside)
    if excluded:
        return Outcome(NOT_APPLICABLE, Fraction(0), *excluded)
    decided = [one for one in inside if one.source == "office" and one.kind == "points"]
    if decided and item.role == "item":
        last = latest(decided)
        return Outcome(
            SCORED, within(item, Fraction(str(last.value))), words_of(last, "经复核改变"), (last.id,)
        )
    taken = [
        one for one in inside if one.kind in item.sources.get(one.source, ()) and _binds(item, one, bound)
    ]
    return methods()[item.method or "points"](item, taken)


def _binds(item: Indicator, one: Observation, bound: date | None) -> bool:
    """Whether ``one`` may move a point: nothing that happened before the item was announced (``bound``) costs one."""
    if bound is None or item.role == "bonus":
        return True
    costs = one.kind == "count" or (one.kind == "verdict" and one.value == "not_met")
    return not costs or day_of(one.observed_at) >= bound


def _extra(leaves: Sequence[Indicator], lines: Mapping[str, Line], base: Fraction) -> Fraction:
    """Bonuses (only above their gate, if they have one) less penalties; both outside the hundred."""
    added = Fraction(0)
    for leaf in leaves:
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
