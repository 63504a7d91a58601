"""An installation of the first release is upgraded: nothing acknowledged is lost, and everything goes on.

This guards every later migration. ``docs/dev/upgrade.md`` says how the fixture was made and how the next one is added.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kaoping.support import installation
from tests.cli.running import environment, kaoping
from tests.database import databases_of_a_test
from tests.upgrade.comparing import Table, differences, read_postgres, read_sqlite
from tests.upgrade.intended import FROM_FIRST_RELEASE
from tests.upgrade.loading import RELEASES, Loaded, load_postgres, load_sqlite
from tests.upgrade.make import DATABASES

RELEASE = "first_release"
OFFICE = ("jingban", "fuzeren", "qianfa", "lingdao", "czd03", "zhuanjia1", "sysadmin", "auditor")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """An installation before and after ``kaoping init``, and how to try a statement on one of its tables."""

    loaded: Loaded
    before: dict[str, Table]
    after: dict[str, Table]
    said: dict[str, Any]
    refused: Callable[[str, str], bool]


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    loaded = load_sqlite(RELEASE, tmp_path_factory.mktemp("sqlite") / "data")

    def tables() -> dict[str, Table]:
        return {
            f"{name}:{table}" if name != "desk" else table: found
            for file, name in DATABASES.items()
            for table, found in read_sqlite(loaded.folder / file).items()
        }

    def refused(table: str, statement: str) -> bool:
        name, _, bare = table.rpartition(":")
        file = next(file for file, one in DATABASES.items() if one == (name or "desk"))
        with closing(sqlite3.connect(loaded.folder / file)) as connection:
            try:
                connection.execute(statement.format(bare))
            except sqlite3.DatabaseError:
                return True
            return False

    before = tables()
    said = _upgrade(loaded)
    return Upgraded(loaded, before, tables(), said, refused)


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    with databases_of_a_test() as fresh:
        yield _on_postgres(tmp_path_factory.mktemp("postgres") / "data", fresh("desk"), fresh("ballots"))


def _on_postgres(folder: Path, desk: str, ballots: str) -> Upgraded:
    import psycopg  # noqa: PLC0415 - only where a server is

    loaded = load_postgres(RELEASE, folder, desk, ballots)

    def tables() -> dict[str, Table]:
        return read_postgres(desk) | read_postgres(ballots)

    def refused(table: str, statement: str) -> bool:
        url = ballots if table.startswith(("ballots.", "opinions.")) else desk
        with psycopg.connect(url) as connection:
            try:
                connection.execute(statement.format(table))  # type: ignore[call-overload]
            except psycopg.DatabaseError:
                return True
            finally:
                connection.rollback()
            return False

    before = tables()
    said = _upgrade(loaded)
    return Upgraded(loaded, before, tables(), said, refused)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def upgraded(request: pytest.FixtureRequest) -> Upgraded:
    return request.getfixturevalue(f"on_{request.param}")


def _upgrade(loaded: Loaded) -> dict[str, Any]:
    done = kaoping("init", "--json", **loaded.settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_fixture_holds_what_an_upgrade_can_hurt(upgraded: Upgraded) -> None:
    """Every state that an installation of the first release may have been left in."""

    def rows(table: str) -> list[Any]:
        return list(upgraded.before[table].rows.values())

    assert {row["state"] for row in rows("evaluation_poll")} >= {"prepared", "sealed", "opened"}
    cases = rows("rectification_case")
    assert {row["state"] for row in cases} >= {"served", "answered", "closed"}
    now = json.loads((upgraded.loaded.folder / "clock.json").read_text())["now"][:10]
    assert {str(row["due_on"]) < now for row in cases if row["state"] == "served"} == {True, False}
    assert {row["state"] for row in rows("campaigns_selfreview")} >= {"submitted", "missing"}
    assert "" in {row["outcome"] for row in rows("campaigns_appeal")}
    assert rows("campaigns_signoff") and rows("campaigns_correction")
    assert len(rows("publication_release")) == 2
    empty = {name for name, table in upgraded.before.items() if not table.rows}
    assert empty <= {
        "auth_group",
        "auth_group_permissions",
        "axes_accessattempt",
        "axes_accessattemptexpiration",
        "axes_accessfailurelog",
        "axes_accesslog",
        "django_session",
    }


def test_every_row_of_every_table_is_as_it_was(upgraded: Upgraded) -> None:
    told = differences(upgraded.before, upgraded.after, FROM_FIRST_RELEASE)
    assert not told, "升级丢改了已存的内容：\n" + "\n".join(told)
    assert upgraded.said["accounts"] == [], "升级不建新账号"


def test_the_rulebook_of_every_signed_plan_is_in_force(upgraded: Upgraded) -> None:
    """By it a line of one of their days is counted; 2026 is still being planned, and 2023 had a poll alone."""
    rows = upgraded.after["standards_rulebookuse"].rows.values()
    assert {row["key"]: (str(row["first"]), str(row["last"])) for row in rows} == {
        "CZ0-2024": ("2023-12-01", "2024-11-30"),
        "CZ0-2025": ("2024-12-01", "2025-11-30"),
    }
    assert {row["ended_at"] for row in rows} == {None}


def test_what_only_grew_still_refuses_to_be_changed(upgraded: Upgraded) -> None:
    guarded = [name for name, table in upgraded.before.items() if table.guarded and table.rows]
    assert len(guarded) >= 10
    for table in guarded:
        column = upgraded.before[table].columns[0]
        for statement in (f"UPDATE {{}} SET {column} = {column}", "DELETE FROM {}"):
            assert upgraded.refused(table, statement), f"{table} 升级后可以改了：{statement}"


def test_every_file_is_still_there(upgraded: Upgraded) -> None:
    source = (
        RELEASES / RELEASE / ("postgres" if "KAOPING_DATABASE_URL" in upgraded.loaded.settings else "sqlite")
    )
    for path in sorted((source / "folder").rglob("*")):
        if path.is_file():
            kept = upgraded.loaded.folder / path.relative_to(source / "folder")
            assert kept.read_bytes() == path.read_bytes(), f"升级动了 {path.relative_to(source)}"


def test_published_results_still_verify(upgraded: Upgraded) -> None:
    for release in upgraded.loaded.known["releases"]:
        name = f"{release['year']}-{release['number']}"
        bundle = upgraded.loaded.folder / "published" / "releases" / name / "bundle.zip"
        done = kaoping("verify", bundle, "--digest", release["public_digest"], "--json")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_program_opens_it_and_goes_on(upgraded: Upgraded, tmp_path: Path) -> None:
    known = upgraded.loaded.known
    (tmp_path / "known.json").write_text(json.dumps(known), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.upgrade.opening", str(tmp_path / "known.json")],
        env=environment(**upgraded.loaded.settings),
        capture_output=True,
        text=True,
        check=False,
        cwd=RELEASES.parents[1],
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    # A page may link to what is refused to its reader (403); it never leads to a missing or a broken page.
    wrong = {
        (who, url): status
        for who, pages in found["pages"].items()
        for url, status in pages.items()
        if status not in ((200,) if url == "/" or who in OFFICE else (200, 403))
    }
    assert not wrong, "升级后这些页面打不开"
    assert sum(len(pages) for pages in found["pages"].values()) > 60
    codes = {code: poll for poll, codes in known["receipts"].items() for code in codes}
    assert found["receipts"] == codes, "回执查不到了"
    assert found["another_ballot"] == "stored", "在办的评议收不了卷"
    assert found["opinions"] == 2, "在路上的意见没有送到"
    assert found["opened"] == known["ballots"][known["polls"]["sealed"]], "封存的问卷打不开"
    assert found["audit_line"]
    mark = installation.read(upgraded.loaded.folder)
    assert mark is not None
    name = f"{mark.id}-CZ0-2027-1"
    assert found["new_poll"] == [name, name, "下一年评议"], "新评议的代码或公布的文件不对"


def test_the_upgrade_took_everything_over_once(upgraded: Upgraded) -> None:
    """The first release knew no installation id: folder, databases, box and published folder carry one now."""
    folder, settings = upgraded.loaded.folder, upgraded.loaded.settings
    mark = installation.read(folder)
    assert mark is not None and installation.read(folder / "published") == mark
    taken = [name for name in upgraded.after if name.rpartition(":")[2].endswith(installation.TABLE)]
    assert len(taken) == 3
    for name in taken:
        [row] = upgraded.after[name].rows.values()
        assert (row["id"], row["copy"]) == (mark.id, mark.copy), name
    again = kaoping("init", "--json", **settings)
    assert again.returncode == 0 and installation.read(folder) == mark
