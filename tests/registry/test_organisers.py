"""For whom the installation was set up: fixed when it first organises something, whatever the register says later."""

from __future__ import annotations

from datetime import datetime

import pytest

from kaoping.registry.models import Organisation, Organiser
from kaoping.registry.queries import organisers
from kaoping.registry.services.organisers import main_organiser
from kaoping.scoring.organised import OrganisedYear

pytestmark = pytest.mark.django_db


def test_the_government_at_the_top_and_then_no_other(now: datetime) -> None:
    assert organisers.main_code(on=now.date()) == "city"
    Organisation.objects.create(code="C0", name="某市人民政府", short_name="市政府", kind="government")
    assert organisers.main_code(on=now.date()) == "C0" and not Organiser.objects.exists()
    assert main_organiser(now) == main_organiser(now) == "C0"
    Organisation.objects.filter(code="C0").update(code="C9")
    assert organisers.main_code(on=now.date()) == "C0"
    [kept] = Organiser.objects.all()
    assert (kept.main, kept.office, kept.since) == (True, "市政务公开办", now)


def test_a_year_alone_is_that_organiser_s(now: datetime) -> None:
    Organisation.objects.create(code="C0", name="某市人民政府", short_name="市政府", kind="government")
    assert organisers.named("2025") == OrganisedYear("C0", 2025)
    assert organisers.named("D1-2025") == OrganisedYear("D1", 2025)
    assert organisers.named("correction") is None
