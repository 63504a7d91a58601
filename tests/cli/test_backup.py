"""``kaoping backup`` and ``restore``: one point of everything while somebody writes; nothing is ever overwritten."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kaoping.cli.commands import backup, restore
from kaoping.cli.main import main
from kaoping.evaluation.ballotbox.postgres import PostgresStore
from kaoping.evaluation.ballotbox.records import Arrival
from kaoping.evaluation.ballotbox.sqlite import SqliteStore
from kaoping.support.snapshot import SnapshotError
from tests.cli.running import kaoping

JOB = (
    "INSERT INTO support_job (name, arguments, key, due_at, state, attempts, claimed_by, enqueued_at, cause, result)"
    " VALUES ('x:y', '{}', '%s', '2999-01-01', 'waiting', 0, '', '2025-01-01', '', '')"
)


def arrival(number: int) -> Arrival:
    return Arrival("poll-2025", hashlib.sha256(str(number).encode()).digest(), b"sealed", None)


class Writing:
    """A thread that puts a ballot into the box, then a job into the main database, again and again."""

    def __init__(self, box: object, insert: Callable[[int], object]) -> None:
        self._box, self._insert, self._stop = box, insert, threading.Event()
        self.written, self.first = 0, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop.is_set() and self.written < 20_000:
            self._box.add([arrival(self.written)])  # type: ignore[attr-defined]
            self._insert(self.written)
            self.written += 1
            self.first.set()

    def __enter__(self) -> Writing:
        self._thread.start()
        assert self.first.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def agree(before: int, jobs: list[str], ballots: int) -> None:
    """Everything acknowledged before the backup is there, without gaps, and the two databases show one instant."""
    assert sorted(jobs, key=int) == [str(number) for number in range(len(jobs))]
    assert before <= len(jobs) <= ballots <= len(jobs) + 1


@pytest.mark.slow
def test_one_point_of_both_databases_and_the_files_while_somebody_writes(data, tmp_path) -> None:
    folder = data()
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "files" / "ab" / "cd").write_bytes(b"evidence")
    (folder / "published" / "index.json").write_text('{"releases": []}')
    path = folder / "kaoping.sqlite3"
    with (
        closing(
            sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        ) as main_database,
        closing(SqliteStore(folder / "ballots.sqlite3")) as box,
        Writing(box, lambda number: main_database.execute(JOB % number)) as writing,
    ):
        before = writing.written
        done = kaoping("backup", "--data", folder, "--out", tmp_path / "b.zip")
        assert done.returncode == 0, done.stderr
        assert writing.written > before, "the service goes on meanwhile"
    assert not list(folder.glob(".backup-*"))
    done = kaoping("restore", "--data", tmp_path / "new", tmp_path / "b.zip")
    assert done.returncode == 0, done.stderr
    new = tmp_path / "new"
    with closing(sqlite3.connect(new / "kaoping.sqlite3")) as connection:
        jobs = [row[0] for row in connection.execute("SELECT key FROM support_job")]
        assert connection.execute("SELECT count(*) FROM accounts_person").fetchone() == (3,)
    with closing(SqliteStore(new / "ballots.sqlite3")) as restored:
        agree(before, jobs, restored.count("poll-2025"))
    assert (new / "files/ab/cd").read_bytes() == b"evidence"
    assert (new / "published/index.json").read_text() == '{"releases": []}'
    assert new.stat().st_mode & 0o777 == 0o700
    assert kaoping("work", "--data", new, "--once").returncode == 0
    elsewhere = {"KAOPING_PUBLISHED": str(tmp_path / "public" / "shelf")}
    done = kaoping("restore", "--data", tmp_path / "apart", tmp_path / "b.zip", **elsewhere)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "public/shelf/index.json").read_text() == '{"releases": []}'
    assert not (tmp_path / "apart" / "published" / "index.json").exists()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of a folder with one table; no Django is needed to write or refuse it."""
    for name in ("KAOPING_DATABASE_URL", "KAOPING_BALLOT_DATABASE_URL", "KAOPING_PUBLISHED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAOPING_DATA", "untouched")
    folder = tmp_path / "small"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "kaoping.sqlite3")) as connection:
        connection.execute("CREATE TABLE line (n)")
    assert main(["backup", "--data", str(folder), "--out", str(tmp_path / "small.zip")]) == 0
    return tmp_path / "small.zip"


def test_a_backup_never_overwrites_and_needs_a_folder(small, capsys) -> None:
    folder = str(small.with_suffix(""))
    assert main(["backup", "--data", folder, "--out", str(small)]) == 2
    assert main(["backup", "--data", folder + "x", "--out", str(small) + "x"]) == 2
    assert main(["backup", "--data", folder, "--out", str(small.parent / "none" / "b.zip")]) == 2
    err = capsys.readouterr().err
    assert "已经存在" in err and "没有数据目录" in err and "没有目录" in err


def test_a_folder_that_waits_for_its_upgrade_can_be_backed_up(small) -> None:
    """The upgrade itself says: back up first. ``small`` has none of today's tables."""
    assert small.is_file()


def test_a_restore_never_overwrites_what_is_published_elsewhere(small, tmp_path, monkeypatch, capsys) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "index.json").write_text("kept")
    monkeypatch.setenv("KAOPING_PUBLISHED", str(shelf))
    assert main(["restore", "--data", str(tmp_path / "new"), str(small)]) == 2
    assert "公开目录" in capsys.readouterr().err
    assert (shelf / "index.json").read_text() == "kept"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("filled", ["file", "folder"])
