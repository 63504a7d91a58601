"""Rows that stay in the database until a page asks for a part of them, each answered as a frozen row and never as the table's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")
_Stored = TypeVar("_Stored")
# Of a whole list that is written into a file.
_AT_ONCE: Final = 2000


class Rows(Generic[Row]):
    """What a query answers where a screen shows a page of many: counted, cut and read, each as what ``read`` makes of it.

    Nobody above a query can filter, order or write what stands behind it; a screen asks for what it shows, by name.
    """

    def __init__(self, stored: QuerySet[Any, _Stored], read: Callable[[_Stored], Row]) -> None:
        self._stored: QuerySet[Any, Any] = stored
        self._read: Callable[[Any], Row] = read

    def count(self) -> int:
        """How many there are. One query."""
        return self._stored.count()

    def __getitem__(self, part: slice, /) -> list[Row]:
        """These, in the order of the query. One query."""
        return [self._read(one) for one in self._stored[part]]

    def __iter__(self) -> Iterator[Row]:
        """All of them, some thousand at a time: a list written into a file is never in memory as a whole."""
        return (self._read(one) for one in self._stored.iterator(chunk_size=_AT_ONCE))
