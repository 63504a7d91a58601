"""A table of 单项否决、重大减分, one a row, as an office keeps it; every refused cell is named by sheet and cell. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kaoping.campaigns.logic.severe import Given, Line, Rules, read
from kaoping.foreign import sheet
from kaoping.foreign.sheet import Column, Fault, Place, Rows, Sheet, shown

MOST_ROWS: Final = 500
# What a cell may say is judged by the rules of the form (``severe.read``), so that a row and a form are refused alike.
SEVERE_TABLE: Final = Sheet(
    "单项否决、重大减分",
    tuple(
        Column(key, (heading,), required=True, lines=True)
        for key, heading in (
            ("unit", "单位代码"),
            ("item", "事项"),
            ("value", "取值"),
            ("on", "认定日期"),
            ("document", "文号"),
            ("reason", "认定事实"),
            ("file", "附件"),
        )
    ),
    row="每行写一件",
    beside=True,
    loose_ends=True,
    most_rows=MOST_ROWS,
)
HEADINGS: Final = [one.heading for one in SEVERE_TABLE.columns]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: what it says, the line that it makes or null, and its faults with their cells."""

    number: int
    given: Given
    line: Line | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Every row in order, what is wrong with the file as a whole, and what of it was not read."""

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """How many rows are not taken."""
        return sum(1 for one in self.rows if one.line is None)

    @property
    def good(self) -> bool:
        """Whether the whole of it can be proposed: all rows or none."""
        return bool(self.rows) and not self.faults and not self.refused


def read_rows(found: Rows, rules: Rules, *, files: Collection[str]) -> Reading:
    """Judge a table that was read as ``SEVERE_TABLE``; ``files`` are the names of the attached documents."""
    if not found.rows:
        return Reading(faults=found.faults, notes=found.notes)
    taken = set(rules.standing)
    made = []
    for one in found.rows:
        row = _row(one, found.of(one), replace(rules, standing=taken), files)
        if row.line is not None:
            taken.add(row.line.key)
        made.append(row)
    return Reading(tuple(made), tuple(_unused(made, files)), found.notes)


def _row(one: sheet.Row, unread: Sequence[Fault], rules: Rules, files: Collection[str]) -> Row:
    given = Given(**{column.key: one.texts.get(column.key, "") for column in SEVERE_TABLE.columns})
    if unread:  # its cells may stand in wrong columns
        return Row(one.number, given, None, tuple(unread))
    line, faults = read(given, rules)
    told = [one.fault(fault.field, fault.message) for fault in faults]
    if given.file and given.file not in files:
        line = None
        words = f"没有附上“{given.file[:60]}”这份文件"
        told.append(one.fault("file", words, "请在“认定或通报的文件”里一起选上，文件名要一致。"))
    return Row(one.number, given, line, tuple(told))


def _unused(rows: Sequence[Row], files: Collection[str]) -> list[Fault]:
    named = {one.given.file for one in rows}
    return [
        Fault(
            Place(heading="认定或通报的文件"),
            "file",
            f"附了“{shown(name)}”，表里没有一行写它",
            "请在“附件”一列写明，或不要附。",
        )
        for name in files
        if name not in named
    ]
