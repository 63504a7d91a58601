"""What a method answers: points of the item's own maximum, or that it cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaoping.scoring.observations import Observation

SCORED, NOT_SCORED, NOT_APPLICABLE = "scored", "not_scored", "not_applicable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``points`` lie in the item's own scale; ``used`` are the observations that moved them."""

    status: str
    points: Fraction
    reason: str
    used: tuple[str, ...] = ()


def nothing(reason: str) -> Outcome:
    """Not scored, and why."""
    return Outcome(NOT_SCORED, Fraction(0), reason)


def latest(observations: Sequence[Observation]) -> Observation:
    """The one observed last (recorded last, then by id, when observed together)."""
    return max(observations, key=lambda one: (one.observed_at, one.recorded_at, one.id))


def ids(observations: Sequence[Observation]) -> tuple[str, ...]:
    """Ids in the order of observation."""
    return tuple(
        one.id for one in sorted(observations, key=lambda one: (one.observed_at, one.recorded_at, one.id))
    )
