"""Every place that the settings point to belongs to the data folder, or nothing is done there."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kaoping.config import belonging
from kaoping.support import installation
from kaoping.support.environment import DatabaseUrl
from kaoping.support.installation import ForeignPlace

SETTINGS = ("KAOPING_DATABASE_URL", "KAOPING_BALLOT_DATABASE_URL", "KAOPING_PUBLISHED")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """``made("a")``: a folder that was taken, with a database of one person."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)

    def make(name: str, *, take: bool = True) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        with closing(sqlite3.connect(folder / "kaoping.sqlite3")) as connection, connection:
            connection.execute("CREATE TABLE accounts_person (id)")
            connection.execute("INSERT INTO accounts_person VALUES (1)")
        if take:
            belonging.take(folder)
        return folder

    return make


def test_a_taken_folder_is_its_own_and_taking_again_changes_nothing(made) -> None:
    folder = made("a")
    mark = installation.read(folder)
    assert installation.read(folder / "published") == mark
    assert installation.read_database(DatabaseUrl("sqlite", str(folder / "kaoping.sqlite3"))) == mark
    belonging.refuse_foreign(folder)
    assert belonging.take(folder) == mark


@pytest.mark.parametrize("setting", ["KAOPING_DATABASE_URL", "KAOPING_PUBLISHED"])
def test_a_place_of_another_installation_is_refused(made, monkeypatch, setting) -> None:
    own, other = made("own"), made("other")
    monkeypatch.setenv(
        setting,
        {
            "KAOPING_DATABASE_URL": f"sqlite:///{other / 'kaoping.sqlite3'}",
            "KAOPING_PUBLISHED": str(other / "published"),
        }[setting],
    )
    with pytest.raises(ForeignPlace, match="另一个安装"):
        belonging.refuse_foreign(own)
    with pytest.raises(ForeignPlace, match="另一个安装"):
        belonging.refuse_others(own)
    if setting == "KAOPING_PUBLISHED":
        with pytest.raises(ForeignPlace, match="另一个安装"):
            belonging.refuse_foreign_published(own)


def test_a_setting_read_from_a_file_is_the_same_setting(made, monkeypatch, tmp_path) -> None:
    own, other = made("own"), made("other")
    (tmp_path / "where").write_text(str(other / "published"))
    monkeypatch.setenv("KAOPING_PUBLISHED_FILE", str(tmp_path / "where"))
    with pytest.raises(ForeignPlace, match="另一个安装"):
        belonging.refuse_foreign(own)


def test_a_new_folder_does_not_take_what_is_somebodys(made, monkeypatch, tmp_path) -> None:
    other = made("other")
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("KAOPING_PUBLISHED", str(other / "published"))
    with pytest.raises(ForeignPlace, match="还没有安装标识"):
        belonging.refuse_others(tmp_path / "new")


def test_a_folder_of_the_first_release_is_taken_once(made) -> None:
    folder = made("first", take=False)
    (folder / "published").mkdir()
    belonging.refuse_others(folder)
    mark = belonging.take(folder)
    belonging.refuse_foreign(folder)
    assert installation.read(folder) == mark


def test_what_was_not_taken_yet_waits_for_init(made, monkeypatch, tmp_path) -> None:
    own, unmarked = made("own"), made("unmarked", take=False)
    monkeypatch.setenv("KAOPING_DATABASE_URL", f"sqlite:///{unmarked / 'kaoping.sqlite3'}")
    with pytest.raises(ForeignPlace, match="还没有认领"):
        belonging.refuse_foreign(own)


def test_a_restored_copy_and_the_original_keep_apart(made, monkeypatch) -> None:

    original = made("original")
    copy = original.with_name("copy")
    shutil.copytree(original, copy)
    old, new = installation.read(original), belonging.take_anew(copy)
    assert new is not None and old is not None and new.id == old.id and new != old
    belonging.refuse_foreign(copy)
    belonging.refuse_foreign(original)
    for folder, place in ((copy, original), (original, copy)):
        monkeypatch.setenv("KAOPING_PUBLISHED", str(place / "published"))
        with pytest.raises(ForeignPlace, match="另一份拷贝"):
            belonging.refuse_foreign(folder)


def test_a_machine_with_the_outside_face_alone_goes_by_what_it_was_given(made, monkeypatch, tmp_path) -> None:
    desk, outside = made("desk"), tmp_path / "outside"
    outside.mkdir()
    with pytest.raises(ForeignPlace, match="先把内网机器的公开目录拷过来"):
        belonging.join(outside)
    monkeypatch.setenv("KAOPING_PUBLISHED", str(desk / "published"))
    belonging.refuse_foreign_published(outside)
    assert belonging.join(outside) == installation.read(desk)
    belonging.refuse_foreign(outside)
    monkeypatch.delenv("KAOPING_PUBLISHED")
    other = made("other")
    monkeypatch.setenv("KAOPING_PUBLISHED", str(other / "published"))
    with pytest.raises(ForeignPlace, match="已经是安装"):
        belonging.join(outside)


@pytest.mark.postgres
def test_a_box_on_a_server_belongs_to_one_installation(made, monkeypatch, fresh_databases) -> None:
    from kaoping.evaluation.ballotbox.store import open_ballot_store  # noqa: PLC0415 - beside what it guards

    own, other = made("own"), made("other")
    monkeypatch.setenv("KAOPING_BALLOT_DATABASE_URL", fresh_databases("box"))
    open_ballot_store(own).close()
    belonging.refuse_foreign(own)
    with pytest.raises(ForeignPlace, match="问卷箱.*另一个安装"):
        belonging.refuse_foreign(other)
    with pytest.raises(ForeignPlace, match="问卷箱.*另一个安装"):
        open_ballot_store(other)
