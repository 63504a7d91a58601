"""Whose data this is: the id of an installation, and the marks of it in every place outside the data folder.

``installation.json`` in the data folder is made once, by ``kaoping init``. The main database, the ballot box, the
outbox of opinions and the published folder each carry the same mark, so that settings which point to somebody else's
place are noticed before anything is written there. A restored backup keeps the id – polls and receipts are still its
own – and gets a new ``copy``: the restored set belongs together, and the original's places refuse it.
No Django: the ballot intake, backup and restore use this too.
"""

from __future__ import annotations

import importlib
import json
import os
import secrets
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from kaoping.foreign.failures import in_words, of_server
from kaoping.support import untouched
from kaoping.support.environment import DatabaseUrl

FILE: Final = "installation.json"
TABLE: Final = "kaoping_installation"
# Without 0, 1, i, l and o: read out over the telephone.
_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_ID_SIGNS: Final = 8
ADOPT: Final = "先备份，再运行 kaoping init，由它认领一次"


class ForeignPlace(RuntimeError):
    """A place that is not this installation's, or not known to be; the message says which and what to do."""


class Unreachable(RuntimeError):
    """A database that does not answer now."""


@dataclass(frozen=True, slots=True)
class Mark:
    """``id`` stands in the ids of polls and never changes; ``copy`` is another one after every restore."""

    id: str
    copy: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place outside the folder's own file: what it is called, where it is, which setting leads there."""

    what: str
    where: str
    setting: str


def new_mark() -> Mark:
    """The mark of an installation that begins."""
    return Mark("".join(secrets.choice(_SIGNS) for _ in range(_ID_SIGNS)), secrets.token_hex(8))


def read(folder: Path) -> Mark | None:
    """The mark in ``folder`` (a data folder or a published one); null when none was made yet. Raises ``ForeignPlace``."""
    try:
        if not stat.S_ISREG((folder / FILE).stat().st_mode):  # a pipe would be waited for without end
            raise ForeignPlace(f"{folder / FILE} 不是普通文件。办法：从备份里取回这个文件")
        text = (folder / FILE).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ForeignPlace(f"{folder / FILE} 读不出（{in_words(error)}）。办法：核对属主和权限") from None
    try:
        found = json.loads(text)
        mark = Mark(found["id"], found["copy"])
    except (ValueError, KeyError, TypeError):
        raise ForeignPlace(f"{folder / FILE} 的内容不对。办法：从备份里取回这个文件") from None
    return mark


def write(folder: Path, mark: Mark) -> None:
    """Put ``mark`` into a folder, whole or not at all."""
    temporary = folder / f".{FILE}.{os.getpid()}"
    temporary.write_text(json.dumps(asdict(mark)) + "\n", encoding="utf-8")
    temporary.replace(folder / FILE)


def renewed(mark: Mark) -> Mark:
    """The mark of a restored copy."""
    return Mark(mark.id, secrets.token_hex(8))


def refusal(own: Mark | None, found: Mark | None, place: Place, *, filled: bool) -> str | None:
    """Why ``place`` must not be used with a data folder marked ``own``; null when it may.

    ``filled``: an unmarked place holds something already. An unmarked empty place may be taken.
    """
    where = f"{place.what}（{place.where}）"
    if found is None:
        if own is None or not filled:
            return None
        return f"{where}还没有认领，不知道是不是本安装的。办法：确认 {place.setting} 没有指错，{ADOPT}"
    if own is None:
        return (
            f"{where}属于安装 {found.id}，本数据目录还没有安装标识。已停下，什么都没有写。"
            f"办法：核对 {place.setting} 和数据目录；确是同一个安装的，从备份恢复它的数据目录"
        )
    if found == own:
        return None
    if found.id != own.id:
        return (
            f"{where}属于另一个安装 {found.id}，本数据目录是 {own.id}。已停下，什么都没有写。"
            f"办法：核对 {place.setting}，演练、演示另设空库和空目录"
        )
    return (
        f"{where}属于安装 {own.id} 的另一份拷贝：备份恢复出来的与原来的不能共用一处。已停下，什么都没有写。"
        f"办法：把 {place.setting} 指向本数据目录自己的库或目录"
    )


