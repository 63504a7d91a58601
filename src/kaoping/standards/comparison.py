"""How two rubrics differ, item by item. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaoping.arithmetic import plain
from kaoping.scoring.provenance import of_number
from kaoping.scoring.rubric import Indicator, Rubric

FIELDS = (
    "name", "max", "component", "method", "basis", "observed_by", "evidence", "period", "role", "applies_to", "sources",
    "checks", "announced_on", "confidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``kind`` is added, dropped or changed. ``field`` of a setting is ``settings.each``.

    ``before`` and ``after`` are for people; empty means that it is not said. ``before_from`` and ``after_from`` say where a
    number comes from (``scoring.provenance``), and are empty beside what is no number.
    """

    kind: str
    code: str
    field: str = ""
    before: str = ""
    after: str = ""
    before_from: str = ""
    after_from: str = ""


def compare(before: Rubric, after: Rubric) -> list[Change]:
    """Differences in the order of the newer rubric; dropped items last."""
    old = {node.code: node for node in before.walk()}
    new = {node.code: node for node in after.walk()}
    changes: list[Change] = []
    for code, node in new.items():
        if code not in old:
            changes.append(Change("added", code, after=node.name))
        else:
            changes += _fields(old[code], node)
    return [
        *changes,
        *(Change("dropped", code, before=node.name) for code, node in old.items() if code not in new),
    ]


def _fields(old: Indicator, new: Indicator) -> list[Change]:
    found = [
        _number(old, new, field, _words(getattr(old, field)), _words(getattr(new, field)))
        if field == "max"
        else Change("changed", new.code, field, _words(getattr(old, field)), _words(getattr(new, field)))
        for field in FIELDS
        if getattr(old, field) != getattr(new, field)
    ]
    for key in dict.fromkeys((*old.settings, *new.settings)):
        before, after = (_words(node.settings.get(key)) for node in (old, new))
        if before != after:
            found.append(_number(old, new, f"settings.{key}", before, after))
    if old.levels != new.levels:
        found.append(_number(old, new, "levels", _levels(old), _levels(new)))
    return found


def _number(old: Indicator, new: Indicator, field: str, before: str, after: str) -> Change:
    """A difference of numbers, each with where it comes from; words among the settings come from nowhere."""
    sources = (
        of_number(node) if any(map(str.isdigit, text)) else "" for node, text in ((old, before), (new, after))
    )
    return Change("changed", new.code, field, before, after, *sources)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, Mapping):
        return "；".join(f"{key} {_words(one)}" for key, one in value.items())
    if isinstance(value, tuple | list):
        return "、".join(_words(one) for one in value)
    return str(value)


def _levels(node: Indicator) -> str:
    return "、".join(f"{level.name} {plain(level.share)}" for level in node.levels)
