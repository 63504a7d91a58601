"""``kaoping init``: a folder, its tables, three administrators; harmless when repeated."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing

import pytest

from tests.cli.running import kaoping


def _rows(folder, query: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / "kaoping.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def test_makes_the_folder_and_three_administrators_who_hold_one_role_each(prepared) -> None:
    folder, said = prepared
    assert said["data"] == str(folder)
    assert [one["role"] for one in said["accounts"]] == ["system_admin", "security_admin", "auditor"]
    assert len({one["password"] for one in said["accounts"]}) == 3
    held = _rows(
        folder,
        "SELECT username, role FROM registry_appointment a JOIN accounts_person p ON p.id = a.person_id ORDER BY a.id",
    )
    assert held == [("sysadmin", "system_admin"), ("secadmin", "security_admin"), ("auditor", "auditor")]
    must_change = _rows(folder, "SELECT DISTINCT must_change_password FROM accounts_person")
    assert must_change == [(1,)]
    assert (folder / "static" / "staticfiles.json").is_file()


def test_others_on_the_machine_cannot_look_into_the_folder(prepared) -> None:
    assert stat.S_IMODE(prepared[0].stat().st_mode) == 0o700


def test_passwords_are_not_kept(prepared) -> None:
    folder, said = prepared
    stored = (folder / "kaoping.sqlite3").read_bytes()
    wal = folder / "kaoping.sqlite3-wal"
    stored += wal.read_bytes() if wal.is_file() else b""
    assert not [one for one in said["accounts"] if one["password"].encode() in stored]


@pytest.mark.slow
def test_a_second_run_changes_nothing(data) -> None:
    folder = data()
    before = _rows(folder, "SELECT id, password FROM accounts_person")
    audit = _rows(folder, "SELECT count(*) FROM accounts_auditentry")
    done = kaoping("init", "--data", folder, "--json")
    assert (done.returncode, json.loads(done.stdout)["accounts"]) == (0, [])
    assert _rows(folder, "SELECT id, password FROM accounts_person") == before
    assert _rows(folder, "SELECT count(*) FROM accounts_auditentry") == audit


@pytest.mark.slow
def test_a_bad_database_address_is_bad_input(tmp_path) -> None:
    done = kaoping("init", "--data", tmp_path / "x", KAOPING_DATABASE_URL="mysql://x/y")
    assert done.returncode == 2
    assert "KAOPING_DATABASE_URL" in done.stderr and "Traceback" not in done.stderr
