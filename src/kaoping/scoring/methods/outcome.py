"""What a method answers: points of the item's own maximum, or that it cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator

SCORED, NOT_SCORED, NOT_APPLICABLE = "scored", "not_scored", "not_applicable"
# Whose words may stand in a reason: what they write is written for the record.
_SPOKEN = ("office", "register")


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


def within(item: Indicator, points: Fraction) -> Fraction:
    """``points`` bounded by nothing and the item's maximum."""
    return min(max(points, Fraction(0)), item.max)


def words_of(one: Observation, otherwise: str) -> str:
    """The recorded reason where it may be repeated, else ``otherwise``; words of units and reviewers never leave here."""
    return one.reason if one.reason and one.source in _SPOKEN else otherwise


def number(item: Indicator, name: str, otherwise: str) -> Fraction:
    """A number of the item's settings, exact."""
    return Fraction(str(item.settings.get(name, otherwise)))
