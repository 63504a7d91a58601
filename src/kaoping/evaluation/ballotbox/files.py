"""SQLite as the box needs it: durable at every commit, deleted means overwritten, readable by the owner
only.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

BUSY_SECONDS: Final = 30


def connect(
    path: Path, schema: str, prepare: Callable[[sqlite3.Connection], None] = lambda _connection: None
) -> sqlite3.Connection:
    """Open the file at ``path`` and prepare it, or leave nothing open; transactions are begun by ``write`` only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    with ExitStack() as opened:
        opened.callback(connection.close)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(schema)
        prepare(connection)
        opened.pop_all()
    return connection


@contextmanager
def write(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction: the lock is taken at its start, and all of it is undone when the block fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
