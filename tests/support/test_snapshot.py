"""One common instant of several SQLite files while writers write; the same on PostgreSQL where there is one."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kaoping.support import snapshot
from kaoping.support.environment import DatabaseUrl, parse_database_url
from kaoping.support.snapshot import Copy, SnapshotError, copy_all


def database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE IF NOT EXISTS line (n INTEGER PRIMARY KEY)")
    return connection


def lines(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT n FROM line ORDER BY n")]


def copies(folder: Path, *names: str) -> list[Copy]:
    return [Copy(DatabaseUrl("sqlite", str(folder / name)), folder / f"copy-of-{name}") for name in names]


def test_all_writers_are_held_at_the_common_instant(tmp_path) -> None:
    with closing(database(tmp_path / "a")) as a, closing(database(tmp_path / "b")) as b:
        for connection in (a, b):
            connection.execute("INSERT INTO line VALUES (1)")
            connection.execute("PRAGMA busy_timeout = 0")
        refused = []

        def write() -> None:
            for connection in (a, b):
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    connection.execute("INSERT INTO line VALUES (2)")
                refused.append(connection)

        copy_all(copies(tmp_path, "a", "b"), meanwhile=write)
        assert len(refused) == 2
        for connection in (a, b):
            connection.execute("INSERT INTO line VALUES (3)")
    assert lines(tmp_path / "copy-of-a") == lines(tmp_path / "copy-of-b") == [1]


def test_what_is_written_while_the_copies_are_made_is_in_none_of_them(tmp_path, monkeypatch) -> None:
    """The second file is copied long after the first; both show the instant at which the locks were held."""
    with closing(database(tmp_path / "a")) as a, closing(database(tmp_path / "b")) as b:
        real, written = snapshot.sqlite3.connect, []

        def connect(path, *args, **kwargs):
            # Copies are opened again to be read through; only the first opening is of interest.
            if str(path).endswith("copy-of-b") and not written:
                written.append(path)
                for connection in (a, b):
                    connection.execute("INSERT INTO line VALUES (9)")
            return real(path, *args, **kwargs)

        monkeypatch.setattr(snapshot.sqlite3, "connect", connect)
        copy_all(copies(tmp_path, "a", "b"))
        monkeypatch.undo()
    assert lines(tmp_path / "a") == lines(tmp_path / "b") == [9]
    assert lines(tmp_path / "copy-of-a") == lines(tmp_path / "copy-of-b") == []


def test_a_writer_of_pairs_is_never_seen_between_more_than_one_pair(tmp_path) -> None:
    a, b = database(tmp_path / "a"), database(tmp_path / "b")
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        while not stop.is_set() and written < 5000:
            a.execute("INSERT INTO line VALUES (?)", (written,))
            b.execute("INSERT INTO line VALUES (?)", (written,))
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            before = written
            copy_all(
                [
                    Copy(one.source, tmp_path / f"{number}-{one.target.name}")
                    for one in copies(tmp_path, "a", "b")
                ]
            )
            first, second = lines(tmp_path / f"{number}-copy-of-a"), lines(tmp_path / f"{number}-copy-of-b")
            assert first == list(range(len(first))) and second == list(range(len(second)))
            assert before <= len(second) <= len(first) <= len(second) + 1
    finally:
        stop.set()
        writer.join()
        a.close()
        b.close()


def test_what_cannot_be_copied_is_let_go_of(tmp_path, monkeypatch) -> None:
    with closing(database(tmp_path / "a")), closing(database(tmp_path / "b")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        real, made = sqlite3.connect, []

        def connect(*args, **named):
            made.append(real(*args, **named))
            return made[-1]

        monkeypatch.setattr(snapshot.sqlite3, "connect", connect)
        monkeypatch.setattr(snapshot, "LOCK_SECONDS", 0.0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            copy_all(copies(tmp_path, "a", "b"))
        assert len(made) == 2
        for connection in made:
            with pytest.raises(sqlite3.ProgrammingError, match="closed"):
                connection.execute("SELECT 1")


def test_a_missing_client_program_is_said_in_words(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(snapshot.shutil, "which", lambda _name: None)
    with pytest.raises(SnapshotError, match="postgresql-client"):
        snapshot.load_postgres(DatabaseUrl("postgresql", "x"), tmp_path / "dump")


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_said_in_words(tmp_path) -> None:
    with pytest.raises(SnapshotError, match="连不上"):
        snapshot.refuse_filled(parse_database_url("postgres://nobody@127.0.0.1:1/none"))


@pytest.mark.postgres
def test_a_transaction_that_writes_is_waited_for_and_then_refused(tmp_path, monkeypatch) -> None:
    url = os.environ.get("KAOPING_TEST_POSTGRES")
    if not url:
        pytest.skip("KAOPING_TEST_POSTGRES is not set")
    import psycopg  # noqa: PLC0415

    name = f"kaoping_lock_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            source = parse_database_url(f"{url.rpartition('/')[0]}/{name}")
            with psycopg.connect(f"{url.rpartition('/')[0]}/{name}") as writer:
                writer.execute("CREATE TABLE line (n integer)")
                writer.commit()
                writer.execute("INSERT INTO line VALUES (1)")
                monkeypatch.setattr(snapshot, "LOCK_SECONDS", 0.1)
                with pytest.raises(SnapshotError, match="一直有人在写"):
                    copy_all([Copy(source, tmp_path / "dump")])
                writer.commit()
                with pytest.raises(SnapshotError, match="不是空的"):
                    snapshot.refuse_filled(source)
                copy_all([Copy(source, tmp_path / "dump")])
            assert (tmp_path / "dump").stat().st_size > 0
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
