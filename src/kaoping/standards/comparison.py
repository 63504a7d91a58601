"""How two rubrics differ, item by item. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kaoping.scoring.rubric import Indicator, Rubric

FIELDS = (
    "name", "max", "component", "method", "basis", "observed_by", "evidence", "period", "role", "applies_to", "sources",
    "checks", "announced_on", "confidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``kind`` is added, dropped or changed."""

    kind: str
    code: str
    field: str = ""
    before: str = ""
    after: str = ""


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
        Change("changed", new.code, field, str(getattr(old, field)), str(getattr(new, field)))
        for field in FIELDS
        if getattr(old, field) != getattr(new, field)
    ]
    if dict(old.settings) != dict(new.settings):
        found.append(
            Change("changed", new.code, "settings", str(dict(old.settings)), str(dict(new.settings)))
        )
    if old.levels != new.levels:
        found.append(Change("changed", new.code, "levels", _levels(old), _levels(new)))
    return found


def _levels(node: Indicator) -> str:
    return "、".join(f"{level.name} {level.share}" for level in node.levels)
