"""Read model of the scoring room: the table of second-level items, counts of cells, movement since the last sheet.

Nothing here computes a point: everything stands in the stored sheets. The number of queries does not grow with the units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.models import Campaign, ReviewScore, Sheet, SheetUnit
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import items
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.evidence import queries as ledger
from kaoping.evidence.queries import undecided_pairs
from kaoping.registry.queries import short_names

SCORED, NOT_SCORED, NOT_APPLICABLE = "scored", "not_scored", "not_applicable"
UNDECIDED: Final = "undecided"
# Reviewers whose levels lie this far apart (share of the maximum) are marked; the regulations say nothing (待核).
APART: Final = Fraction(2, 5)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the heat table: a second-level item, or a first-level one without a second level."""

    code: str
    title: str
    max: str
    first: str
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The first-level indicator above some columns."""

    code: str
    title: str
    max: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Cells of the whole sheet, leaf by leaf. ``undecided`` are those without points for which somebody could not tell."""

    units: int = 0
    items: int = 0
    scored: int = 0
    pending: int = 0
    undecided: int = 0
    absent: int = 0
    vetoed: tuple[str, ...] = ()

    @property
    def cells(self) -> int:
        """All cells."""
        return self.scored + self.pending + self.undecided + self.absent

    @property
    def open(self) -> int:
        """Cells without a basis."""
        return self.pending + self.undecided


@dataclass(frozen=True, slots=True)
class Move:
    """A unit whose total or grade differs from the sheet before."""

    unit: str
    short_name: str
    before: str | None
    after: str | None
    grade_before: str | None
    grade_after: str | None


@dataclass(frozen=True, slots=True)
class Room:
    """A sheet and what it adds up to."""

    sheet: Sheet
    previous: Sheet | None
    groups: tuple[Group, ...]
    counts: Counts
    moves: tuple[Move, ...]
    rows: Sequence[sheets.Row]
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    undecided: Collection[tuple[str, str]] = ()


def room(campaign: Campaign, *, sheet: Sheet | None = None, units: set[str] | None = None) -> Room | None:
    """Everything of the latest sheet (or a given one) that lists and totals need; null before the first. Six queries."""
    sheet = sheet or sheets.latest(campaign)
    if sheet is None:
        return None
    previous = sheets.previous(sheet)
    names = short_names()
    rows = [
        sheets.Row(unit, names.get(unit, unit), position, summary)
        for unit, position, summary in _lines(sheet.lines_in, sheet.digest)
        if units is None or unit in units
    ]
    before = (
        {unit: summary for unit, _at, summary in _lines(previous.lines_in, previous.digest)}
        if previous
        else {}
    )
    unclear = undecided_pairs(campaign.organiser, [row.unit for row in rows])
    made = groups(campaign)
    return Room(
        sheet, previous, made, counts(rows, made, unclear), tuple(_moves(rows, before)), rows, before, unclear
    )


@lru_cache(maxsize=8)
def _lines(sheet_id: int, _digest: str) -> tuple[tuple[str, int, Mapping[str, Any]], ...]:
    """The lines of a sheet in register order. A sheet never changes, so they are kept in memory."""
    return tuple(SheetUnit.objects.filter(sheet_id=sheet_id).values_list("unit", "position", "summary"))


def groups(campaign: Campaign) -> tuple[Group, ...]:
    """The columns under their first-level indicators; what does not count in the hundred is left out."""
    made: list[Group] = []
    top: sheets.Column | None = None
    parts: list[tuple[sheets.Column, list[str]]] = []

    def close() -> None:
        if top is not None and parts:
            made.append(
                Group(
                    top.code,
                    top.title,
                    top.max,
                    tuple(
                        Column(one.code, one.title, one.max, top.code, tuple(leaves)) for one, leaves in parts
                    ),
                )
            )

    for column in sheets.columns(campaign):
        if column.level == 1:
            close()
            top, parts = (column, []) if column.role == "item" else (None, [])
            if top is not None and column.leaf:
                parts.append((column, [column.code]))
        elif top is not None:
            if column.level == 2:
                parts.append((column, [column.code] if column.leaf else []))
            elif column.leaf and parts:
                parts[-1][1].append(column.code)
    close()
    return tuple(made)


