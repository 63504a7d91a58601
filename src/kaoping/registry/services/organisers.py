"""Who organises is written down when it first organises something."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from kaoping.beijing import day_of
from kaoping.registry.models import Organiser
from kaoping.registry.queries import organisers


def main_organiser(now: datetime) -> str:
    """The code of the organiser for whom the installation was set up, fixed from now on. Called by verbs, in their transaction."""
    code = organisers.main_code(on=day_of(now))
    Organiser.objects.get_or_create(
        main=True, defaults={"code": code, "office": settings.KAOPING_OFFICE, "since": now}
    )
    return code
