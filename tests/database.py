"""The empty database of the tests: migrated once, and copied into every process that needs one.

Migrating costs each process several seconds of a processor. The copy is only taken while everything that makes the schema
is as it was; Django still asks, each time, whether a migration is missing.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "kaoping"
NUMBERS = itertools.count()
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


@contextmanager
def databases_of_a_test() -> Iterator[Callable[[str], str]]:
    """``make("a")``: the address of a new empty PostgreSQL database, dropped afterwards; without a server the test is skipped."""
    url = os.environ.get("KAOPING_TEST_POSTGRES")
    if not url:
        pytest.skip("KAOPING_TEST_POSTGRES is not set")
    import psycopg  # noqa: PLC0415 - only where a server is

    made: list[str] = []
    with psycopg.connect(url, autocommit=True) as server:

        def make(name: str) -> str:
            made.append(f"kaoping_fresh_{name}_{os.getpid()}_{next(NUMBERS)}")
            server.execute(f"CREATE DATABASE {made[-1]}")
            return f"{url.rpartition('/')[0]}/{made[-1]}"

        yield make
        for name in made:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
