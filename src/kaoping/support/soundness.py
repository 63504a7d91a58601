"""Is a copy of a database whole, and free of what no copy should carry? No Django: backup and restore ask.

Sessions and the counters of the sign-in lock are of use to the running service only; in a copy they would be keys that
open it, and addresses that nobody looks after.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from kaoping.foreign.failures import in_words

NOT_COPIED: Final = (
    "accounts_keptsession",
    "django_session",
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
)
"""Tables whose rows never leave the machine."""
PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700


def trouble_of_sqlite(path: Path) -> str:
    """What SQLite says is wrong with a file, its indexes included; empty when it is sound."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            answers = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
    except sqlite3.Error as error:
        return in_words(error)
    return "" if answers == ["ok"] else unsound(len(answers))


def unsound(found: int) -> str:
    """What to say of a database file whose check found faults; SQLite lists three at most, in English."""
    return f"内部结构不一致，至少 {found} 处"


def strip_sqlite(path: Path) -> None:
    """Take the rows of ``NOT_COPIED`` out of a copy, also from the pages that SQLite keeps for later use."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA secure_delete = ON")
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in NOT_COPIED:
            if table in there:
                connection.execute(f"DELETE FROM {table}")
        connection.execute("VACUUM")


def make_private(folder: Path) -> None:
    """Everything below ``folder``, and the folder, for its owner only."""
    folder.chmod(PRIVATE_FOLDER)
    for path in _all(folder):
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)


def _all(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        yield from (Path(place) / name for name in (*folders, *files))
