"""The ballot box in a SQLite file of its own.

Tables have no row numbers and are kept in order of random keys, so that the order of rows tells nothing about
who came when. Triggers refuse to change or remove a ballot, and to add one to a sealed poll. Checksums stand in a table
of their own: those of ballots from before are added without touching a ballot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from kaoping.evaluation.ballotbox.checksums import checksum
from kaoping.evaluation.ballotbox.files import connect, write
from kaoping.evaluation.ballotbox.outbox import read_opinions
from kaoping.evaluation.ballotbox.records import (
    Arrival,
    Counted,
    NotSealed,
    OpinionRecord,
    Outcome,
    Seal,
    SealedBallot,
)
from kaoping.evaluation.ballotbox.sealing import seal_digest

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS ballot (
    receipt BLOB PRIMARY KEY CHECK (length(receipt) = 32),
    poll TEXT NOT NULL,
    payload BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS opinion (
    id TEXT PRIMARY KEY,
    poll TEXT NOT NULL,
    unit TEXT NOT NULL,
    text TEXT NOT NULL,
    day TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seal (
    poll TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    count INTEGER NOT NULL,
    sealed_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS ballot_unchanged BEFORE UPDATE ON ballot
    BEGIN SELECT RAISE(ABORT, 'a ballot is never changed'); END;
CREATE TRIGGER IF NOT EXISTS ballot_kept BEFORE DELETE ON ballot
    BEGIN SELECT RAISE(ABORT, 'a ballot is never removed'); END;
CREATE TRIGGER IF NOT EXISTS ballot_in_time BEFORE INSERT ON ballot
    WHEN EXISTS (SELECT 1 FROM seal WHERE seal.poll = NEW.poll)
    BEGIN SELECT RAISE(ABORT, 'the poll is sealed'); END;
CREATE TRIGGER IF NOT EXISTS seal_unchanged BEFORE UPDATE ON seal
    BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER IF NOT EXISTS seal_kept BEFORE DELETE ON seal
    BEGIN SELECT RAISE(ABORT, 'a seal is never removed'); END;
"""
_CHECKSUMS: Final = (
    "CREATE TABLE checksum (receipt BLOB PRIMARY KEY, sum BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TRIGGER checksum_unchanged BEFORE UPDATE ON checksum"
    " BEGIN SELECT RAISE(ABORT, 'a checksum is never changed'); END",
    "CREATE TRIGGER checksum_kept BEFORE DELETE ON checksum"
    " BEGIN SELECT RAISE(ABORT, 'a checksum is never removed'); END",
)


