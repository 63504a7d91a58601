"""A backup file names every member with its digest; an altered one is refused."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import UTC, datetime

import pytest

from kaoping.support import archive
from kaoping.support.archive import ArchiveError

MADE = datetime(2025, 11, 24, tzinfo=UTC)


@pytest.fixture
def backup(tmp_path):
    """A backup of two files."""
    (tmp_path / "one").write_bytes(b"1" * 100)
    (tmp_path / "two").write_bytes(b"2" * 100)
    members = [("one", tmp_path / "one"), ("files/ab/two", tmp_path / "two")]
    target = tmp_path / "backup.zip"
    assert archive.write(target, members, made_at=MADE, facts={"engine": "sqlite"}) == 2
    return target


def altered(backup, change):
    """The same ZIP with its members run through ``change``."""
    target = backup.with_name("altered.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        for name, content in change({name: old.read(name) for name in old.namelist()}).items():
            new.writestr(name, content)
    return target


def unpack(path, folder):
    with zipfile.ZipFile(path) as opened:
        archive.extract(opened, archive.read_manifest(opened), folder)


def test_what_goes_in_comes_out(backup, tmp_path) -> None:
    unpack(backup, tmp_path / "out")
    assert (tmp_path / "out/files/ab/two").read_bytes() == b"2" * 100
    with zipfile.ZipFile(backup) as opened:
        manifest = archive.read_manifest(opened)
    assert manifest["made_at"] == MADE.isoformat()
    assert not list(tmp_path.glob(".*.part"))


def test_a_file_destroyed_meanwhile_is_left_out(tmp_path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    members = [("one", tmp_path / "one"), ("gone", tmp_path / "gone")]
    assert archive.write(tmp_path / "b.zip", members, made_at=MADE, facts={}) == 1
    unpack(tmp_path / "b.zip", tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: {**m, "one": b"1" * 99 + b"x"}, "one 的校验值"),
        (lambda m: {name: body for name, body in m.items() if name != "one"}, "one"),
        (lambda m: {**m, "extra": b""}, "extra"),
        (lambda m: {name: body for name, body in m.items() if name != "manifest.json"}, "不是考评的备份"),
        (lambda m: {**m, "manifest.json": b"[]"}, "不是考评的备份"),
        (lambda m: {**m, "manifest.json": m["manifest.json"].replace(b'"format": 1', b'"format": 9')}, "9"),
    ],
)
def test_an_altered_backup_is_refused(backup, tmp_path, change, words) -> None:
    with pytest.raises(ArchiveError, match=words):
        unpack(altered(backup, change), tmp_path / "out")


@pytest.mark.parametrize("name", ["/etc/x", "../x", "files/../../x", "a\\..\\x"])
def test_no_member_leaves_the_folder(backup, tmp_path, name) -> None:
    def change(members):
        manifest = json.loads(members["manifest.json"])
        manifest["members"][name] = manifest["members"].pop("one")
        return {**members, name: members.pop("one"), "manifest.json": json.dumps(manifest).encode()}

    target = altered(backup, change)
    with zipfile.ZipFile(target) as opened:
        opened_names = opened.namelist()
    with pytest.raises(ArchiveError):
        unpack(target, tmp_path / "out")
    assert opened_names and not (tmp_path / "x").exists()


def test_a_member_that_cannot_be_opened_leaves_nothing_open(backup, tmp_path) -> None:
    with zipfile.ZipFile(backup) as opened:
        at = opened.getinfo("one").header_offset
    content = bytearray(backup.read_bytes())
    content[at : at + 4] = b"none"
    backup.write_bytes(content)
    before = sorted(os.listdir("/proc/self/fd"))
    with pytest.raises(zipfile.BadZipFile):
        unpack(backup, tmp_path / "out")
    assert sorted(os.listdir("/proc/self/fd")) == before
