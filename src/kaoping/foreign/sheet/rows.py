"""What was read of an offered table: rows, faults with their cells, notes. Every place is said as people find it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Offered:
    """The cells of one sheet as they stand in the file, with their line numbers; its name is '' for CSV.

    ``notes`` say what of the file was not read, or is hidden from whoever looks at it, in words.
    """

    sheet: str = ""
    lines: Sequence[tuple[int, Sequence[Any]]] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: a cell (``column`` counts from 0), a row, or the whole (``number`` is null).

    Without a number but with a heading it is a field of a form, which has the same rules.
    """

    sheet: str = ""
    number: int | None = None
    column: int | None = None
    heading: str = ""

    @property
    def cell(self) -> str:
        """C7; '' for a whole row or file."""
        return "" if self.column is None or self.number is None else f"{letters(self.column)}{self.number}"

    def __str__(self) -> str:
        """表“台账”C7（文号）. A CSV has lines: a row of the screen may be another one, since a cell can hold a break."""
        named = f"（{self.heading}）" if self.heading else ""
        if self.number is None:
            return self.heading or (f"表“{self.sheet}”" if self.sheet else "文件")
        if self.sheet:
            return f"表“{self.sheet}”{self.cell or f'第 {self.number} 行'}{named}"
        return (
            f"第 {self.number} 行"
            + (f" {letters(self.column)} 列" if self.column is not None else "")
            + named
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, which column's key, why (with or without full stop), and what to do (with one)."""

    place: Place
    key: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.place}：{self.message.removesuffix('。')}。{self.remedy}"


@dataclass(frozen=True, slots=True)
class Head:
    """The row of column names: where it stands, which column (from 0) each key is and how that is called.

    ``written``: the heading of each key as the file has it.
    """

    sheet: str = ""
    number: int = 0
    columns: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def place(self, number: int, key: str = "") -> Place:
        """The cell of a column in a row, the row for what is no column of the file."""
        column, heading = self.columns.get(key, (None, ""))
        return Place(self.sheet, number, column, heading)


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``values`` holds, by key, the cells that could be read; ``texts`` every declared cell as it stands there.

    ``extra`` holds the cells of columns that are not declared, by their heading. ``sound``: no fault lies in it.
    """

    number: int
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    extra: Mapping[str, str]
    head: Head
    sound: bool = True

    def fault(self, key: str, message: str, remedy: str = "") -> Fault:
        """What an app finds wrong with a cell, in the form of every other fault; key '' for the whole row."""
        return Fault(self.head.place(self.number, key), key, message, remedy)

    def place(self, key: str = "") -> Place:
        """A cell of this row, or the row."""
        return self.head.place(self.number, key)


@dataclass(frozen=True, slots=True)
class Rows:
    """All that was read, in order, all that is wrong, and what whoever hands it in ought to know."""

    head: Head = field(default_factory=Head)
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, row: Row) -> list[Fault]:
        """The faults of one row."""
        return [one for one in self.faults if one.place.number == row.number]


def unreadable(message: str, remedy: str) -> Rows:
    """The answer for a file that is no table at all."""
    return Rows(faults=(Fault(Place(), "", message, remedy),))


def letters(column: int) -> str:
    """The letters of a column counted from 0: A … Z, AA …"""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
