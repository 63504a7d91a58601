"""Commands and services refuse what is another installation's, and a second service on one folder."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from bench.ports import free_ports

from kaoping.evaluation.ballotbox.store import open_ballot_store
from kaoping.support import installation, locks
from kaoping.support.installation import Mark
from tests.cli.running import environment, kaoping

STRANGER = Mark("stranger", "x")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A published folder of somebody else, and what must not change in it."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "index.json").write_text("kept")
    installation.write(folder, STRANGER)
    return folder


def kept(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("work", "--once"),
        ("serve",),
        ("init",),
        ("backup", "--out", "b.zip"),
        ("doctor",),
    ],
)
def test_every_command_refuses_somebody_elses_published_folder(data, foreign, tmp_path, words) -> None:
    before, folder = kept(foreign), data()
    more = [str(tmp_path / one) if one == "b.zip" else one for one in words]
    done = kaoping(*more, "--data", folder, KAOPING_PUBLISHED=str(foreign))
    assert done.returncode == (1 if words[0] == "doctor" else 2)
    assert "属于另一个安装 stranger" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert kept(foreign) == before
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("target", ["kaoping.config.wsgi_inside", "kaoping.config.wsgi_outside"])
def test_a_face_that_is_started_alone_refuses_too(data, foreign, target) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import {target}"],
        env=environment(KAOPING_DATA=str(data()), KAOPING_PUBLISHED=str(foreign)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "属于另一个安装 stranger" in done.stderr and "Traceback" not in done.stderr


def test_the_intake_refuses_somebody_elses_box(data, tmp_path) -> None:
    folder = data()
    open_ballot_store(folder).close()
    installation.write(folder, STRANGER)
    with pytest.raises(installation.ForeignPlace, match="问卷箱"):
        open_ballot_store(folder)


def test_a_folder_without_an_id_waits_for_its_upgrade(data) -> None:
    folder = data()
    (folder / installation.FILE).unlink()
    done = kaoping("work", "--once", "--data", folder)
    assert done.returncode == 2


@pytest.mark.slow
def test_a_restored_backup_works_and_cannot_reach_the_original(data, tmp_path) -> None:
    original, copy = data(), tmp_path / "copy"
    assert kaoping("backup", "--data", original, "--out", tmp_path / "b.zip").returncode == 0
    assert kaoping("restore", "--data", copy, tmp_path / "b.zip").returncode == 0
    assert kaoping("work", "--once", "--data", copy).returncode == 0
    old, new = installation.read(original), installation.read(copy)
    assert old is not None and new is not None and old.id == new.id and old != new
    for setting, place in (
        ("KAOPING_PUBLISHED", str(original / "published")),
        ("KAOPING_DATABASE_URL", f"sqlite:///{original / 'kaoping.sqlite3'}"),
    ):
        done = kaoping("work", "--once", "--data", copy, **{setting: place})
        assert done.returncode == 2 and "另一份拷贝" in done.stderr, setting
    assert kaoping("work", "--once", "--data", original).returncode == 0


@pytest.mark.slow
def test_a_backup_of_the_first_release_is_taken_over_when_it_is_restored(data, tmp_path) -> None:
    folder = data()
    for place in (folder, folder / "published"):
        (place / installation.FILE).unlink()
    with closing(sqlite3.connect(folder / "kaoping.sqlite3")) as connection, connection:
        connection.execute(f"DROP TABLE {installation.TABLE}")
    assert kaoping("backup", "--data", folder, "--out", tmp_path / "b.zip").returncode == 0
    assert kaoping("restore", "--data", tmp_path / "new", tmp_path / "b.zip").returncode == 0
    assert installation.read(tmp_path / "new") is not None
    assert kaoping("work", "--once", "--data", tmp_path / "new").returncode == 0


@pytest.mark.slow
def test_a_second_service_on_one_folder_is_refused_on_any_port(data) -> None:
    folder = data()
    lock = locks.take(folder, locks.SERVE, " kaoping serve ")
    done = kaoping("serve", "--data", folder, "--port", free_ports(3))
    assert done.returncode == 2 and "已有 kaoping serve 在运行" in done.stderr
    done = kaoping("work", "--once", "--data", folder, KAOPING_SERVE="another")
    assert done.returncode == 2 and "另一个 kaoping serve" in done.stderr
    assert kaoping("work", "--once", "--data", folder, KAOPING_SERVE=lock.token).returncode == 0
    assert kaoping("work", "--once", "--data", folder).returncode == 0, "one that somebody started by hand"
    lock.release()


@pytest.mark.slow
def test_an_outside_machine_joins(data, tmp_path) -> None:
    desk, outside = data(), tmp_path / "outside"
    shutil.copytree(desk / "published", tmp_path / "shelf")
    shelf = {"KAOPING_PUBLISHED": str(tmp_path / "shelf")}
    done = kaoping("init", "--data", outside, **shelf)
    assert done.returncode == 2 and "还没有安装标识" in done.stderr
    done = kaoping("init", "--join", "--json", "--data", outside, **shelf)
    assert done.returncode == 0, done.stderr
    assert installation.read(outside) == installation.read(desk)
    assert json.loads(done.stdout)["data"] == str(outside)
