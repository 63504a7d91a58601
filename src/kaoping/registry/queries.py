"""Reads of the register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import Person
from kaoping.registry.models import Appointment, Organisation, SiteColumn
from kaoping.scoring.units import Unit


def organisations(*, on: date | None = None, kinds: Iterable[str] = ()) -> QuerySet[Organisation]:
    """Organisations in register order; those that exist on a day, and of some kinds, when given."""
    rows = Organisation.objects.all()
    if on is not None:
        rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))
    wanted = list(kinds)
    return rows.filter(kind__in=wanted) if wanted else rows


def organisation(code: str) -> Organisation | None:
    """One organisation by code."""
    return Organisation.objects.filter(code=code).first()


def short_names() -> dict[str, str]:
    """Code to short name, for lists; one query."""
    return dict(Organisation.objects.values_list("code", "short_name"))


def columns_of(code: str) -> QuerySet[SiteColumn]:
    """The column plan of a unit's site."""
    return SiteColumn.objects.filter(organisation__code=code).order_by("id")


def branch_of(actor: Actor) -> set[str]:
    """Codes of the units that a district office or competent department answers for (考核办法 第四条、第九条)."""
    districts = actor.organisations("district_office")
    departments = actor.organisations("competent_department")
    if not districts and not departments:
        return set()
    rows = Organisation.objects.filter(
        Q(parent__in=districts) | Q(code__in=districts) | Q(leading_department__in=departments)
    )
    return set(rows.values_list("code", flat=True))


def actor_for(person: Person, *, on: date) -> Actor:
    """The person with the roles held on a day."""
    held = (
        Appointment.objects.filter(person=person, valid_from__lte=on)
        .filter(Q(valid_until=None) | Q(valid_until__gte=on))
        .order_by("id")
        .values_list("role", "organisation__code")
    )
    roles = tuple((role, code or "") for role, code in held)
    return Actor(id=str(person.pk), username=person.username, name=person.name, roles=roles)


def people_with_role(role: str, *, on: date) -> QuerySet[Person]:
    """People who hold a role on a day."""
    return (
        Person.objects.filter(
            Q(appointments__valid_until=None) | Q(appointments__valid_until__gte=on),
            appointments__role=role,
            appointments__valid_from__lte=on,
            is_active=True,
        )
        .distinct()
        .order_by("username")
    )


def appointments() -> QuerySet[Appointment]:
    """All appointments, with person and organisation."""
    return Appointment.objects.select_related("person", "organisation").order_by("role", "person__username")


def as_unit(row: Organisation, *, group: str | None = None, participates: bool | None = None) -> Unit:
    """The engine's form of a row; a campaign may give its own group and participation."""
    return Unit(
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        parent=row.parent or None,
        leading_department=row.leading_department or None,
        group=(group if group is not None else row.group) or None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        participates=row.participates if participates is None else participates,
        successor=row.successor or None,
        site_url=row.site_url or None,
        site_id_code=row.site_id_code or None,
    )
