"""The last link of the audit log's chain, read from a database or a copy of one. No Django: backups ask."""

from __future__ import annotations

import importlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kaoping.support.environment import DatabaseUrl

_COLUMNS: Final = {"number", "digest", "at"}
_LAST: Final = (
    "SELECT number, digest, at FROM accounts_auditentry WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Head:
    """Up to line ``number``, written at ``at``, the whole log has this ``digest``."""

    number: int
    digest: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """As it stands in files that leave the machine."""
        return {"number": self.number, "digest": self.digest, "at": self.at.astimezone(UTC).isoformat()}


def of_copy(source: DatabaseUrl, copy: Path) -> Head | None:
    """The head of a SQLite copy, or of the PostgreSQL database that was just dumped; null before there is a chain."""
    if source.engine == "sqlite":
        with closing(sqlite3.connect(copy)) as connection:
            columns = {row[1] for row in connection.execute("PRAGMA table_info(accounts_auditentry)")}
            row = connection.execute(_LAST).fetchone() if columns >= _COLUMNS else None
        return (
            Head(int(row[0]), str(row[1]), datetime.fromisoformat(str(row[2])).replace(tzinfo=UTC))
            if row
            else None
        )
    psycopg: Any = importlib.import_module("psycopg")
    with psycopg.connect(
        dbname=source.name,
        user=source.user or None,
        password=source.password or None,
        host=source.host or None,
        port=source.port or None,
    ) as connection:
        query = "SELECT column_name FROM information_schema.columns WHERE table_name = 'accounts_auditentry'"
        if not {str(row[0]) for row in connection.execute(query)} >= _COLUMNS:
            return None
        row = connection.execute(_LAST).fetchone()
    return Head(int(row[0]), str(row[1]), row[2]) if row else None
