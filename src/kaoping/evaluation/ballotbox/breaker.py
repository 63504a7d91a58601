"""Is the intake there? Known once for the whole process, so that not every citizen has to find out by waiting.

Closed: ballots go through. Open: they are refused at once, in words. After a pause one request asks first whether the
intake lives (half open); when it does, ballots go through again. Pure: whoever uses it brings the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CLOSED: Final = "closed"
ASK_FIRST: Final = "ask first"
REFUSE: Final = "refuse"
PAUSE_SECONDS: Final = 1.0
# An asker that never said what came of it is not waited for longer than this.
ASKING_SECONDS: Final = 2.0


@dataclass
class Breaker:
    """State of one intake. Every method is short; the caller holds a lock around it."""

    opened_at: float | None = None
    asked_at: float | None = None

    def before(self, now: float) -> str:
        """What a request has to do: go through, ask first whether the intake lives, or be refused at once."""
        if self.opened_at is None:
            return CLOSED
        if self.asked_at is not None and now - self.asked_at < ASKING_SECONDS:
            return REFUSE
        if now - self.opened_at < PAUSE_SECONDS:
            return REFUSE
        self.asked_at = now
        return ASK_FIRST

    def failed(self, now: float) -> None:
        """The intake did not answer: open, or stay open for another pause."""
        self.opened_at, self.asked_at = now, None

    def answered(self) -> None:
        """The intake lives."""
        self.opened_at = self.asked_at = None
