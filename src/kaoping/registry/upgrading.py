"""What migrations of every app ask of the register as it stands in the database that they upgrade."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations import AddField, RunSQL
from django.db.models import CharField

# The first government of the register without another above it; until now every year was its office's.
_TOP: Final = (
    "SELECT code FROM registry_organisation WHERE kind = 'government' AND parent = '' "
    'ORDER BY "order", code LIMIT 1'
)
_MAIN: Final = "SELECT code FROM registry_organiser WHERE main"


def fix_main(table: str, since: str) -> RunSQL:
    """Write down whose the rows of ``table`` are, where there are any: what was made before there were organisers is the main
    one's, so that it must be known from now on. ``since`` is the column of the instant from which it is.
    """
    statement = (
        "INSERT INTO registry_organiser (code, office, main, since) "  # noqa: S608 - names of our own tables
        f"SELECT COALESCE(({_TOP}), 'city'), %s, TRUE, MIN({since}) FROM {table} "
        f"HAVING COUNT(*) > 0 AND NOT EXISTS ({_MAIN})"
    )
    return RunSQL([(statement, [str(settings.KAOPING_OFFICE)])], RunSQL.noop)


def add_organiser(model: str) -> AddField:
    """Whose the rows of ``model`` are, from now on; those that are there already are the main organiser's."""
    field = CharField(max_length=40, default=main_organiser)
    return AddField(model_name=model, name="organiser", field=field, preserve_default=False)


def main_organiser() -> str:
    """Whose the rows of earlier releases are."""
    with connection.cursor() as cursor:
        for statement in (_MAIN, _TOP):
            cursor.execute(statement)
            if row := cursor.fetchone():
                return str(row[0])
    return "city"
