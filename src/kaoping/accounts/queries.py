"""Reads about people and the audit log."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from kaoping.accounts.models import AuditEntry, Person


def person(person_id: int | str) -> Person | None:
    """One person by id."""
    return Person.objects.filter(pk=person_id).first()


def person_by_username(username: str) -> Person | None:
    """One person by sign-in name."""
    return Person.objects.filter(username=username).first()


def people(*, words: str = "") -> QuerySet[Person]:
    """Everybody, by sign-in name; narrowed by part of a name when given."""
    rows = Person.objects.order_by("username")
    return rows.filter(Q(username__icontains=words) | Q(name__icontains=words)) if words else rows


def audit_entries(
    *,
    verb: str = "",
    actor_name: str = "",
    thing_kind: str = "",
    thing_id: str = "",
    refused: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    words: str = "",
) -> QuerySet[AuditEntry]:
    """The log, newest first, narrowed by what is given; ``until`` is exclusive."""
    entries = AuditEntry.objects.order_by("-id")
    given: dict[str, object] = {
        "verb": verb,
        "actor_name": actor_name,
        "thing_kind": thing_kind,
        "thing_id": thing_id,
        "at__gte": since,
        "at__lt": until,
        "sentence__icontains": words,
    }
    entries = entries.filter(**{name: value for name, value in given.items() if value})
    return entries if refused is None else entries.filter(refused=refused)


def audit_verbs() -> list[str]:
    """Every verb that the log holds."""
    return sorted(AuditEntry.objects.order_by().values_list("verb", flat=True).distinct())


def first_audit_instant() -> datetime | None:
    """When the log begins."""
    return AuditEntry.objects.order_by("id").values_list("at", flat=True).first()
