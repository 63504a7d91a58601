"""What a ballot store can do, whichever database holds it, and how one is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from kaoping.evaluation.ballotbox.outbox import OpinionOutbox, SqliteOutbox
from kaoping.evaluation.ballotbox.postgres import PostgresOutbox, PostgresStore
from kaoping.evaluation.ballotbox.records import Arrival, Counted, OpinionRecord, Outcome, Seal, SealedBallot
from kaoping.evaluation.ballotbox.sqlite import SqliteStore
from kaoping.support import environment

BALLOT_FILE: Final = "ballots.sqlite3"
OUTBOX_FILE: Final = "opinions.sqlite3"
URL_SETTING: Final = "KAOPING_BALLOT_DATABASE_URL"


class BallotStore(Protocol):
    """The box. Every write is durable when its call returns. Ballots are never changed or taken out."""

    def add(self, batch: Sequence[Arrival]) -> list[Outcome]:
        """Store a batch in one transaction, each ballot with its opinion or not at all; outcomes in order."""

    def seal(self, poll: str, now: datetime) -> Seal:
        """Close ``poll`` for good and fix its digest; sealing again gives the first seal back."""

    def sealed(self, poll: str) -> Seal | None:
        """The seal of ``poll``, null while it is not sealed."""

    def count(self, poll: str) -> int:
        """How many ballots the box holds for ``poll``: the only figure known before the opening."""

    def ballots(self, poll: str) -> Iterator[SealedBallot]:
        """The ballots in order of receipt. Raises ``NotSealed`` before the seal."""

    def counted(self, receipt: bytes) -> Counted | None:
        """Look up the SHA-256 of a receipt code; null when no such ballot is in the box."""

    def waiting_opinions(self, limit: int) -> list[OpinionRecord]:
        """Opinions not yet forwarded, in no telling order."""

    def drop_opinions(self, ids: Sequence[str]) -> None:
        """Forget opinions that lie safely in the outbox."""

    def close(self) -> None:
        """Release the connection."""


def open_ballot_store(folder: Path | None = None) -> BallotStore:
    """The installation's ballot store: PostgreSQL when its address is set, else a file in the data folder."""
    url = environment.read(URL_SETTING)
    if url:
        return PostgresStore(url)
    return SqliteStore((folder or environment.data_folder()) / BALLOT_FILE)


def open_opinion_outbox(folder: Path | None = None) -> OpinionOutbox:
    """The outbox that the desk reads opinions from."""
    url = environment.read(URL_SETTING)
    if url:
        return PostgresOutbox(url)
    return SqliteOutbox((folder or environment.data_folder()) / OUTBOX_FILE)


def forward_opinions(store: BallotStore, outbox: OpinionOutbox, limit: int = 500) -> int:
    """Move waiting opinions to the outbox, each exactly once even if killed between the steps; returns how
    many.
    """
    waiting = store.waiting_opinions(limit)
    if waiting:
        outbox.put(waiting)
        store.drop_opinions([opinion.id for opinion in waiting])
    return len(waiting)
