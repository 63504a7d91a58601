"""A database with write-ahead log is read, also where nothing can be written beside it."""

import sqlite3
from contextlib import closing

import pytest

from kaoping.support import untouched


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize("name", ["d", "ein ? # Name %20"])
def test_a_database_with_a_log_is_read_and_nothing_is_left_beside_it(tmp_path, monkeypatch, writable, name):
    path = tmp_path / name
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t AS SELECT 7 AS x")
    monkeypatch.setattr(untouched.os, "access", lambda *_: writable)
    with closing(sqlite3.connect(untouched.address(path), uri=True)) as connection:
        assert connection.execute("SELECT x FROM t").fetchone() == (7,)
        if not writable:
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute("INSERT INTO t VALUES (8)")
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_what_another_process_has_open_is_read_through_its_log(tmp_path, monkeypatch):
    path = tmp_path / "d"
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        with other:
            other.execute("CREATE TABLE t AS SELECT 7 AS x")
        monkeypatch.setattr(untouched.os, "access", lambda *_: False)
        with closing(sqlite3.connect(untouched.address(path), uri=True)) as connection:
            assert connection.execute("SELECT x FROM t").fetchone() == (7,)


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(untouched.address(tmp_path / "none"), uri=True)
    assert not list(tmp_path.iterdir())
