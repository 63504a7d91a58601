"""Decisions about background jobs: leases, attempts, workers that are gone, and how long a finished row is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

# A worker holds a job for LEASE and renews it every RENEW_EVERY while the job runs; a worker that was killed renews
# nothing. Three renewals may fail before anybody else takes the job.
LEASE: Final = timedelta(seconds=60)
RENEW_EVERY: Final = timedelta(seconds=15)

MAX_ATTEMPTS: Final = 5
RETRY_AFTER: Final = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))

KEEP_TICKS: Final = timedelta(days=7)
"""How long the row of a job that comes again and again stays after it was done."""
KEEP_DONE: Final = timedelta(days=400)
"""How long the row of any other finished job stays: the year that is assessed, and its appeals."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A worker as it signs the jobs it holds.

    ``place`` is where ``pid`` means anything: one boot of one kernel, one PID namespace; empty when that is not known.
    ``begun`` tells two processes apart that had the same pid one after the other.
    """

    host: str
    place: str
    pid: int
    begun: str

    def text(self) -> str:
        """The signature, at most 80 characters."""
        return f"{self.host[:30]} {self.place[:16]} {self.pid} {self.begun[:20]}"


def read_holder(text: str) -> Holder | None:
    """The holder who signed, or null when the signature says too little to ask after the process."""
    parts = text.split(" ")
    if len(parts) != 4 or not parts[1] or not parts[2].isdecimal() or not parts[3]:
        return None
    return Holder(parts[0], parts[1], int(parts[2]), parts[3])


def surely_gone(holder: Holder, here: str, begun: str | None) -> bool:
    """Whether the holder is known to be dead. ``here`` is the asker's place.

    ``begun``: when the process that has the holder's pid now began; null: there is none; empty: it cannot be told.
    Elsewhere, or when in doubt, never: then the lease decides.
    """
    if not here or holder.place != here:
        return False
    return begun is None or (begun != "" and begun != holder.begun)


@dataclass(frozen=True, slots=True)
class Again:
    """What becomes of a job that failed: tried again at ``due_at``, or given up when that is null."""

    due_at: datetime | None

    @property
    def state(self) -> str:
        """The job's next state."""
        return FAILED if self.due_at is None else WAITING


def after_failure(attempts: int, now: datetime) -> Again:
    """The ``attempts``-th attempt (from 1) failed at ``now``."""
    if attempts >= MAX_ATTEMPTS:
        return Again(None)
    return Again(now + RETRY_AFTER[min(max(attempts, 1), len(RETRY_AFTER)) - 1])


def taken_too_often(attempts: int) -> bool:
    """Whether a job's workers vanished so often in the middle of it that it is not tried once more."""
    return attempts > MAX_ATTEMPTS


def keep_for(name: str, *, ticking: Collection[str], proofs: Collection[str]) -> timedelta | None:
    """How long the row of a done job stays; null: always, because it proves that a promise to somebody was kept."""
    if name in proofs:
        return None
    return KEEP_TICKS if name in ticking else KEEP_DONE


CLOCK_JUMP: Final = timedelta(minutes=10)
"""How far wall time and the machine's own count may part, and how long nobody may have looked, before a person is asked."""
FORWARD, BACK, STOPPED = "forward", "back", "stopped"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the clock: wall time, the machine's own count in seconds (never set by anybody), and where it counts.

    ``place`` is one boot of one machine (``Holder.place``); counts of two places say nothing about each other.
    """

    wall: datetime
    monotonic: float
    place: str


@dataclass(frozen=True, slots=True)
class Jump:
    """What is odd between two looks: the clock was set ``forward`` or ``back`` by so many seconds, or nobody looked for so long."""

    kind: str
    seconds: int


def jump_between(before: Look | None, now: Look) -> Jump | None:
    """Whether the clock can be trusted for what cannot be undone; null when it can.

    Back by any amount is a jump. Between two looks of one boot the machine's own count tells how much time really
    passed. A time without looks cannot be vouched for, however well the figures agree.
    """
    if before is None:
        return None
    passed = (now.wall - before.wall).total_seconds()
    if passed < 0:
        return Jump(BACK, round(-passed))
    most = CLOCK_JUMP.total_seconds()
    counted = now.monotonic - before.monotonic
    if now.place and now.place == before.place and counted >= 0 and abs(passed - counted) > most:
        return Jump(FORWARD if passed > counted else BACK, round(abs(passed - counted)))
    return Jump(STOPPED, round(passed)) if passed > most else None
