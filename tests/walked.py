"""A walk that many tests begin with is walked once in each process; the others begin with the rows and files that it left.

Only from a state in which every row, every file name and the clock are the same as before the first walk. Everywhere else
(tests with transactions of their own) the walk is walked each time.
"""

from __future__ import annotations

import copy
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection

from kaoping.support import clock

Result = TypeVar("Result")
Rows = dict[str, list[tuple[Any, ...]]]

# What every empty database holds: the same in all of them.
OF_THE_SCHEMA = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass
class Left:
    """What a walk left: its rows, its files, and what it gave back."""

    rows: Rows
    files: Path
    result: Any


KEPT: dict[str, Left] = {}


def once(name: str, known: tuple[Any, ...], walk: Callable[[], Result], *, of: Any = None) -> Result:
    """What ``walk`` gives, walked or as it was the first time that it was walked from here.

    ``known`` is what the walk depends on besides rows, files and clock: its ``repr`` is compared. ``of`` is the thing that
    walks; a clock that follows it is the same clock.
    """
    told = _clock(of)
    if told is None or not _alone():
        return walk()
    state = repr((name, known, told, rows(), _names(_folder())))
    key = hashlib.sha256(state.encode()).hexdigest()
    if key not in KEPT:
        result = walk()
        KEPT[key] = Left(rows(), _copied(_folder(), Path(tempfile.mkdtemp())), copy.deepcopy(result))
        return result
    left = KEPT[key]
    _ENGINES[connection.vendor].put(left.rows)
    _copied(left.files, _folder())
    kept: Result = copy.deepcopy(left.result)
    return kept


def rows() -> Rows:
    """Everything that stands in the database, as its engine writes it, and the number that each table goes on from."""
    return _ENGINES[connection.vendor].rows()


def ids_begin_again() -> None:
    """On PostgreSQL: the next row of each empty table is number one. A transaction gives rows back, not their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I', sequencename)::regclass, 1, false) FROM pg_sequences"
            " WHERE schemaname = 'public' AND last_value IS NOT NULL AND NOT sequencename = ANY(%s)",
            [[f"{table}_id_seq" for table in OF_THE_SCHEMA]],
        )


class _SQLite:
    """Rows as tuples of what SQLite holds."""

    def rows(self) -> Rows:
        with connection.cursor() as cursor:
            names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            tables = [name for (name,) in cursor.execute(names).fetchall() if name not in OF_THE_SCHEMA]
            return {
                name: found for name in tables if (found := cursor.execute(_every_column(name)).fetchall())
            }

    def put(self, kept: Rows) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
            cursor.execute("BEGIN")
            cursor.execute("DELETE FROM sqlite_sequence")
            for table, found in kept.items():
                marks = ", ".join(["%s"] * len(found[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', found)


class _PostgreSQL:
    """Rows as lines of ``COPY``; the server checks what they refer to when the transaction asks it to."""

    SEQUENCES = "pg_sequences"

    def rows(self) -> Rows:
        with connection.cursor() as cursor:
            found = {name: self._lines(cursor, name) for name in self._filled(cursor)}
            cursor.execute(
                "SELECT sequencename, last_value FROM pg_sequences"
                " WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1"
            )
            return found | {self.SEQUENCES: cursor.fetchall()}

    def _filled(self, cursor: Any) -> list[str]:
        tables = sorted(set(connection.introspection.table_names(cursor)) - OF_THE_SCHEMA)
        asked = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
        )
        cursor.execute(asked)
        return sorted(name for (name,) in cursor.fetchall())

    def _lines(self, cursor: Any, table: str) -> list[tuple[Any, ...]]:
        with cursor.copy(f'COPY "{table}" TO STDOUT') as copied:
            return [(line,) for line in sorted(b"".join(copied).splitlines(keepends=True))]

    def put(self, kept: Rows) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
            for table, lines in kept.items():
                if table != self.SEQUENCES:
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as copied:
                        copied.write(b"".join(line for (line,) in lines))
            for name, last in kept[self.SEQUENCES]:
                cursor.execute("SELECT setval(format('%%I', %s::text)::regclass, %s)", [name, last])


_ENGINES: dict[str, Any] = {"sqlite": _SQLite(), "postgresql": _PostgreSQL()}


def _every_column(table: str) -> str:
    """A question for the values themselves: behind a plus they have no declared type to be converted by."""
    if table not in COLUMNS:
        with connection.cursor() as cursor:
            described = cursor.execute(f'PRAGMA table_info("{table}")').fetchall() or [
                (0, "name"),
                (0, "seq"),
            ]
        COLUMNS[table] = ", ".join(f'+"{one[1]}"' for one in described)
    return f'SELECT {COLUMNS[table]} FROM "{table}" ORDER BY rowid'


COLUMNS: dict[str, str] = {}


def _alone() -> bool:
    """Whether this is the one transaction that a test is given, and no act is under way in it."""
    return len(connection.atomic_blocks) == 1


def _clock(of: Any) -> Any:
    """What the clock's door will say during the walk, or null when nothing here can tell."""
    door = clock.now
    held = [cell.cell_contents for cell in door.__closure__ or ()]
    if door.__module__ == clock.__name__ or not all(one is of or isinstance(one, datetime) for one in held):
        return None
    return (door.__code__.co_filename, door.__code__.co_firstlineno, [one for one in held if one is not of])


def _folder() -> Path:
    return Path(settings.KAOPING_FILES)


def _names(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*")) if folder.is_dir() else []


def _copied(source: Path, to: Path) -> Path:
    if source.is_dir():
        shutil.copytree(source, to, dirs_exist_ok=True)
    return to
