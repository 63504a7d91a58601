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

    The first row that has all that is ``needed``; otherwise the one that has most of what is known, so that what is missing
    can be said of it; without any, the first.
    """
    best, most = 0, 0
    for index, (_number, cells) in enumerate(lines[:ABOVE]):
        names = names_of(cells, known)
        if needed and all(name in names for name in needed):
            return index, names
        found = known_in(names, known)
        if found > most:
            best, most = index, found
    return best, names_of(lines[best][1], known)


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
