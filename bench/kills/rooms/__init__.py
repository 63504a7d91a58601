"""The rooms of the product, one a file: ``WRITERS`` send its forms, ``STORED`` says what stands of its verbs afterwards.

``SELDOM``: verbs of which a form that changes nothing leaves no line in the audit log. ``OWN_LINES``: effects without a
form of their own, or without a line, which the room compares itself.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Final

from bench.kills.comparing import Compare
from bench.kills.rooms import (
    admin,
    calendar,
    correction,
    evaluation,
    gate,
    inspection,
    jobs,
    ledger,
    materials,
    monitoring,
    plan,
    publication,
    rectification,
    register,
    review,
    rulebooks,
    scoring,
    self_review,
    severe,
    step_back,
    year_walk,
)
from bench.kills.told import Told

ROOMS: Final[tuple[ModuleType, ...]] = (
    gate,
    admin,
    register,
    calendar,
    rulebooks,
    ledger,
    materials,
    jobs,
    monitoring,
    inspection,
    rectification,
    plan,
    evaluation,
    self_review,
    severe,
    review,
    scoring,
    publication,
    correction,
    step_back,
    year_walk,
)


def writers() -> list[tuple[str, Callable[[Told], None]]]:
    """Everybody who writes, each in a thread of the own."""
    return [pair for room in ROOMS for pair in getattr(room, "WRITERS", ())]


def stored() -> dict[str, Compare]:
    """Verb to what stands of it."""
    return {verb: compare for room in ROOMS for verb, compare in getattr(room, "STORED", {}).items()}


def marked(name: str) -> set[str]:
    """The union of one of the rooms' sets of verbs."""
    return {verb for room in ROOMS for verb in getattr(room, name, ())}
