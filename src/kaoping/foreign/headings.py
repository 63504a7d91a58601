"""Where the row of column names stands in a table that an office made: titles, units of count and notes may be above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

_ABOVE: Final = 20


def find_heading(
    lines: Sequence[tuple[int, Sequence[Any]]], known: Mapping[str, str], needed: Sequence[str]
) -> tuple[int, list[str]]:
    """Where in ``lines`` the row of column names stands, and the names in it, those ``known`` by their field.

    The first row that has all that is ``needed``; otherwise the one that has most of what is known, so that what is missing
    can be said of it; without any, the first.
    """
    best, most = 0, 0
    for index, (_number, cells) in enumerate(lines[:_ABOVE]):
        names = _names(cells, known)
        if all(name in names for name in needed):
            return index, names
        found = len({name for name in names if name in known.values()})
        if found > most:
            best, most = index, found
    return best, _names(lines[best][1], known)


def _names(cells: Sequence[Any], known: Mapping[str, str]) -> list[str]:
    texts = ("".join(str(cell).split()) if cell is not None else "" for cell in cells)
    return [known.get(text, text) for text in texts]
