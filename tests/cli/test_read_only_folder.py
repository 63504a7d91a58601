"""A data folder that takes no write: reading goes on, storing says which folder and what to do."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError

from kaoping.cli import main as cli
from tests.cli.running import environment
from tests.cli.test_main import command

# Without these rights root is bound by permission bits like everybody else.
_RIGHTS = "-dac_override,-dac_read_search,-fowner"


def bound(*arguments: object) -> subprocess.CompletedProcess[str]:
    """``kaoping …`` as a user who must keep to permission bits."""
    tool = shutil.which("setpriv")
    if tool is None:
        pytest.skip("没有 setpriv")
    start = [tool, f"--bounding-set={_RIGHTS}", f"--inh-caps={_RIGHTS}", sys.executable, "-m", "kaoping"]
    done = subprocess.run(
        [*start, *map(str, arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    if done.stderr.startswith("setpriv:"):
        pytest.skip("不能去掉超级用户的权限")
    return done


@pytest.fixture
def closed(data):
    """A prepared folder whose files and folders nobody can write."""
    folder = data()
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    yield folder
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "{folder}/new/deep"),
            "不能读写 {folder}。办法：",
        ),
        (OSError(errno.ENOSPC, "No space left", "{folder}"), "{folder} 所在的磁盘已满或超出配额。办法："),
    ],
)
def test_a_write_that_is_refused_names_the_folder_and_a_remedy(
    monkeypatch, capsys, tmp_path, error, words
) -> None:
    error.filename = error.filename.replace("{folder}", str(tmp_path))
    monkeypatch.setattr(cli, "names", lambda: ["made"])
    monkeypatch.setattr(cli, "_load", lambda _name: command(error))
    assert cli.main(["made"]) == 2
    assert words.replace("{folder}", str(tmp_path)) in capsys.readouterr().err


def test_a_read_only_database_names_the_data_folder(monkeypatch, capsys, tmp_path) -> None:
    cause = sqlite3.OperationalError("attempt to write a readonly database")
    cause.sqlite_errorcode = sqlite3.SQLITE_READONLY
    error = OperationalError(str(cause))
    error.__cause__ = cause
    monkeypatch.setenv("KAOPING_DATA", str(tmp_path))
    monkeypatch.setattr(cli, "names", lambda: ["made"])
    monkeypatch.setattr(cli, "_load", lambda _name: command(error))
    assert cli.main(["made"]) == 2
    told = capsys.readouterr().err
    assert str(tmp_path) in told and "readonly" not in told


@pytest.mark.slow
def test_reading_goes_on(closed) -> None:
    done = bound("doctor", "--data", closed, "--json")
    rows = {row["what"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 1
    assert rows["数据目录"]["state"] == "bad" and "数据目录不能写" in rows["数据目录"]["says"]
    assert "属主" in rows["数据目录"]["remedy"]
    assert rows["数据库"]["state"] == rows["审计日志"]["state"] == "good"
    assert bound("verify-log", "--data", closed).returncode == 0
    assert bound("calendar", "show", "--data", closed).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("act", [["work", "--once"], ["serve"], ["init"], ["backup", "--out"]])
def test_storing_says_which_folder(closed, tmp_path, act) -> None:
    done = bound(*act, *([tmp_path / "b.zip"] if act[0] == "backup" else []), "--data", closed)
    assert done.returncode == 2, done.stderr
    assert f"不能读写 {closed}。办法：" in done.stderr


@pytest.mark.slow
def test_a_parent_that_takes_no_folder(tmp_path) -> None:
    parent = tmp_path / "parent"
    parent.mkdir(mode=0o500)
    done = bound("init", "--data", parent / "data")
    assert done.returncode == 2 and f"不能读写 {parent}。办法：" in done.stderr
