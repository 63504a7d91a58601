"""A bounded queue that is fair: addresses take turns, and of one address its visitors take turns.

So thousands of requests of one sender never stand before the single one of somebody else, and when the queue is full it
is the one who fills it that is turned away.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from ipaddress import IPv6Network
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Visitor(NamedTuple):
    """Who waits: the client's address, and what tells apart people behind one address (a cookie; may be empty)."""

    address: str
    mark: str = ""


def network_of(address: str) -> str:
    """What of an address is one client: of IPv6 the /64, of which everybody has all addresses."""
    if ":" not in address:
        return address
    try:
        return str(IPv6Network((address, 64), strict=False))
    except ValueError:
        return address


class FairQueue(Generic[T]):
    """At most ``bound`` waiting things."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._waiting: OrderedDict[str, OrderedDict[str, deque[T]]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, visitor: Visitor, item: T) -> T | None:
        """Let ``item`` wait; returns what is turned away for it (perhaps itself), or null while there is room.

        Turned away is the latest of the visitor who has most waiting at the address that has most waiting.
        """
        marks = self._waiting.setdefault(visitor.address, OrderedDict())
        marks.setdefault(visitor.mark, deque()).append(item)
        self._count += 1
        if self._count <= self._bound:
            return None
        address = max(self._waiting, key=lambda one: sum(map(len, self._waiting[one].values())))
        mark = max(self._waiting[address], key=lambda one: len(self._waiting[address][one]))
        return self._out(address, mark, -1)

    def take(self) -> T | None:
        """The next one, or null when nobody waits."""
        if not self._waiting:
            return None
        address = next(iter(self._waiting))
        self._waiting.move_to_end(address)
        marks = self._waiting[address]
        mark = next(iter(marks))
        marks.move_to_end(mark)
        return self._out(address, mark, 0)

    def discard(self, item: T) -> bool:
        """Take out one that no longer waits; false when it is not here."""
        for address, marks in self._waiting.items():
            for mark, line in marks.items():
                if item in line:
                    self._out(address, mark, line.index(item))
                    return True
        return False

    def _out(self, address: str, mark: str, place: int) -> T:
        marks = self._waiting[address]
        line = marks[mark]
        item = line[place]
        del line[place]
        self._count -= 1
        if not line:
            del marks[mark]
        if not marks:
            del self._waiting[address]
        return item
