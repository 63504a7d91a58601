"""The protection of every table that only grows, as the database itself holds it."""

import pytest
from django.db import DatabaseError, connection, transaction

from kaoping.support.append_only import _postgresql

pytestmark = pytest.mark.django_db
TABLES = [
    "accounts_auditentry",
    "evidence_observation",
    "evidence_observationartefact",
    "evidence_artefact",
    "evidence_destruction",
    "evidence_upload",
    "evidence_refusedfile",
    "evidence_seal",
    "evidence_proposal",
    "evidence_decision",
    "evidence_act",
    "evidence_second",
    "evidence_closing",
    "standards_rulebookversion",
    "standards_rulebookwithdrawal",
]


def test_statements_cover_update_delete_and_truncate():
    text = "\n".join(_postgresql("some_table"))
    assert "BEFORE UPDATE OR DELETE ON some_table FOR EACH ROW" in text
    assert "BEFORE TRUNCATE ON some_table FOR EACH STATEMENT" in text


@pytest.mark.parametrize("table", TABLES)
def test_the_table_is_guarded(table):
    if connection.vendor == "postgresql":
        with (
            pytest.raises(DatabaseError, match="只增不改"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {table} CASCADE")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        assert {row[0] for row in cursor.fetchall()} == {f"{table}_no_update", f"{table}_no_delete"}
