"""The opinions outbox: what the office reads at once, apart from the ballots."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from kaoping.evaluation.ballotbox.files import connect, write
from kaoping.evaluation.ballotbox.records import OpinionRecord

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS opinion (
    id TEXT PRIMARY KEY,
    poll TEXT NOT NULL,
    unit TEXT NOT NULL,
    text TEXT NOT NULL,
    day TEXT NOT NULL,
    collected INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""


class OpinionOutbox(Protocol):
    """Opinions on their way to the desk; ids stay for ever, so that none is delivered twice."""

    def put(self, opinions: Sequence[OpinionRecord]) -> None:
        """Keep opinions durably; one whose id is known is ignored."""

    def waiting(self, limit: int) -> list[OpinionRecord]:
        """Opinions that the desk has not collected yet."""

    def mark_collected(self, ids: Sequence[str]) -> None:
        """The desk has them: their ids stay, their words go."""

    def close(self) -> None:
        """Release the connection."""


class SqliteOutbox:
    """The outbox in a file of its own."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, _SCHEMA)

    def put(self, opinions: Sequence[OpinionRecord]) -> None:
        """See ``OpinionOutbox``."""
        with write(self._connection) as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO opinion (id, poll, unit, text, day) VALUES (?, ?, ?, ?, ?)",
                [(one.id, one.poll, one.unit, one.text, one.day.isoformat()) for one in opinions],
            )

    def waiting(self, limit: int) -> list[OpinionRecord]:
        """See ``OpinionOutbox``."""
        query = "SELECT id, poll, unit, text, day FROM opinion WHERE collected = 0 ORDER BY id LIMIT ?"
        return read_opinions(self._connection, query, limit)

    def mark_collected(self, ids: Sequence[str]) -> None:
        """See ``OpinionOutbox``."""
        with write(self._connection) as connection:
            connection.executemany(
                "UPDATE opinion SET collected = 1, text = '' WHERE id = ?", [(one,) for one in ids]
            )

    def close(self) -> None:
        """See ``OpinionOutbox``."""
        self._connection.close()


def read_opinions(connection: sqlite3.Connection, query: str, limit: int) -> list[OpinionRecord]:
    """Rows of (id, poll, unit, text, day) as records."""
    with closing(connection.execute(query, (limit,))) as rows:
        return [OpinionRecord(row[0], row[1], row[2], row[3], date.fromisoformat(row[4])) for row in rows]
