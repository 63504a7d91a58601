"""Database triggers that refuse UPDATE and DELETE, on SQLite and on PostgreSQL, for tables that only grow."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def append_only(table: str) -> migrations.RunPython:
    """A migration operation after which rows of ``table`` can be added but never changed or removed."""

    def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _STATEMENTS[editor.connection.vendor](table):
            editor.execute(statement)

    def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        raise RuntimeError(f"{table} 只增不改，不能撤去保护")

    return migrations.RunPython(forwards, backwards)


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} 只增不改'); END"
        for act in ("UPDATE", "DELETE")
    ]


def _postgresql(table: str) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION kaoping_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% 只增不改', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION kaoping_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION kaoping_refuse()",
    ]


_STATEMENTS = {"sqlite": _sqlite, "postgresql": _postgresql}
