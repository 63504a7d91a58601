"""Reads about people and the audit log."""

from __future__ import annotations

from django.db.models import QuerySet

from kaoping.accounts.models import AuditEntry, Person


def person(person_id: int | str) -> Person | None:
    """One person by id."""
    return Person.objects.filter(pk=person_id).first()


def person_by_username(username: str) -> Person | None:
    """One person by sign-in name."""
    return Person.objects.filter(username=username).first()


def people() -> QuerySet[Person]:
    """Everybody, by sign-in name."""
    return Person.objects.order_by("username")


def audit_entries(
    *, verb: str = "", actor_name: str = "", thing_kind: str = "", thing_id: str = ""
) -> QuerySet[AuditEntry]:
    """The log, newest first, narrowed by what is given."""
    entries = AuditEntry.objects.order_by("-id")
    given = {"verb": verb, "actor_name": actor_name, "thing_kind": thing_kind, "thing_id": thing_id}
    return entries.filter(**{name: value for name, value in given.items() if value})
