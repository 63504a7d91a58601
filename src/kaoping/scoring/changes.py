"""What one ``results.json`` says otherwise than another of the same year: units and items, before and after. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kaoping.scoring.sheet import WrittenLine, WrittenUnit


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item whose points or status changed: its line before and after, null where there was none."""

    code: str
    before: WrittenLine | None
    after: WrittenLine | None


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit whose total, grade, vetoes, gates or items changed. ``before`` and ``after`` are its objects, or null."""

    unit: str
    before: WrittenUnit | None
    after: WrittenUnit | None
    items: tuple[ItemChange, ...]

    @property
    def result_moved(self) -> bool:
        """Whether total or grade changed, not only what leads to them."""
        return _part(self.before, ("exact", "total", "grade")) != _part(
            self.after, ("exact", "total", "grade")
        )

    @property
    def grade_moved(self) -> bool:
        """Whether the grade changed, or the unit came or went."""
        return _part(self.before, ("grade",)) != _part(self.after, ("grade",))


def changed_units(
    before: Iterable[WrittenUnit], after: Iterable[WrittenUnit], items: Collection[str]
) -> list[UnitChange]:
    """Units that differ, in the order of ``after``, then those that ``after`` lacks. ``items`` are the codes compared."""
    old = {one["unit"]: one for one in before}
    new = {one["unit"]: one for one in after}
    made = []
    for code in [*new, *(one for one in old if one not in new)]:
        then, now = old.get(code), new.get(code)
        moved = tuple(_items(then, now, items))
        whole = ("exact", "total", "grade", "vetoes", "gates")
        if moved or _part(then, whole) != _part(now, whole):
            made.append(UnitChange(code, then, now, moved))
    return made


def _items(
    before: WrittenUnit | None, after: WrittenUnit | None, items: Collection[str]
) -> Iterable[ItemChange]:
    none: dict[str, WrittenLine] = {}
    old, new = (one["indicators"] if one else none for one in (before, after))
    for code in items:
        then, now = old.get(code), new.get(code)
        if _part(then, ("exact", "points", "status")) != _part(now, ("exact", "points", "status")):
            yield ItemChange(code, then, now)


def _part(one: WrittenUnit | WrittenLine | None, keys: tuple[str, ...]) -> tuple[object, ...] | None:
    return None if one is None else tuple(one.get(key) for key in keys)
