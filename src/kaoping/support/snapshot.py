"""One consistent point of several databases while the service runs.

All writers are held for an instant (write locks), a read snapshot is opened on each database, the locks are let go, and
the copies are made from the snapshots. On PostgreSQL the snapshot is exported and handed to ``pg_dump``.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sqlite3
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaoping.support.environment import DatabaseUrl


class SnapshotError(RuntimeError):
    """A copy cannot be made; the message says what is missing and what to install or change."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One database and the file that its copy goes to."""

    source: DatabaseUrl
    target: Path


def copy_all(copies: list[Copy]) -> None:
    """Copy every database as of one common instant."""
    with ExitStack() as locks, ExitStack() as readers:
        sqlite = [one for one in copies if one.source.engine == "sqlite"]
        postgres = [one for one in copies if one.source.engine != "sqlite"]
        for one in sqlite:
            locks.callback(_lock(one.source.name).close)
        snapshots = [(one, _exported(one.source, readers)) for one in postgres]
        opened = [(one, _reader(one.source.name, readers)) for one in sqlite]
        locks.close()
        for one, reader in opened:
            with sqlite3.connect(one.target) as target:
                reader.backup(target)
            target.close()
        for one, snapshot in snapshots:
            _dump(one, snapshot)


def _lock(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def _reader(path: str, readers: ExitStack) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    readers.callback(connection.close)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _exported(source: DatabaseUrl, readers: ExitStack) -> str:
    psycopg: Any = importlib.import_module("psycopg")
    connection = psycopg.connect(
        dbname=source.name,
        user=source.user or None,
        password=source.password or None,
        host=source.host or None,
        port=source.port or None,
    )
    readers.callback(connection.close)
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return str(connection.execute("SELECT pg_export_snapshot()").fetchone()[0])


def _dump(one: Copy, snapshot: str) -> None:
    _run(
        "pg_dump",
        one.source,
        ["-Fc", "--no-owner", f"--snapshot={snapshot}", "-f", str(one.target), one.source.name],
    )


def load_postgres(target: DatabaseUrl, dump: Path) -> None:
    """Load a dump into an empty PostgreSQL database."""
    _run("pg_restore", target, ["--no-owner", "--exit-on-error", "-d", target.name, str(dump)])


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
        raise SnapshotError(f"{program} 没有成功：{done.stderr.strip()[:500]}")
