"""``kaoping verify-log``: forging in the database itself, with the triggers taken away and put back."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from kaoping.cli.commands import verify_log
from kaoping.cli.errors import InputError
from tests.cli.running import kaoping

DIGEST = "ab" * 32


def forge(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "kaoping.sqlite3", isolation_level=None)) as connection:
        query = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'accounts_auditentry'"
        )
        triggers = connection.execute(query).fetchall()
        assert triggers
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _name, sql in triggers:
            connection.execute(sql)


@pytest.mark.slow
def test_a_backup_proves_the_log_and_finds_what_was_changed_since(data, tmp_path) -> None:
    folder = data()
    assert kaoping("backup", "--data", folder, "--out", tmp_path / "b.zip").returncode == 0
    done = kaoping("verify-log", "--data", folder, "--anchors", tmp_path / "b.zip", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["count"]) == (0, 0)
    assert told["proven_to"] == told["lines"] == told["head"]["number"] > 0
    unproven = kaoping("verify-log", "--data", folder)
    assert unproven.returncode == 0 and "不能证明" in unproven.stdout
    forge(
        folder, "DELETE FROM accounts_auditentry WHERE number = (SELECT max(number) FROM accounts_auditentry)"
    )
    assert kaoping("verify-log", "--data", folder).returncode == 0, "a cut tail shows by kept heads only"
    done = kaoping("verify-log", "--data", folder, "--anchors", tmp_path / "b.zip")
    assert done.returncode == 1 and "末尾少了" in done.stdout
    forge(folder, "UPDATE accounts_auditentry SET actor_name = '别人' WHERE number = 2")
    done = kaoping("verify-log", "--data", folder)
    assert done.returncode == 1 and "第 2 条被改过" in done.stdout
    doctor = kaoping("doctor", "--data", folder, "--json")
    [line] = [one for one in json.loads(doctor.stdout) if one["what"] == "审计日志"]
    assert line["state"] == "bad" and "第 2 条被改过" in line["says"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSON"),
        (b"\xff\xfe", ""),
        (b"[]", "JSON"),
        (b"{}", "heads"),
        (b'{"heads": []}', "一个校验值也没有"),
        (b'{"heads": [{"number": 1, "digest": "x"}]}', "digest"),
        (b'{"heads": [], "heads": []}', ""),
        (b"PK\x03\x04 no zip", ""),
    ],
)
def test_a_file_that_holds_no_heads_is_refused_with_a_remedy(tmp_path, content, words) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(InputError) as caught:
        verify_log.read_anchors(str(tmp_path / "a"))
    assert words in str(caught.value) and caught.value.remedy


def test_a_sealed_backup_is_told_as_one(tmp_path) -> None:
    (tmp_path / "a").write_bytes(b"age-encryption.org/v1\n-> X25519 \xff")
    with pytest.raises(InputError, match="加了密") as caught:
        verify_log.read_anchors(str(tmp_path / "a"))
    assert "age -d" in str(caught.value.remedy)


def test_a_damaged_backup_is_told_without_a_librarys_words(tmp_path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("manifest.json", '{"format": 1}')
    path.write_bytes(path.read_bytes().replace(b'"format"', b'"fOrmat"'))
    for content, words in ((path.read_bytes(), "压缩包已损坏"), (b"\xff\xfe\x00", "不是 UTF-8 文本")):
        path.write_bytes(content)
        with pytest.raises(InputError, match=words) as caught:
            verify_log.read_anchors(str(path))
        assert "CRC" not in str(caught.value) and "codec" not in str(caught.value)
        assert "heads.json" in str(caught.value.remedy)


@pytest.mark.parametrize("name", ["none", "."])
def test_what_is_no_file_is_refused(tmp_path, name) -> None:
    with pytest.raises(InputError):
        verify_log.read_anchors(str(tmp_path / name))


def test_published_heads_and_a_manifest_are_read(tmp_path) -> None:
    for name, content in (
        ("heads.json", {"format": 1, "heads": [{"number": 3, "digest": DIGEST, "day": "2026-11-29"}]}),
        ("manifest.json", {"format": 1, "log_head": {"number": 3, "digest": DIGEST}}),
    ):
        (tmp_path / name).write_text(json.dumps(content))
        [found] = verify_log.read_anchors(str(tmp_path / name))
        assert (found.number, found.digest, found.place) == (3, DIGEST, name)
