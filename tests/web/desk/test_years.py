"""While the next year's plan is written, what concerns the running year opens on the running year."""

from __future__ import annotations

import pytest

from kaoping.campaigns.services.setting_up import create_campaign
from kaoping.registry.queries.organisers import main_year
from kaoping.web.desk.records.ledger import vocabulary

pytestmark = pytest.mark.django_db
AT_WORK = (
    "board", "severe", "self-reviews", "reviews", "scoring", "appeals", "publication", "report", "evaluation",
)  # fmt: skip


@pytest.fixture
def with_next_plan(year):
    year.to("review")
    create_campaign(
        actor=year.handler,
        key=main_year(2026),
        title="2026 年度考核",
        rulebook=year.campaign.rulebook,
        timetable="A",
        now=year.tick(),
    )
    return year


@pytest.mark.parametrize("screen", AT_WORK)
def test_screens_of_the_running_year(with_next_plan, signed_in, screen):
    client = signed_in(with_next_plan.handler)
    assert "/G1-2025/" in client.get(f"/desk/{screen}/")["Location"]


def test_the_plan_that_is_written(with_next_plan, signed_in):
    assert "/G1-2026/" in signed_in(with_next_plan.handler).get("/desk/plan/")["Location"]


def test_the_ledger_speaks_of_the_running_year(with_next_plan):
    assert vocabulary().title("K1.1")


def test_the_first_plan_opens_on_itself(year, signed_in):
    client = signed_in(year.handler)
    for screen in (*AT_WORK, "plan"):
        assert "/G1-2025/" in client.get(f"/desk/{screen}/")["Location"]