def refuse_folder(own: Mark | None, folder: Path, what: str, setting: str) -> None:
    """Raises ``ForeignPlace`` when the folder is another installation's. An unmarked one is nobody's yet."""
    words = refusal(own, read(folder), Place(what, str(folder), setting), filled=False)
    if words:
        raise ForeignPlace(words)


def read_database(url: DatabaseUrl, schema: str = "") -> Mark | None:
    """The mark in a database (in a ``schema`` of PostgreSQL), read without changing anything; null when there is none."""
    name = f"{schema}.{TABLE}" if schema else TABLE
    with _reading(url) as connection:
        if connection is None or not _exists(url, connection, name):
            return None
        row = connection.execute(f"SELECT id, copy FROM {name}").fetchone()  # noqa: S608 - a constant name
        return Mark(*row) if row else None


def holds_rows(url: DatabaseUrl, tables: tuple[str, ...]) -> bool:
    """Whether one of ``tables`` exists and holds a row."""
    with _reading(url) as connection:
        return connection is not None and any(
            _exists(url, connection, one)
            and connection.execute(f"SELECT 1 FROM {one} LIMIT 1").fetchone() is not None  # noqa: S608
            for one in tables
        )


def mark_database(url: DatabaseUrl, mark: Mark, schema: str = "", *, anew: bool = False) -> None:
    """Put ``mark`` into a database that has none; ``anew`` replaces another one (only a restore does that)."""
    name = f"{schema}.{TABLE}" if schema else TABLE
    statements = [
        f"CREATE TABLE IF NOT EXISTS {name} "
        "(one integer PRIMARY KEY CHECK (one = 1), id text NOT NULL, copy text NOT NULL)",
        *([f"DELETE FROM {name}"] if anew else []),  # noqa: S608
    ]
    insert = f"INSERT INTO {name} (one, id, copy) VALUES (1, {{0}}, {{0}}) ON CONFLICT DO NOTHING"  # noqa: S608
    if url.engine == "sqlite":
        with closing(sqlite3.connect(url.name, timeout=30)) as connection, connection:
            for statement in statements:
                connection.execute(statement)
            connection.execute(insert.format("?"), (mark.id, mark.copy))
        return
    with _postgres(url) as connection:
        connection.execute("SET LOCAL client_min_messages = warning")
        for statement in [*([f"CREATE SCHEMA IF NOT EXISTS {schema}"] if schema else []), *statements]:
            connection.execute(statement)
        connection.execute(insert.format("%s"), (mark.id, mark.copy))


@contextmanager
def _reading(url: DatabaseUrl) -> Iterator[Any]:
    """A connection to read with; null for a SQLite file that does not exist."""
    if url.engine != "sqlite":
        with _postgres(url) as connection:
            yield connection
        return
    if not Path(url.name).is_file():
        yield None
        return
    with closing(sqlite3.connect(untouched.address(Path(url.name)), uri=True, timeout=30)) as connection:
        yield connection


def _exists(url: DatabaseUrl, connection: Any, name: str) -> bool:
    if url.engine == "sqlite":
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return connection.execute(query, (name,)).fetchone() is not None
    return bool(connection.execute("SELECT to_regclass(%s) IS NOT NULL", (name,)).fetchone()[0])


def _postgres(url: DatabaseUrl) -> Any:
    psycopg: Any = importlib.import_module("psycopg")
    try:
        return psycopg.connect(
            dbname=url.name,
            user=url.user or None,
            password=url.password or None,
            host=url.host or None,
            port=url.port or None,
            **dict(url.options),
        )
    except psycopg.OperationalError as error:
        raise Unreachable(f"连不上数据库 {url.name}（{of_server(error)}）") from None
