"""What a table is to hold: its columns, what they are called, how their cells are read, what is said of a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

Kind: TypeAlias = Literal["text", "code", "date", "instant", "number", "choice", "yes-no"]

YES_NO: Final[Mapping[str, bool]] = {
    "yes": True,
    "no": False,
    "是": True,
    "否": False,
    "true": True,
    "false": False,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. The first of ``headings`` is how it is called in what is said; a file may use any of them.

    ``required``: the table is not read without it. ``filled``: none of its cells may be empty; otherwise an empty cell
    reads as ``empty``. ``remedy`` says what to write, with full stop; each kind has words of its own for where it is
    missing. ``most`` is the longest text, 0 for any length. ``lines``: a long text, in which breaks of lines may stand.
    ``exact``: a day in the one form 2025-01-31, for what this program writes itself.
    ``words`` maps what may be chosen, or said for yes and no, to its value. ``refusal`` says of a value that could be read
    why it does not do, without full stop.
    """

    key: str
    headings: tuple[str, ...]
    kind: Kind = "text"
    required: bool = False
    filled: bool = False
    remedy: str = ""
    most: int = 0
    lines: bool = False
    exact: bool = False
    empty: Any = ""
    words: Mapping[str, Any] = field(default_factory=dict)
    refusal: Callable[[Any], str | None] | None = None

    @property
    def heading(self) -> str:
        """How the column is called."""
        return self.headings[0]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of table. ``row`` says what a row is (每行写一个单位), for the words about a table without any; '' where there
    need be none.

    ``unknown`` says what becomes of a column that is not declared, null when the table is refused for it. ``beside``: words
    under no heading are passed over and named, as somebody's remarks at the side; otherwise they are a fault, since they
    may be a cell that was shifted. ``loose_ends``: empty cells beyond the last heading are no fault. ``most_rows`` is 0 when
    only the reader of the file sets a limit.
    """

    name: str
    columns: tuple[Column, ...]
    row: str
    unknown: str | None = "没有读"
    beside: bool = False
    loose_ends: bool = False
    most_rows: int = 0

    def column(self, key: str) -> Column:
        """The column of this key. Raises ``KeyError``."""
        for one in self.columns:
            if one.key == key:
                return one
        raise KeyError(key)

    @property
    def headings(self) -> dict[str, str]:
        """Every accepted heading with the key of its column."""
        return {heading: one.key for one in self.columns for heading in one.headings}

    @property
    def required(self) -> tuple[str, ...]:
        """The keys of the columns without which nothing is read."""
        return tuple(one.key for one in self.columns if one.required)
