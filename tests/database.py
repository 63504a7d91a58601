"""The empty database of the tests: migrated once, and copied into every process that needs one.

Migrating costs each process several seconds of a processor. The copy is only taken while everything that makes the schema
is as it was; Django still asks, each time, whether a migration is missing.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[1] / "src" / "kaoping"
APPS_OF_OTHERS = ("django", "django-axes", "django-otp")


def schema_digest() -> str:
    """What the schema depends on: models, migrations, triggers, and the packages that bring tables of their own."""
    digest = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in APPS_OF_OTHERS).encode())
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts or path.name in ("models.py", "append_only.py"):
            digest.update(path.relative_to(SOURCE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def begin_with_copy(connection: Any, folder: Path) -> None:
    """Let the in-memory database of this process begin as a copy of the one kept in ``folder``, or leave one there."""
    creation = connection.creation
    migrate_all = creation.create_test_db

    def create(*args: Any, **named: Any) -> str:
        kept = folder / f"{schema_digest()}.sqlite3"
        with _alone(folder):
            if not kept.is_file():
                made = migrate_all(*args, **named)
                connection.ensure_connection()
                _leave(connection.connection, kept)
                return str(made)
        # Held open until Django has opened it too: a database in memory ends with its last connection.
        with closing(sqlite3.connect(creation._get_test_db_name(), uri=True)) as mine:
            with closing(sqlite3.connect(kept)) as source:
                source.backup(mine)
            return str(migrate_all(*args, **named))

    creation.create_test_db = create


def _leave(made: sqlite3.Connection, kept: Path) -> None:
    half = kept.with_suffix(".half")
    half.unlink(missing_ok=True)
    with closing(sqlite3.connect(half)) as copy:
        made.backup(copy)
    half.replace(kept)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of several processes one migrates, the others wait for what it leaves."""
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
