"""What was acknowledged, compared with what is stored. Every room says what stands of its verbs in these words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.installation import late
from bench.kills.told import Told


@dataclass(frozen=True, slots=True)
class Found:
    """What stands of one verb, and what of it is missing or there too often."""

    stored: int
    lost: int = 0
    doubled: int = 0

    def and_also(self, other: Found) -> Found:
        """Two effects of one verb; what stands is counted by the first."""
        return Found(self.stored, self.lost + other.lost, self.doubled + other.doubled)


Compare = Callable[[Told], Found]


def each_once(wanted: Iterable[Hashable], stored: Mapping[Any, int]) -> Found:
    """Every key exactly once, and nothing that nobody was told of (every form is sent until it is answered)."""
    keys = set(wanted)
    there = sum(1 for key in keys if stored.get(key))
    total = sum(stored.values())
    return Found(total, len(keys) - there, total - there)


def each_sending(told: Told, verb: str, stored: int) -> Found:
    """For acts that are another one each time the form is sent: none lost, and no more than were sent."""
    least = told.acts[verb]
    return Found(stored, max(0, least - stored), max(0, stored - least - told.unanswered[verb]))


def last_stands(wanted: Mapping[Any, Any], stored: Mapping[Any, Any]) -> Found:
    """For facts that the latest form replaces: what stands is what was acknowledged last."""
    right = sum(1 for key, value in wanted.items() if key in stored and stored[key] == value)
    return Found(right, len(wanted) - right)


def no_more(count: int) -> Found:
    """Effects beside the counted ones that must not be there."""
    return Found(0, doubled=count)


def none_missing(count: int) -> Found:
    """Effects beside the counted ones that must not be missing."""
    return Found(0, lost=count)


def audit(verb: str) -> Any:
    """The lines of the audit log of one verb, refusals left out."""
    return late("kaoping.accounts.models").AuditEntry.objects.filter(verb=verb, refused=False)


def audit_counts() -> Counter[str]:
    """How many lines each verb has."""
    entries = late("kaoping.accounts.models").AuditEntry.objects.filter(refused=False)
    return Counter(entries.values_list("verb", flat=True))


def lines_of(told: Told, verb: str, written: int, *, seldom: bool) -> Found:
    """The log has a line for each acknowledged form, and no more than were sent.

    ``seldom``: a form that changes nothing of what stands leaves no line.
    """
    least = 0 if seldom else told.acts[verb]
    most = told.acts[verb] + told.unanswered[verb]
    return Found(written, max(0, least - written), max(0, written - most))