def has_checksums(connection: Connection) -> bool:
    """Whether this box was opened for writing since ballots have checksums."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'checksum'"
    return connection.execute(query).fetchone() is not None


def damaged(connection: Connection) -> dict[str, int]:
    """How many ballots of each poll are not as they were handed in; those that are gone stand under ``?``."""
    found: dict[str, int] = {}
    query = "SELECT receipt, poll, payload, sum FROM ballot LEFT JOIN checksum USING (receipt)"
    with closing(connection.execute(query)) as rows:
        for receipt, poll, payload, stored in rows:
            # Tampered rows may hold other types than the program writes.
            sound = isinstance(payload, bytes) and checksum(receipt, str(poll), payload) == stored
            if not sound:
                found[str(poll)] = found.get(str(poll), 0) + 1
    gone = "SELECT count(*) FROM checksum WHERE receipt NOT IN (SELECT receipt FROM ballot)"
    (count,) = connection.execute(gone).fetchone()
    return {**found, "?": count} if count else found


def _add_checksums(connection: Connection) -> None:
    """Once, for a box from before: each ballot as it lies there gets its checksum."""
    if has_checksums(connection):
        return
    with write(connection):
        if has_checksums(connection):  # another process was faster
            return
        for statement in _CHECKSUMS:
            connection.execute(statement)
        connection.create_function("ballot_checksum", 3, checksum, deterministic=True)
        connection.execute(
            "INSERT INTO checksum SELECT receipt, ballot_checksum(receipt, poll, payload) FROM ballot"
        )


class SqliteStore:
    """``BallotStore`` in one file. One process writes; others may read and seal."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, _SCHEMA, _add_checksums)

    def add(self, batch: Sequence[Arrival]) -> list[Outcome]:
        """See ``BallotStore``."""
        with write(self._connection):
            return [self._add(arrival) for arrival in batch]

    def _add(self, arrival: Arrival) -> Outcome:
        if self.counted(arrival.receipt) is not None:
            return Outcome.REPEATED
        if self.sealed(arrival.poll) is not None:
            return Outcome.SEALED
        self._connection.execute(
            "INSERT INTO ballot (receipt, poll, payload) VALUES (?, ?, ?)",
            (arrival.receipt, arrival.poll, arrival.payload),
        )
        self._connection.execute(
            "INSERT INTO checksum (receipt, sum) VALUES (?, ?)",
            (arrival.receipt, checksum(arrival.receipt, arrival.poll, arrival.payload)),
        )
        opinion = arrival.opinion
        if opinion is not None:
            self._connection.execute(
                "INSERT INTO opinion (id, poll, unit, text, day) VALUES (?, ?, ?, ?, ?)",
                (opinion.id, opinion.poll, opinion.unit, opinion.text, opinion.day.isoformat()),
            )
        return Outcome.STORED

    def seal(self, poll: str, now: datetime) -> Seal:
        """See ``BallotStore``."""
        with write(self._connection):
            found = self.sealed(poll)
            if found is None:
                digest, count = seal_digest(self._ballots(poll))
                found = Seal(poll, digest, count, now.astimezone(UTC))
                self._connection.execute(
                    "INSERT INTO seal (poll, digest, count, sealed_at) VALUES (?, ?, ?, ?)",
                    (poll, digest, count, found.sealed_at.isoformat()),
                )
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return found

    def sealed(self, poll: str) -> Seal | None:
        """See ``BallotStore``."""
        query = "SELECT digest, count, sealed_at FROM seal WHERE poll = ?"
        row = self._connection.execute(query, (poll,)).fetchone()
        return Seal(poll, row[0], row[1], datetime.fromisoformat(row[2])) if row else None

    def count(self, poll: str) -> int:
        """See ``BallotStore``."""
        query = "SELECT count(*) FROM ballot WHERE poll = ?"
        return int(self._connection.execute(query, (poll,)).fetchone()[0])

    def ballots(self, poll: str) -> Iterator[SealedBallot]:
        """See ``BallotStore``."""
        if self.sealed(poll) is None:
            raise NotSealed(poll)
        return self._ballots(poll)

    def _ballots(self, poll: str) -> Iterator[SealedBallot]:
        query = "SELECT receipt, payload FROM ballot WHERE poll = ? ORDER BY receipt"
        with closing(self._connection.execute(query, (poll,))) as rows:
            for receipt, payload in rows:
                yield SealedBallot(receipt, payload)

    def damaged(self) -> dict[str, int]:
        """See ``BallotStore``."""
        return damaged(self._connection)

    def counted(self, receipt: bytes) -> Counted | None:
        """See ``BallotStore``."""
        query = "SELECT poll FROM ballot WHERE receipt = ?"
        row = self._connection.execute(query, (receipt,)).fetchone()
        return Counted(row[0], self.sealed(row[0]) is not None) if row else None

    def waiting_opinions(self, limit: int) -> list[OpinionRecord]:
        """See ``BallotStore``."""
        query = "SELECT id, poll, unit, text, day FROM opinion ORDER BY id LIMIT ?"
        return read_opinions(self._connection, query, limit)

    def drop_opinions(self, ids: Sequence[str]) -> None:
        """See ``BallotStore``."""
        with write(self._connection) as connection:
            connection.executemany("DELETE FROM opinion WHERE id = ?", [(one,) for one in ids])

    def close(self) -> None:
        """See ``BallotStore``."""
        self._connection.close()
