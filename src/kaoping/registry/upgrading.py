"""What migrations of every app ask of the register as it stands in the database that they upgrade."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import connection

# The first government of the register without another above it; until now every year was its office's.
_TOP: Final = (
    "SELECT code FROM registry_organisation WHERE kind = 'government' AND parent = '' "
    'ORDER BY "order", code LIMIT 1'
)
_MAIN: Final = "SELECT code FROM registry_organiser WHERE main"
# What was made before there were organisers is the main one's, so that it must be known from now on.
FIX_MAIN: Final = (
    "INSERT INTO registry_organiser (code, office, main, since) "  # noqa: S608 - constants
    f"SELECT COALESCE(({_TOP}), 'city'), %s, TRUE, MIN(created_at) FROM campaigns_campaign HAVING COUNT(*) > 0"
)


def office() -> list[str]:
    """The parameter of ``FIX_MAIN``: what the installation's office is called."""
    return [str(settings.KAOPING_OFFICE)]


def main_organiser() -> str:
    """Whose the rows of earlier releases are."""
    with connection.cursor() as cursor:
        for statement in (_MAIN, _TOP):
            cursor.execute(statement)
            if row := cursor.fetchone():
                return str(row[0])
    return "city"
