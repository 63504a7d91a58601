"""Who acts: a person with the roles of a day, each for whom it is held."""

from __future__ import annotations

from datetime import date

from django.db.models import Subquery

from kaoping.accounts.actor import OF_AN_ORGANISER, Actor
from kaoping.accounts.models import Person
from kaoping.registry.models import Organiser
from kaoping.registry.queries import held_roles, organisers


def actor_for(person: Person, *, on: date) -> Actor:
    """The person with the roles held on a day."""
    known = Subquery(Organiser.objects.filter(main=True).values("code")[:1])
    held = held_roles(person, on=on).values_list("role", "organisation__code", known)
    roles = tuple((role, code or _whom_it_serves(role, main, on)) for role, code, main in held)
    return Actor(id=str(person.pk), username=person.username, name=person.name, roles=roles)


def _whom_it_serves(role: str, main: str | None, on: date) -> str:
    """For whom a role without an organisation is held: an organiser's for the one for whom the installation was set up."""
    if role not in OF_AN_ORGANISER:
        return ""
    return main or organisers.main_code(on=on)
