"""Where the row of column names stands in a table that an office made: titles, units of count and notes may be above it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from kaoping.foreign.width import half_width

ABOVE: Final = 20


def find_heading(
    lines: Sequence[tuple[int, Sequence[Any]]], known: Mapping[str, str], needed: Collection[str]
) -> tuple[int, list[str]]:
    """Where in ``lines`` the row of column names stands, and the names in it, those ``known`` by their key.

    Of the rows that have all that is ``needed`` the one with most of what is known: a heading over two rows, some of its cells
    merged over both, says in the lower one what the upper one sums up. Without such a row the one with most of what is known,
    so that what is missing can be said of it; without any, the first.
    """
    tops = [names_of(cells, known) for _number, cells in lines[:ABOVE]]

    def fits(index: int) -> tuple[bool, int]:
        return all(name in tops[index] for name in needed), known_in(tops[index], known)

    best = max(range(len(tops)), key=fits)
    return best, tops[best]


def known_in(names: Collection[str], known: Mapping[str, str]) -> int:
    """How many of the columns that are known stand in a row of names."""
    return len(set(names) & set(known.values()))


def names_of(cells: Sequence[Any], known: Mapping[str, str]) -> list[str]:
    """The names in a row, those that are known by their key.

    A Chinese keyboard writes letters in full width, and people write Code for code: so is a name read that is not there as it
    is declared. Blanks and breaks inside a name are no part of it.
    """
    texts = [heading_of(cell) for cell in cells]
    exact = {known[text] for text in texts if text in known}
    loose = {half_width(name).lower(): key for name, key in known.items() if key not in exact}
    return [known.get(text) or loose.get(half_width(text).lower(), text) for text in texts]


def heading_of(cell: Any) -> str:
    """A name as it is compared."""
    return "".join(str(cell).split()) if cell is not None else ""
