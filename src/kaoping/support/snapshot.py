"""One consistent point of several databases while the service runs.

All writers are held for an instant (write locks), a read snapshot is opened on each database, the locks are let go, and
the copies are made from the snapshots. On PostgreSQL the snapshot is exported and handed to ``pg_dump``; its locks are
only taken when all are free, so that a backup never stands in a circle of waiting with the service.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kaoping.foreign.failures import of_server
from kaoping.support import clock
from kaoping.support.environment import DatabaseUrl
from kaoping.support.soundness import NOT_COPIED, strip_sqlite, trouble_of_sqlite

LOCK_SECONDS: Final = 30.0
_PAUSE: Final = 0.02
_OWN: Final = "nspname !~ '^pg_' AND nspname <> 'information_schema'"


class SnapshotError(RuntimeError):
    """A copy cannot be made; the message says what is missing and what to install or change."""


class DamagedCopy(RuntimeError):
    """The database itself is damaged, so its copy is worth nothing; the message says where."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One database and the file that its copy goes to."""

    source: DatabaseUrl
    target: Path


def copy_all(copies: Sequence[Copy], *, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Copy every database as of one common instant; ``meanwhile`` runs while all writers are held and must be quick.

    Every copy is read through and holds no sessions. Raises ``SnapshotError`` and ``DamagedCopy``.
    """
    with ExitStack() as locks, ExitStack() as readers:
        sqlite = [one for one in copies if one.source.engine == "sqlite"]
        postgres = [one for one in copies if one.source.engine != "sqlite"]
        for one in postgres:
            _lock_tables(one.source, locks)
        for one in sqlite:
            _lock(one.source.name, locks)
        snapshots = [(one, _exported(one.source, readers)) for one in postgres]
        opened = [(one, _reader(one.source.name, readers)) for one in sqlite]
        meanwhile()
        locks.close()
        for one, reader in opened:
            with closing(sqlite3.connect(one.target)) as target:
                reader.backup(target)
            trouble = trouble_of_sqlite(one.target)
            if trouble:
                raise DamagedCopy(f"{one.source.name} 已损坏（{trouble}）")
            strip_sqlite(one.target)
        for one, snapshot in snapshots:
            _dump(one, snapshot)
            _read_through(one)


def _lock(path: str, locks: ExitStack) -> None:
    connection = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)
    locks.callback(connection.close)
    connection.execute("BEGIN IMMEDIATE")


def _connect(source: DatabaseUrl) -> Any:
    psycopg: Any = importlib.import_module("psycopg")
    try:
        return psycopg.connect(
            dbname=source.name,
            user=source.user or None,
            password=source.password or None,
            host=source.host or None,
            port=source.port or None,
        )
    except psycopg.OperationalError as error:
        raise SnapshotError(f"连不上数据库 {source.name}（{of_server(error)}）") from None


def _lock_tables(source: DatabaseUrl, locks: ExitStack) -> None:
    """Hold all writers of a PostgreSQL database: every table at once or none, tried again for a while."""
    psycopg: Any = importlib.import_module("psycopg")
    connection = _connect(source)
    locks.callback(connection.close)
    rows = connection.execute(
        "SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        f" WHERE relkind IN ('r', 'p') AND {_OWN}"
    ).fetchall()
    connection.rollback()
    tables = ", ".join(row[0] for row in rows)
    deadline = clock.monotonic() + LOCK_SECONDS
    while tables:
        try:
            connection.execute(f"LOCK TABLE {tables} IN SHARE MODE NOWAIT")
            break
        except psycopg.errors.LockNotAvailable:
            connection.rollback()
            if clock.monotonic() > deadline:
                raise SnapshotError(
                    f"{LOCK_SECONDS:.0f} 秒内一直有人在写，没有等到空隙，请稍后再试"
                ) from None
            clock.wait(_PAUSE)
        except psycopg.errors.InsufficientPrivilege:
            raise SnapshotError("这个数据库角色不能锁住全部表，请用它们的属主备份") from None


def _reader(path: str, readers: ExitStack) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    readers.callback(connection.close)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _exported(source: DatabaseUrl, readers: ExitStack) -> str:
    connection = _connect(source)
    readers.callback(connection.close)
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return str(connection.execute("SELECT pg_export_snapshot()").fetchone()[0])


def _dump(one: Copy, snapshot: str) -> None:
    _run(
        "pg_dump",
        one.source,
        [
            "-Fc",
            "--no-owner",
            *(f"--exclude-table-data=*.{table}" for table in NOT_COPIED),
            f"--snapshot={snapshot}",
            "-f",
            str(one.target),
            one.source.name,
        ],
    )


def _read_through(one: Copy) -> None:
    """``pg_dump`` read every row; now every row of the dump is read back."""
    try:
        _run("pg_restore", DatabaseUrl("postgresql", ""), ["-f", os.devnull, str(one.target)])
    except SnapshotError as error:
        raise DamagedCopy(str(error)) from None


def refuse_filled(target: DatabaseUrl) -> None:
    """Raises ``SnapshotError`` when a PostgreSQL database already holds tables: a restore never overwrites."""
    with _connect(target) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            f" WHERE relkind IN ('r', 'p') AND {_OWN}"
        ).fetchone()
    if count:
        raise SnapshotError(
            f"数据库 {target.name} 不是空的（有 {count} 张表），恢复不覆盖任何东西，请另建一个空库"
        )


def load_postgres(target: DatabaseUrl, dump: Path) -> None:
    """Load a dump into an empty PostgreSQL database, whole or not at all."""
    _run("pg_restore", target, ["--no-owner", "--single-transaction", "-d", target.name, str(dump)])


def _run(program: str, where: DatabaseUrl, arguments: list[str]) -> None:
    path = shutil.which(program)
    if path is None:
        raise SnapshotError(
            f"这台机器上没有 {program}，请装上 PostgreSQL 客户端（Debian：apt install postgresql-client）"
        )
    options = [
        *(("-h", where.host) if where.host else ()),
        *(("-p", where.port) if where.port else ()),
        *(("-U", where.user) if where.user else ()),
    ]
    environment = {**os.environ, **({"PGPASSWORD": where.password} if where.password else {})}
    done = subprocess.run(
        [path, *options, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SnapshotError(f"{program} 没有成功：{of_server(RuntimeError(done.stderr))}")
