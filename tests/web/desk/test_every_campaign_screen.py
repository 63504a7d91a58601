"""Every screen of a campaign opens at every stage, for those who may see it, and refuses the others in words."""

import pytest

from kaoping.campaigns.queries import campaign as campaigns
from kaoping.registry.queries.organisers import main_year
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
PAGES = (
    "board/G1-2025/",
    "board/G1-2025/advance/",
    "plan/G1-2025/",
    "plan/G1-2025/priorities/",
    "plan/G1-2025/rulebook/",
    "plan/G1-2025/units/",
    "plan/G1-2025/units/U1/",
    "plan/G1-2025/timetable/",
    "plan/new/",
    "approval/G1-2025/plan/",
    "approval/G1-2025/plan/sign/",
    "approval/G1-2025/plan/return/",
    "approval/G1-2025/plan/scan/",
    "approval/G1-2025/plan/docx/",
    "approval/G1-2025/plan/print/",
    "approval/G1-2025/result/",
    "approval/G1-2025/result/print/",
    "rulebooks/",
    "self-reviews/G1-2025/",
    "self-reviews/G1-2025/claims/",
    "reviews/G1-2025/",
    "reviews/G1-2025/assign/",
    "reviews/G1-2025/assign/one/",
    "reviews/G1-2025/close/",
    "scoring/G1-2025/",
    "scoring/G1-2025/?unit=U1&item=K1.1",
    "scoring/G1-2025/?unit=U1&item=K1",
    "scoring/G1-2025/?unit=U1&item=K3",
    "scoring/G1-2025/?unit=none&item=K9",
    "scoring/G1-2025/sign-off/",
    "appeals/G1-2025/",
    "publication/G1-2025/",
    "publication/G1-2025/freeze/",
    "report/G1-2025/",
    "report/G1-2025/city/",
    "report/G1-2025/U1/",
    "report/G1-2025/U1/docx/",
)
FILES = ("board", "plan", "self-reviews", "reviews", "scoring", "appeals", "report")


@pytest.mark.parametrize("stage", ["plan", "review", "appeals"])
def test_every_page_opens_for_the_handler(year, signed_in, stage, monkeypatch):
    year.to(stage)
    if stage == "appeals":
        year.compute()
    at(year.at, monkeypatch)
    client = signed_in(year.handler)
    extra = [f"rulebooks/{year.campaign.rulebook_id}/"]
    if stage == "review":
        extra += ["self-reviews/G1-2025/unit/U1/" + part for part in ("", "return/", "missing/")]
    if stage == "appeals":
        extra.append("scoring/G1-2025/unit/U1/")
    for page in (*PAGES, *extra):
        response = client.get(f"/desk/{page}")
        assert response.status_code == 200, (stage, page)
    for name in FILES:
        if name == "scoring" and stage != "appeals":
            continue
        assert client.get(f"/desk/{name}/2025/?format=csv").status_code == 200, name
        assert client.get(f"/desk/{name}/2025/?format=xlsx").content[:2] == b"PK", name


@pytest.mark.parametrize("role", ["reviewer", "inspector", "system_admin", "security_admin"])
def test_outsiders_are_turned_away(year, cast, signed_in, role):
    client = signed_in(cast(role))
    for page in PAGES:
        assert client.get(f"/desk/{page}").status_code == 403, page


@pytest.mark.parametrize("name", ["liaison"])
def test_liaisons_have_their_own_screens(year, cast, signed_in, name):
    client = signed_in(year.liaisons["U1"])
    for page in (
        "board/G1-2025/",
        "scoring/G1-2025/",
        "reviews/G1-2025/",
        "report/G1-2025/",
        "plan/G1-2025/",
    ):
        assert client.get(f"/desk/{page}").status_code == 403, page


def test_a_year_that_is_not_there_is_404(year, signed_in):
    client = signed_in(year.handler)
    assert client.get("/desk/board/G1-2031/").status_code == 404
    assert client.get("/desk/approval/G1-2025/other/").status_code == 404
    assert campaigns.of(main_year(2031)) is None


@pytest.mark.parametrize(
    "name",
    ["board", "plan", "self-reviews", "reviews", "scoring", "appeals", "publication", "report"],
)
def test_the_menu_leads_to_the_newest_year(year, signed_in, name):
    assert signed_in(year.handler).get(f"/desk/{name}/").headers["Location"] == f"/desk/{name}/G1-2025/"
