"""What a backup must not carry, and what must be sound before "已备份" and after "已恢复" is said."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pyrage
import pytest

from kaoping.cli.main import main
from kaoping.evaluation.ballotbox.sqlite import SqliteStore
from kaoping.support import envelopes
from tests.cli.running import kaoping
from tests.cli.test_backup import arrival

KEY = "session-key-that-opens-the-live-server"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a session, an attempt to sign in and a ballot; no Django is needed to back it up."""
    for name in ("KAOPING_DATABASE_URL", "KAOPING_BALLOT_DATABASE_URL", "KAOPING_PUBLISHED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAOPING_DATA", "untouched")
    made = tmp_path / "data"
    made.mkdir()
    with closing(sqlite3.connect(made / "kaoping.sqlite3", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE line (n)")
        connection.executemany("INSERT INTO line VALUES (?)", [(f"line {n} " * 20,) for n in range(500)])
        connection.execute("CREATE INDEX line_n ON line (n)")
        connection.execute("CREATE TABLE django_session (session_key TEXT)")
        connection.execute("INSERT INTO django_session VALUES (?)", (KEY,))
        connection.execute("CREATE TABLE axes_accessattempt (ip_address TEXT)")
        connection.execute("INSERT INTO axes_accessattempt VALUES ('10.9.8.7')")
    with closing(SqliteStore(made / "ballots.sqlite3")) as store:
        store.add([arrival(1), arrival(2)])
    return made


def backed_up(folder: Path, out: Path, *more: str) -> int:
    return main(["backup", "--data", str(folder), "--out", str(out), *more])


def test_a_backup_is_its_owners_and_opens_no_session(folder, tmp_path, capsys) -> None:
    before = os.umask(0)
    try:
        assert backed_up(folder, tmp_path / "b.zip") == 0
    finally:
        os.umask(before)
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    assert "没有加密" in capsys.readouterr().err
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = archive.read("kaoping.sqlite3")
        archive.extract("kaoping.sqlite3", tmp_path)
    assert KEY.encode() not in content and b"10.9.8.7" not in content
    with closing(sqlite3.connect(tmp_path / "kaoping.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM line").fetchone() == (500,)
    with closing(sqlite3.connect(folder / "kaoping.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM django_session").fetchone() == (1,)


def _break_a_page(path: Path) -> None:
    """Overwrite one leaf page, as a dying disk does."""
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    at = content.index(b"line 250 ") // size * size
    content[at : at + size] = b"\xff" * size
    path.write_bytes(content)


def test_a_damaged_database_is_not_backed_up_as_good(folder, tmp_path, capsys) -> None:
    _break_a_page(folder / "kaoping.sqlite3")
    assert backed_up(folder, tmp_path / "b.zip") == 1
    err = capsys.readouterr().err
    assert "没有备份" in err and "已损坏" in err and "已备份" not in err
    assert not (tmp_path / "b.zip").exists()


def _change_a_ballot(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER ballot_unchanged")
        connection.execute(
            "UPDATE ballot SET payload = x'00' WHERE receipt = (SELECT min(receipt) FROM ballot)"
        )


def test_a_changed_ballot_stops_the_backup(folder, tmp_path, capsys) -> None:
    _change_a_ballot(folder / "ballots.sqlite3")
    assert backed_up(folder, tmp_path / "b.zip") == 1
    assert "poll-2025 有 1 份" in capsys.readouterr().err
    assert not (tmp_path / "b.zip").exists()


def test_changed_evidence_is_named_and_the_rest_is_kept(folder, tmp_path, capsys) -> None:
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "files" / "ab" / ("c" * 62)).write_bytes(b"not what it was")
    assert backed_up(folder, tmp_path / "b.zip") == 1
    err = capsys.readouterr().err
    assert "files/ab/ccc" in err and "已备份" not in err
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert "kaoping.sqlite3" in archive.namelist()


@pytest.mark.parametrize("what", ["database", "ballot"])
def test_a_backup_of_something_damaged_is_not_restored(folder, tmp_path, capsys, what) -> None:
    """Such a backup was made by an earlier version: its own digests agree."""
    assert backed_up(folder, tmp_path / "b.zip") == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as old:
        manifest = json.loads(old.read("manifest.json"))
        old.extractall(tmp_path / "old")
    if what == "database":
        _break_a_page(tmp_path / "old" / "kaoping.sqlite3")
    else:
        _change_a_ballot(tmp_path / "old" / "ballots.sqlite3")
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        import hashlib  # noqa: PLC0415

        for name, facts in manifest["members"].items():
            content = (tmp_path / "old" / name).read_bytes()
            new.writestr(name, content)
            facts.update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
        new.writestr("manifest.json", json.dumps(manifest))
    capsys.readouterr()
    assert main(["restore", "--data", str(tmp_path / "target"), str(tmp_path / "bad.zip")]) == 1
    err = capsys.readouterr().err
    assert "没有恢复" in err and "原有数据没有动" in err and "已恢复" not in err
    assert not (tmp_path / "target").exists() and not list(tmp_path.glob(".target*"))


def test_a_sealed_backup_opens_by_the_right_key_only(folder, tmp_path, capsys) -> None:
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"# public key: {key.to_public()}\n{key}\n")
    (tmp_path / "other").write_text(f"{other}\n")
    assert backed_up(folder, tmp_path / "b.age", "--to", str(key.to_public())) == 0
    assert (tmp_path / "b.age").stat().st_mode & 0o777 == 0o600
    assert b"manifest.json" not in (tmp_path / "b.age").read_bytes()
    assert "没有加密" not in capsys.readouterr().err
    for extra, words in (
        ([], "加 --identity"),
        (["--identity", str(tmp_path / "other")], "打不开"),
        (["--identity", str(tmp_path / "none")], "读不出"),
        (["--identity", str(tmp_path / "b.age")], "私钥"),
    ):
        assert main(["restore", "--data", str(tmp_path / "t"), str(tmp_path / "b.age"), *extra]) == 2
        assert words in capsys.readouterr().err
    cut = tmp_path / "cut.age"
    cut.write_bytes((tmp_path / "b.age").read_bytes()[:-50])
    assert (
        main(["restore", "--data", str(tmp_path / "t"), str(cut), "--identity", str(tmp_path / "key")]) == 2
    )
    assert not (tmp_path / "t").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.age", "cut.age", "data", "key", "other"]


@pytest.mark.parametrize(
    ("word", "words", "not_words"),
    [("age1notakey", "公钥校验不对", "应以"), ("SSH", "公钥以 age1 开头", "校验")],
)
def test_what_is_wrong_with_a_public_key_is_said(word, words, not_words) -> None:
    with pytest.raises(envelopes.EnvelopeError, match=words) as caught:
        envelopes.recipients([word])
    assert not_words not in str(caught.value)


@pytest.mark.parametrize("word", ["age1wrong", "AGE-SECRET-KEY-1", "", "/etc/passwd"])
def test_a_recipient_that_is_none_is_refused_before_anything_is_written(
    folder, tmp_path, capsys, word
) -> None:
    assert backed_up(folder, tmp_path / "b.age", "--to", word) == 2
    assert "公钥" in capsys.readouterr().err
    assert not (tmp_path / "b.age").exists()


@pytest.mark.slow
def test_every_restored_file_is_its_owners_and_nobody_is_signed_in(data, tmp_path) -> None:
    folder = data()
    assert (folder / "kaoping.sqlite3").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(folder / "kaoping.sqlite3", isolation_level=None)) as connection:
        connection.execute("INSERT INTO django_session VALUES (?, 'x', '2999-01-01')", (KEY,))
    with closing(SqliteStore(folder / "ballots.sqlite3")) as store:
        store.add([arrival(1)])
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"{key}\n")
    done = kaoping("backup", "--data", folder, "--out", tmp_path / "b.age", "--to", key.to_public())
    assert done.returncode == 0, done.stderr
    new = tmp_path / "new"
    done = kaoping("restore", "--data", new, tmp_path / "b.age", "--identity", tmp_path / "key")
    assert done.returncode == 0, done.stderr
    assert "已恢复" in done.stderr
    for path in new.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    with closing(sqlite3.connect(new / "kaoping.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
