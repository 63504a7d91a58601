"""三员分立 on the web: none of the three opens another's pages or does another's work, nor does anybody else."""

import pytest

from kaoping.accounts import policy as accounts
from kaoping.accounts.actor import Organising
from kaoping.accounts.queries import audit_entries, person, person_by_username
from kaoping.campaigns import policy as campaigns
from kaoping.inspection import policy as inspection
from kaoping.monitoring import policy as monitoring
from kaoping.publication import policy as publication
from kaoping.registry import queries

pytestmark = pytest.mark.django_db
PAGES = {
    "system_admin": ["/admin/people/", "/admin/people/new/", "/admin/health/"],
    "security_admin": ["/admin/appointments/", "/admin/appointments/new/"],
    "auditor": ["/admin/audit/", "/admin/audit/?format=csv"],
}


@pytest.mark.parametrize("role", [*PAGES, "office_head"])
def test_doors(cast, signed_in, role):
    client = signed_in(cast(role))
    for owner, pages in PAGES.items():
        for page in pages:
            assert client.get(page).status_code == (200 if owner == role else 403), (role, page)


@pytest.mark.parametrize("role", ["security_admin", "auditor", "office_handler"])
def test_posting_around_the_page_is_refused(cast, signed_in, role):
    victim, client = cast("reviewer"), signed_in(cast(role))
    for address in (
        f"/admin/people/{victim.id}/switch/",
        f"/admin/people/{victim.id}/reset/",
        "/admin/people/new/",
        "/admin/health/jobs/1/retry/",
    ):
        assert client.post(address, {"username": "x1", "name": "x"}).status_code == 403
    assert person(victim.id).is_active
    assert person_by_username("x1") is None


@pytest.mark.parametrize("role", ["system_admin", "auditor", "office_handler"])
def test_others_cannot_appoint_by_post(cast, signed_in, role):
    who = cast("reviewer")
    before = queries.appointments().count()
    client = signed_in(cast(role))
    data = {"person": who.id, "role": "office_head", "valid_from": "2025-11-24"}
    assert client.post("/admin/appointments/new/", data).status_code == 403
    [held] = queries.appointments(role="reviewer")
    assert (
        client.post(f"/admin/appointments/{held.pk}/relieve/", {"last_day": "2025-11-24"}).status_code == 403
    )
    assert queries.appointments().count() == before + 1


def test_verbs_take_post_only(cast, signed_in):
    client = signed_in(cast("system_admin"))
    for address in ("/admin/people/1/switch/", "/admin/people/1/reset/", "/admin/health/jobs/1/retry/"):
        assert client.get(address).status_code == 405
    assert audit_entries(verb="switch_person").count() == 0


@pytest.mark.parametrize("path", ["/desk/monitoring/", "/desk/visits/", "/desk/cases/", "/desk/ledger/"])
def test_the_auditor_sees_acts_and_no_results(cast, signed_in, path):
    """Whoever watches over the acts takes no part in the assessment and reads none of its results."""
    assert signed_in(cast("auditor")).get(path, follow=True).status_code == 403


def test_the_doors_to_scores_are_shut_to_the_auditor(cast):
    auditor = cast("auditor")
    doors = [
        campaigns.can_see_campaign,
        campaigns.can_see_sheet,
        campaigns.can_see_appeals,
        publication.can_see_releases,
        monitoring.can_see_monitoring,
        inspection.can_see_visits,
    ]
    for code in ("", "G1"):
        assert not any(door(auditor, Organising(code)) for door in doors)
        assert not campaigns.can_preview(auditor, Organising(code), "U1")
    assert accounts.can_read_audit(auditor)