def test_a_restore_never_overwrites(small, tmp_path, capsys, filled) -> None:
    target = tmp_path / "target"
    if filled == "folder":
        target.mkdir()
        (target / "mine").write_text("kept")
    else:
        target.write_text("kept")
    assert main(["restore", "--data", str(target), str(small)]) == 2
    assert "不是空目录" in capsys.readouterr().err
    assert (target / "mine" if filled == "folder" else target).read_text() == "kept"


@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "missing", "altered"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(small, tmp_path, capsys, damage) -> None:
    content = small.read_bytes()
    if damage == "altered":
        with zipfile.ZipFile(small) as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name) + (b" " if name.endswith("sqlite3") else b""))
    elif damage != "missing":
        middle = len(content) // 3
        made = {
            "cut": content[:-100],
            "flipped": content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :],
            "text": b"not a backup",
        }[damage]
        (tmp_path / "bad.zip").write_bytes(made)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(["restore", "--data", str(tmp_path / "target"), str(tmp_path / "bad.zip")]) == 2
    err = capsys.readouterr().err
    assert "没有恢复" in err and "原有数据没有动" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("engine", "ballots", "url", "ballot_url", "words"),
    [
        ("sqlite", "file", "postgres://h/a", "", "不要设 KAOPING_DATABASE_URL"),
        ("postgresql", "file", "", "", "请用 KAOPING_DATABASE_URL"),
        ("postgresql", "with_main", "postgres://h/a", "", "也指向主库"),
        ("postgresql", "with_main", "postgres://h/a", "postgres://h/b", "也指向主库"),
        ("postgresql", "apart", "postgres://h/a", "postgres://h:5432/a", "另一个空库"),
        ("sqlite", "file", "", "postgres://h/b", "不要设 KAOPING_BALLOT_DATABASE_URL"),
    ],
)
def test_settings_that_would_lose_half_of_it_are_refused(
    monkeypatch, engine, ballots, url, ballot_url, words
) -> None:
    monkeypatch.setenv("KAOPING_DATABASE_URL", url)
    monkeypatch.setenv("KAOPING_BALLOT_DATABASE_URL", ballot_url)
    with pytest.raises(SnapshotError, match=words):
        restore._check_settings({"engine": engine, "ballots": ballots})


def test_ballots_of_one_server_and_database_are_in_the_one_dump(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("KAOPING_DATABASE_URL", "postgres://desk@h/a")
    monkeypatch.setenv("KAOPING_BALLOT_DATABASE_URL", "postgres://box@h:5432/a")
    assert [one.target.name for one in backup.databases(tmp_path, tmp_path)] == ["kaoping.dump"]
    monkeypatch.setenv("KAOPING_BALLOT_DATABASE_URL", "postgres://box@h:5432/b")
    assert [one.target.name for one in backup.databases(tmp_path, tmp_path)] == [
        "kaoping.dump",
        "ballots.dump",
    ]


def test_published_files_are_held_as_they_were(tmp_path) -> None:
    (tmp_path / "published" / "polls").mkdir(parents=True)
    index, held = tmp_path / "published" / "index.json", tmp_path / "held"
    index.write_text("old")
    (tmp_path / "published" / "polls" / ".half").write_text("being written")
    backup._hold(tmp_path / "published", held)
    new = tmp_path / "published" / ".index.json"
    new.write_text("new")
    new.replace(index)
    assert (held / "index.json").read_text() == "old"
    assert not (held / "polls").exists()


@pytest.mark.postgres
@pytest.mark.parametrize("apart", [False, True], ids=["one database", "two databases"])
def test_one_point_on_postgresql_while_somebody_writes(fresh_databases, tmp_path, apart) -> None:
    import psycopg  # noqa: PLC0415

    def settings(name: str) -> dict[str, str]:
        url = fresh_databases(name)
        return {
            "KAOPING_DATABASE_URL": url,
            "KAOPING_BALLOT_DATABASE_URL": fresh_databases(f"{name}_box") if apart else url,
        }

    old, folder = settings("old"), tmp_path / "data"
    assert kaoping("init", "--data", folder, **old).returncode == 0
    box = PostgresStore(old["KAOPING_BALLOT_DATABASE_URL"])
    with (
        psycopg.connect(old["KAOPING_DATABASE_URL"], autocommit=True) as main_database,
        Writing(box, lambda number: main_database.execute(JOB % number)) as writing,
    ):
        before = writing.written
        done = kaoping("backup", "--data", folder, "--out", tmp_path / "b.zip", **old)
        assert done.returncode == 0, done.stderr
        assert writing.written > before, "the service goes on meanwhile"
    box.close()
    refused = kaoping("restore", "--data", tmp_path / "new", tmp_path / "b.zip", **old)
    assert refused.returncode == 2 and "不是空的" in refused.stderr
    new = settings("new")
    done = kaoping("restore", "--data", tmp_path / "new", tmp_path / "b.zip", **new)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(new["KAOPING_DATABASE_URL"]) as connection:
        jobs = [row[0] for row in connection.execute("SELECT key FROM support_job")]
        # The ledger's refusal of changes came along.
        assert connection.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal").fetchone()[0] > 0
    restored = PostgresStore(new["KAOPING_BALLOT_DATABASE_URL"])
    agree(before, jobs, restored.count("poll-2025"))
    restored.close()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-29T21:51:29.631631+00:00", "2026-11-30 05:51（北京时间）"),
        ("x", "写的是“x”"),
        ("9999-12-31T23:59:59+00:00", "写的是“9999-12-31T23:59:59+00:00”"),
    ],
)
def test_the_instant_of_a_backup_as_people_read_it(written, read) -> None:
    assert restore._instant(written) == read
