"""The table of rows and columns: what a cell shows, how a column is headed, which page of how many it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Deadline
from kaoping.web.ui.parts.notice import Empty


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: text with its dress, or one of number, grade, deadline and actions in its place.

    ``note`` is a second, smaller line; ``chip`` the tone of a chip around the text; ``places`` the decimals of ``points``
    (without them a decimal keeps its own). No text at all (null) is shown as a dash.
    """

    text: str | int | Decimal | None = ""
    url: str = ""
    note: str = ""
    strong: bool = False
    mono: bool = False
    tone: Literal["", "neg"] = ""
    chip: str = ""
    points: Decimal | int | str | None = None
    places: int | None = None
    grade: str = ""
    deadline: Deadline | int | None = None
    actions: tuple[Action, ...] = ()


# What a row may be written with: a cell, or the plain text or number of one.
Value: TypeAlias = Cell | str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Sort:
    """The way to the table sorted by a column, and how it is sorted by it now."""

    url: str
    state: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A head. ``num`` sets its numbers right; ``abbr`` is the full wording; ``key`` is what the address sorts it by.

    A column without a label holds what can be done with the row.
    """

    label: str
    num: bool = False
    abbr: str = ""
    key: str = ""
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row; the first one heads it."""

    cells: tuple[Cell, ...]
    selected: bool = False


@dataclass(frozen=True, slots=True)
class PageLink:
    """The way to one page of a table."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table, made by ``table_of``. ``empty`` says why there is no row and what would fill it.

    ``total`` counts the rows of all pages, and is said below the table where it was ``counted``; ``first`` and ``last`` are
    the numbers of the shown ones. ``csv`` and ``xlsx`` lead to the whole table as a file. ``fold`` makes a card of each row on a phone; ``row_heads`` is
    off where the first cell names nothing.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    empty: Empty | str = ""
    foot: tuple[str, ...] = ()
    csv: str = ""
    xlsx: str = ""
    total: int = 0
    counted: bool = False
    first: int = 0
    last: int = 0
    page: int = 1
    pages: tuple[PageLink, ...] = ()
    fold: bool = False
    row_heads: bool = True


def table_of(
    *,
    columns: Iterable[Column | str],
    rows: Iterable[Row | Sequence[Value]],
    caption: str = "",
    empty: Empty | str = "",
    foot: Iterable[str] = (),
    csv: str = "",
    xlsx: str = "",
    total: int | None = None,
    first: int = 0,
    last: int = 0,
    page: int = 1,
    pages: Iterable[PageLink] = (),
    fold: bool = False,
    row_heads: bool = True,
) -> DataTable:
    """The table of ``rows``, in which plain text and numbers are cells and plain words are heads.

    Every table is made here, sorted and paged ones too. A row with more or fewer cells than there are columns is an error.
    """
    heads = tuple(Column(one) if isinstance(one, str) else one for one in columns)
    lines = tuple(one if isinstance(one, Row) else row_of(one) for one in rows)
    if any(len(line.cells) != len(heads) for line in lines):
        raise ValueError(f"a row of {caption or 'a table'} does not have {len(heads)} cells")
    return DataTable(
        columns=heads,
        rows=lines,
        caption=caption,
        empty=empty,
        foot=tuple(foot),
        csv=csv,
        xlsx=xlsx,
        total=len(lines) if total is None else total,
        counted=total is not None,
        first=first,
        last=last,
        page=page,
        pages=tuple(pages),
        fold=fold,
        row_heads=row_heads,
    )


def row_of(values: Iterable[Value], *, selected: bool = False) -> Row:
    """A row in which plain text and numbers are cells. Anything else would be shown as the program writes it, and is an error."""
    return Row(tuple(_cell(one) for one in values), selected)


def _cell(value: Value) -> Cell:
    if isinstance(value, Cell):
        return value
    if value is not None and not isinstance(value, str | int | Decimal):
        raise TypeError(f"no cell is made of a {type(value).__name__}")
    return Cell(value)
