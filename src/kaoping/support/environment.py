"""Settings from the environment. ``NAME_FILE`` names a file that holds the value, for secrets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kaoping.foreign.opening import MEGABYTE, Unreadable, read_text

DEMO_MARK = "demo.json"


class SettingError(ValueError):
    """A setting that cannot be used; the message says which and what to write."""


def read(name: str, default: str = "") -> str:
    """The value of ``name``, or the text of the file that ``name_FILE`` points to; an empty one counts as not set."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return read_text(path, most=MEGABYTE).strip()
        except Unreadable as error:
            raise SettingError(f"{name}_FILE 指向的文件读不出：{path}（{error.message}）") from None
    return os.environ.get(name) or default


def data_folder() -> Path:
    """The folder that holds everything Kaoping keeps (``KAOPING_DATA``, by default ``kaoping-data``)."""
    return Path(read("KAOPING_DATA", "kaoping-data")).resolve()


def is_demo(folder: Path) -> bool:
    """Whether ``folder`` is a demonstration: only there may the clock be simulated."""
    return (folder / DEMO_MARK).is_file()


def published_folder(folder: Path) -> Path:
    """What the outside face reads (``KAOPING_PUBLISHED``, by default in the data folder)."""
    return Path(read("KAOPING_PUBLISHED", str(folder / "published")))


def main_database(folder: Path) -> DatabaseUrl:
    """The desk's database (``KAOPING_DATABASE_URL``, by default a file in the data folder)."""
    return parse_database_url(read("KAOPING_DATABASE_URL", f"sqlite:///{folder / 'kaoping.sqlite3'}"))


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """One parsed database address."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def django(self) -> dict[str, Any]:
        """The entry for Django's ``DATABASES``."""
        if self.engine == "sqlite":
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": self.name,
                # A thread keeps its connection: opening one anew writes a file beside the database, which a full disk
                # would refuse although reading needs no room.
                "CONN_MAX_AGE": None,
                # One writer at a time: take the write lock at BEGIN, wait for it, survive power loss.
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 30,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
                },
            }
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "OPTIONS": dict(self.options),
            "CONN_MAX_AGE": 60,
        }


def parse_database_url(url: str) -> DatabaseUrl:
    """Read ``sqlite:///path`` or ``postgres://user:password@host:port/name?option=…``."""
    parts = urlsplit(url)
    if parts.scheme in ("sqlite", "sqlite3"):
        return DatabaseUrl("sqlite", unquote(parts.path[1:]) if parts.path.startswith("/") else parts.path)
    if parts.scheme in ("postgres", "postgresql"):
        options = tuple(parse_qsl(parts.query))
        host = dict(options).get("host", parts.hostname or "")
        rest = tuple(pair for pair in options if pair[0] != "host")
        return DatabaseUrl(
            "postgresql",
            unquote(parts.path.lstrip("/")),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            host,
            str(parts.port or ""),
            rest,
        )
    raise SettingError("KAOPING_DATABASE_URL 应形如 postgres://用户:口令@主机:端口/库名 或 sqlite:///路径")
