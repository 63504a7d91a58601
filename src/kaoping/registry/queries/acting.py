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
    rows = list(held)
    offices = any(role in OF_AN_ORGANISER for role, _code, _main in rows)
    main = (rows[0][2] or organisers.main_code(on=on)) if offices else ""
    roles = tuple((role, code or (main if role in OF_AN_ORGANISER else "")) for role, code, _main in rows)
    return Actor(id=str(person.pk), username=person.username, name=person.name, roles=roles, main=main)
