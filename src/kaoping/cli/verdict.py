"""What ``kaoping doctor`` says of one thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing looked at: ``state`` is good, warn or bad."""

    what: str
    state: str
    says: str
    remedy: str | None = None