def state_of(
    summary: Mapping[str, Any], unit: str, column: Column, unclear: Collection[tuple[str, str]]
) -> str:
    """scored, not_scored, undecided or not_applicable."""
    line = summary["items"].get(column.code)
    if line is None:
        return NOT_APPLICABLE
    status: str = line[1]
    if status != NOT_SCORED:
        return status
    waiting = [code for code in column.leaves if summary["items"].get(code, ["", ""])[1] == NOT_SCORED]
    return UNDECIDED if waiting and all((unit, code) in unclear for code in waiting) else NOT_SCORED


def counts(
    rows: Sequence[sheets.Row], columns: Iterable[Group], unclear: Collection[tuple[str, str]]
) -> Counts:
    """Leaf by leaf over the whole sheet."""
    leaves = [leaf for group in columns for column in group.columns for leaf in column.leaves]
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        lines = row.summary["items"]
        for leaf in leaves:
            line = lines.get(leaf)
            status = line[1] if line else NOT_APPLICABLE
            if status == NOT_SCORED and (row.unit, leaf) in unclear:
                status = UNDECIDED
            found[status] += 1
    return Counts(
        len(rows),
        len(leaves),
        found[SCORED],
        found[NOT_SCORED],
        found[UNDECIDED],
        found[NOT_APPLICABLE],
        tuple(row.short_name for row in rows if row.summary["vetoes"]),
    )


def _moves(rows: Sequence[sheets.Row], before: Mapping[str, Mapping[str, Any]]) -> Iterable[Move]:
    for row in rows:
        old = before.get(row.unit)
        if old is None:
            continue
        if (old["total"], old["grade"]) != (row.summary["total"], row.summary["grade"]):
            yield Move(
                row.unit,
                row.short_name,
                old["total"],
                row.summary["total"],
                old["grade"],
                row.summary["grade"],
            )


def apart(campaign: Campaign, units: Collection[str]) -> set[tuple[str, str]]:
    """(unit, item) on which the reviewers of some units lie far apart; nothing before the round is closed. One query."""
    if campaign.round_closed_at is None:
        return set()
    shares = {
        (item.code, level.code): Fraction(level.share)
        for item in items.items(campaign)
        for level in item.levels
    }
    seen: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    rows = ReviewScore.objects.filter(
        assignment__campaign=campaign,
        assignment__recused=False,
        assignment__organisation__code__in=list(units),
    ).values_list("assignment__organisation__code", "item", "level")
    for unit, item, level in rows:
        if (item, level) in shares:
            seen[(unit, item)].append(shares[(item, level)])
    return {pair for pair, values in seen.items() if max(values) - min(values) >= APART}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one cell is what it is."""

    view: sheets.UnitView
    line: sheets.PointLine
    parts: Sequence[sheets.PointLine]
    rule: Item | None
    spread: reviews.Spread | None
    appeals: Sequence[Any]
    undecided: Sequence[Any]


def reason(
    campaign: Campaign, unit: str, item: str, *, sheet: Sheet | None = None, with_spread: bool
) -> Reason | None:
    """The chain behind one cell: a leaf with its observations, or a branch with its leaves. Null when there is none.

    ``with_spread`` adds how the reviewers differ, once the round is closed.
    """
    view = sheets.unit_view(campaign, unit, sheet=sheet)
    if view is None:
        return None
    place = next((n for n, line in enumerate(view.lines) if line.column.code == item), None)
    if place is None:
        return None
    line = view.lines[place]
    parts = []
    if not line.column.leaf:
        for below in view.lines[place + 1 :]:
            if below.column.level <= line.column.level:
                break
            if below.column.leaf:
                parts.append(below)
    closed = campaign.round_closed_at is not None
    spread = None
    if with_spread and closed and line.column.leaf:
        spread = next((one for one in reviews.spread(campaign, unit=unit) if one.item == item), None)
    filed = [one for one in appeal_reads.appeals(campaign, unit=unit) if one.item == item]
    unclear = (
        [
            one
            for one in ledger.of_unit(unit, item, organiser=campaign.organiser)
            if one.kind == "verdict" and one.value == UNDECIDED
        ]
        if line.status == NOT_SCORED and line.column.leaf
        else []
    )
    return Reason(view, line, parts, items.item(campaign, item), spread, filed, unclear)
