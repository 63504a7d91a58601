"""Database triggers that refuse UPDATE and DELETE, on SQLite and on PostgreSQL, for tables that only grow."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation


class AppendOnly(Operation):
    """After it rows of a table can be added but never changed or removed.

    Unlike ``RunPython`` it needs no models: for those Django would draw up all of them as they were then, at each table anew.
    """

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models do not know of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Put the triggers there."""
        for statement in _STATEMENTS[schema_editor.connection.vendor](self.table):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """There is no way back."""
        raise RuntimeError(f"{self.table} 只增不改，不能撤去保护")


def append_only(table: str) -> AppendOnly:
    """A migration operation after which rows of ``table`` can be added but never changed or removed."""
    return AppendOnly(table)


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


class GuardedAnew(AppendOnly):
    """Stands behind an operation for which Django makes a table of SQLite anew: its protection goes with the old one.

    PostgreSQL changes the table where it is, and its triggers stay.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Put the triggers back."""
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class Longer(Operation):
    """A text column of a protected table may hold more from now on; beside it the migration alters the field in its state only.

    Django makes a table of SQLite anew for that, and its protection would be gone. SQLite keeps text of any length in any
    column, so nothing is to be done there; PostgreSQL widens the column where it is.
    """

    def __init__(self, table: str, column: str, length: int) -> None:
        self.table, self.column, self.length = table, column, length

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The field says it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Widen the column."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"ALTER TABLE {self.table} ALTER COLUMN {self.column} TYPE varchar({self.length})"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """What is longer by now would be lost: the column stays as it is."""
