"""Room on the disk, and which failures mean that nothing can be stored for now."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError, ProgrammingError

from kaoping.support import storage


def raised(kind, cause):
    try:
        try:
            raise cause
        except type(cause) as error:
            raise kind(str(error)) from error
    except kind as outer:
        return outer


def sqlite_error(code):
    error = sqlite3.OperationalError("told")
    error.sqlite_errorcode = code
    return error


class PostgresError(Exception):
    def __init__(self, sqlstate):
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EROFS, "read-only"),
        OSError(errno.EDQUOT, "quota"),
        raised(OperationalError, sqlite_error(sqlite3.SQLITE_FULL)),
        raised(OperationalError, sqlite_error(sqlite3.SQLITE_READONLY | 5 << 8)),
        raised(OperationalError, sqlite_error(sqlite3.SQLITE_IOERR | 19 << 8)),
        raised(OperationalError, PostgresError("53100")),
        raised(OperationalError, PostgresError("25006")),
        raised(OperationalError, PostgresError("57P01")),
        raised(RuntimeError, raised(OperationalError, sqlite_error(sqlite3.SQLITE_FULL))),
    ],
)
def test_nothing_can_be_stored_now(error):
    assert storage.cannot_store(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        OSError(errno.ENOENT, "missing"),
        raised(ProgrammingError, sqlite_error(sqlite3.SQLITE_ERROR)),
        raised(OperationalError, sqlite_error(sqlite3.SQLITE_CORRUPT)),
        raised(OperationalError, PostgresError("42P01")),
    ],
)
def test_other_failures_are_failures(error):
    assert not storage.cannot_store(error)


def test_a_real_full_database_says_so(tmp_path):
    with closing(sqlite3.connect(tmp_path / "d")) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA max_page_count = 3")
        with pytest.raises(sqlite3.OperationalError) as full:
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert storage.cannot_store(full.value)


def test_a_sound_folder_has_room_and_nothing_stays_in_it(tmp_path):
    room = storage.look(tmp_path)
    assert room.trouble == "" and room.free > 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_byte(tmp_path, monkeypatch):
    def full(_self, _data):
        raise OSError(errno.EDQUOT, "quota")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert storage.look(tmp_path).trouble == storage.FULL


def test_little_room_is_none(tmp_path, monkeypatch):
    real = os.statvfs(tmp_path)
    monkeypatch.setattr(os, "statvfs", lambda _path: _Shown(real, f_bavail=10))
    assert storage.glance(tmp_path).trouble == storage.FULL
    monkeypatch.setattr(os, "statvfs", lambda _path: _Shown(real, f_flag=os.ST_RDONLY))
    assert storage.glance(tmp_path).trouble == storage.READ_ONLY


class _Shown:
    def __init__(self, real, **changes):
        self._real, self._changes = real, changes

    def __getattr__(self, name):
        return self._changes.get(name, getattr(self._real, name))


def test_a_folder_that_is_gone(tmp_path):
    assert storage.look(tmp_path / "none").trouble == storage.READ_ONLY


def test_a_look_is_kept_for_two_seconds(tmp_path, monkeypatch):
    looks, now = [], [0.0]
    monkeypatch.setattr(storage, "look", lambda folder: looks.append(folder) or storage.Room(1, ""))
    monkeypatch.setattr(storage.clock, "monotonic", lambda: now[0])
    watched = storage.Watched()
    for _ in range(5):
        watched.room(tmp_path)
    now[0] = 2.5
    watched.room(tmp_path)
    assert len(looks) == 2


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (PermissionError(errno.EACCES, "denied", "/srv/x"), (storage.READ_ONLY, "/srv/x")),
        (PermissionError(errno.EACCES, "a low port"), ("", "")),
        (OSError(errno.EROFS, "read-only"), (storage.READ_ONLY, "")),
        (OSError(errno.ENOSPC, "full", "/srv/x"), (storage.FULL, "/srv/x")),
        (raised(OperationalError, sqlite_error(sqlite3.SQLITE_READONLY | 5 << 8)), (storage.READ_ONLY, "")),
        (raised(OperationalError, sqlite_error(sqlite3.SQLITE_FULL)), (storage.FULL, "")),
        (raised(OperationalError, sqlite_error(sqlite3.SQLITE_BUSY)), ("", "")),
        (raised(OperationalError, PostgresError("25006")), (storage.READ_ONLY, "")),
        (ValueError("x"), ("", "")),
    ],
)
def test_which_refusal_and_at_which_path(error, found):
    assert storage.refused(error) == found
