"""Load the fixture of a release: its databases from SQL text, its folder beside them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.upgrade.make import DATABASES

RELEASES: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Loaded:
    """One installation as the release left it: its folder, the settings that its commands need, what is known of it."""

    folder: Path
    settings: Mapping[str, str]
    known: Mapping[str, Any]


def load_sqlite(release: str, folder: Path) -> Loaded:
    """``release`` names a folder beside this file; ``folder`` must not exist."""
    source = RELEASES / release / "sqlite"
    shutil.copytree(source / "folder", folder)
    for file, name in DATABASES.items():
        with closing(sqlite3.connect(folder / file)) as connection:
            connection.executescript(_text(source / f"{name}.sql"))
    return Loaded(folder, {"KAOPING_DATA": str(folder)}, _known(source))


def load_postgres(release: str, folder: Path, desk: str, ballots: str) -> Loaded:
    """The same into two empty databases, named by their addresses."""
    import psycopg  # noqa: PLC0415 - only where a server is

    source = RELEASES / release / "postgres"
    shutil.copytree(source / "folder", folder)
    for url, name in ((desk, "desk"), (ballots, "ballots")):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_text(source / f"{name}.sql"))  # type: ignore[call-overload]
    settings = {
        "KAOPING_DATA": str(folder),
        "KAOPING_DATABASE_URL": desk,
        "KAOPING_BALLOT_DATABASE_URL": ballots,
    }
    return Loaded(folder, settings, _known(source))


def _text(path: Path) -> str:
    """The bytes as they were written: line ends inside values are values."""
    return path.read_bytes().decode()


def _known(source: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((source / "known.json").read_text(encoding="utf-8"))
    return found


def rulebook_texts(release: str) -> dict[str, str]:
    """The texts of the rulebook that the installation of a release had adopted."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_text(RELEASES / release / "sqlite" / "desk.sql"))
        [kept] = connection.execute("SELECT files FROM standards_rulebookversion").fetchone()
    texts: dict[str, str] = json.loads(kept)
    return texts
