"""RE2 behind the interface that the rest of the program uses of ``re``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import re2

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_GROUP = re.compile(r"\\([1-9])")  # in a replacement, which our own code writes
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class PatternError(ValueError):
    """A pattern that RE2 cannot hold: look-around, a back reference, a repeat over 1000 or a slip of the pen."""


class Found(Protocol):
    """One place where a pattern stands in a text; offsets count characters."""

    def group(self, *which: int | str) -> Any:
        """The text of the whole place, or of the groups asked for."""

    def groups(self) -> tuple[Any, ...]:
        """The texts of all groups, null where a group took no part."""

    def groupdict(self) -> dict[str, Any]:
        """The texts of the named groups."""

    def start(self, which: int | str = 0) -> int:
        """Where it begins."""

    def end(self, which: int | str = 0) -> int:
        """Where it ends."""

    def span(self, which: int | str = 0) -> tuple[int, int]:
        """Both ends."""

    def __getitem__(self, which: int | str) -> Any: ...


class Pattern:
    r"""A compiled linear pattern.

    ``\d``, ``\s``, ``\w`` and ``\b`` know ASCII only, unlike Python's: write ``[\s\p{Z}]`` where a full-width blank counts
    and ``\p{Nd}`` where any digit does. A lone surrogate, which no UTF-8 can carry, is read as U+FFFD.
    """

    __slots__ = ("_compiled", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        try:
            self._compiled = re2.compile(pattern, _OPTIONS)
        except re2.error as error:
            raise PatternError(f"{pattern!r}: {error}") from None

    def search(self, text: str) -> Found | None:
        """The first place in ``text``."""
        return self._compiled.search(_readable(text))  # type: ignore[no-any-return]

    def match(self, text: str) -> Found | None:
        """The place at the beginning of ``text``."""
        return self._compiled.match(_readable(text))  # type: ignore[no-any-return]

    def fullmatch(self, text: str) -> Found | None:
        """The place that is all of ``text``."""
        return self._compiled.fullmatch(_readable(text))  # type: ignore[no-any-return]

    def finditer(self, text: str) -> Iterator[Found]:
        """All places, from left to right, none overlapping."""
        return self._compiled.finditer(_readable(text))  # type: ignore[no-any-return]

    def findall(self, text: str) -> list[Any]:
        """The texts of all places (of their groups, where the pattern has groups)."""
        return self._compiled.findall(_readable(text))  # type: ignore[no-any-return]

    def sub(self, by: str | Callable[[Found], str], text: str) -> str:
        r"""``text`` with every place replaced by a text, in which ``\1`` to ``\9`` are its groups, or by what a function says."""
        # The library takes the bytes of a text that replaces for Latin-1, so it is only ever given a function.
        chosen = by if callable(by) else _template(by)
        return self._compiled.sub(chosen, _readable(text))  # type: ignore[no-any-return]

    def split(self, text: str, most: int = 0) -> list[str]:
        """What stands between the places, cut ``most`` times at the most (0: everywhere)."""
        return self._compiled.split(_readable(text), most)  # type: ignore[no-any-return]


def linear(pattern: str) -> Pattern:
    """Compile ``pattern`` for text from outside.

    Flags stand inside: ``(?i)`` ignores case, ``(?m)`` lets ``^`` and ``$`` stand at lines, ``(?s)`` lets a dot take a line end.
    Raises ``PatternError`` for what cannot be matched in linear time.
    """
    return Pattern(pattern)


def _template(by: str) -> Callable[[Found], str]:
    """The function that puts groups into a text: an odd piece is the number of a group."""
    pieces = _GROUP.split(by)

    def put(found: Found) -> str:
        return "".join(
            (found.group(int(piece)) or "") if place % 2 else piece for place, piece in enumerate(pieces)
        )

    return put


def _readable(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(_SURROGATES)
    return text
