"""A year signed on the shipped rulebook of the first release, which lists next to no check, goes on counting what is recorded."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps

from kaoping.accounts.models import Person
from kaoping.campaigns.services import plan, setting_up
from kaoping.campaigns.services.sheet import score_sheet
from kaoping.checks import Outcome, OutcomeLine
from kaoping.evidence.services import Entry
from kaoping.monitoring import queries as monitoring
from kaoping.monitoring.models import Run
from kaoping.monitoring.services.findings import confirm_batch
from kaoping.monitoring.services.sighting import record_sightings
from kaoping.rectification import queries as cases
from kaoping.rectification.services import order, overdue
from kaoping.rectification.services.opening import read_ledger
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from kaoping.standards.loading import load_rulebook, rulebook_from_files
from kaoping.standards.models import RulebookUse
from kaoping.standards.services import adopt
from tests.campaigns.examples import Year
from tests.cast import Cast
from tests.ledger import ledger as whole_ledger
from tests.ledger import main, record
from tests.upgrade.loading import rulebook_texts

pytestmark = pytest.mark.django_db
PAGE = "http://u1.kaoping.test/wj/1.html"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return rulebook_texts("first_release")


def signed(texts: Mapping[str, str], cast: Cast, at: datetime) -> Year:
    """The year of 2025, on the rulebook of these texts, signed and at work."""
    handler = cast("office_handler", name="经办甲")
    version = adopt(actor=handler, rulebook=rulebook_from_files(texts), now=at)
    campaign = setting_up.create_campaign(
        actor=handler, key=main_year(2025), title="2025 年度考核", rulebook=version, timetable="A", now=at
    )
    plan.set_priorities(actor=handler, campaign=campaign, lines=[("做好政策解读", "K3.3")], now=at)
    plan.set_participation(actor=handler, campaign=campaign, kinds=["department"], on=at.date(), now=at)
    made = Year(
        campaign,
        handler,
        cast("office_head", name="负责人乙"),
        cast("leading_group", name="领导丙"),
        cast("second_signer", name="签发人丁"),
        cast("appeal_decider", name="复核人戊"),
        (),
        {code: cast("liaison", code, name=f"联络员{code}") for code in ("U1", "U2")},
        at,
    )
    made._to("routine")
    return made


@pytest.fixture
def year(texts: dict[str, str], units: Any, cast: Cast, now: datetime, stored_files: Any) -> Year:
    """Signed 35 days ago; the rulebook of today was adopted by the upgrade since."""
    made = signed(texts, cast, now - timedelta(days=35))
    adopt(actor=made.handler, rulebook=load_rulebook("changzhou-2020"), now=made.tick())
    return made


def look(at: datetime, outcome: Outcome = Outcome.NOT_MET) -> None:
    run = Run.objects.create(
        organiser=main(), organisation=Organisation.objects.get(code="U1"), state="done", started_at=at
    )
    record_sightings(run, [OutcomeLine("P-05", 1, PAGE, outcome, "文号没有用六角括号", PAGE, None)])


def confirmed(year: Year, at: datetime) -> None:
    for days in (0, 3, 6):
        look(at + timedelta(days=days))
    [ready] = monitoring.findings(state="ready")
    confirm_batch(actor=year.handler, finding_ids=[ready.pk], now=at + timedelta(days=7))


def points(year: Year, item: str, at: datetime) -> str:
    return str(score_sheet(year.campaign, at).unit("U1")["indicators"][item]["points"])


def gates(year: Year, at: datetime) -> Any:
    return score_sheet(year.campaign, at).unit("U1")["gates"]


def test_a_finding_confirmed_after_the_upgrade_costs_its_points_and_a_passing_look_gives_them_back(
    year: Year, now: datetime
) -> None:
    whole = points(year, "K3.4.p", year.at)
    confirmed(year, year.at)
    [line] = whole_ledger()
    assert (line.item, line.check) == ("K3.4.p", "P-05")
    later = year.at + timedelta(days=8)
    assert float(points(year, "K3.4.p", later)) == float(whole) - 0.5
    look(year.at + timedelta(days=9), Outcome.MET)
    assert {one.item for one in whole_ledger()} == {"K3.4.p"}
    assert points(year, "K3.4.p", year.at + timedelta(days=10)) == whole


def test_overdue_orders_fail_the_gate_until_they_are_closed(year: Year, now: datetime) -> None:
    confirmed(year, year.at)
    read_ledger(now=year.at + timedelta(days=7))
    [case] = cases.cases()
    order.serve(actor=year.handler, numbers=[case.number], days=5, now=year.at + timedelta(days=8))
    day = now.date() - timedelta(days=1)
    assert overdue.record_overdue(actor=year.handler, on=day, now=now) == 1
    assert gates(year, now)["G1"] is False
    case.refresh_from_db()
    case.state, case.closed_at = "closed", now
    case.save()
    assert overdue.record_overdue(actor=year.handler, on=now.date(), now=now + timedelta(hours=1)) == 0
    assert gates(year, now + timedelta(hours=2))["G1"] is True


@pytest.mark.parametrize("planned_on", ["2020.1", "2020.2"])
def test_a_gate_that_the_release_before_shut_opens_again(
    texts: dict[str, str], planned_on: str, units: Any, cast: Cast, now: datetime, stored_files: Any
) -> None:
    """The first release wrote the gate's code and no feed; what says that nothing is overdue any more speaks of that line too.

    So does it where the plan was still open at the upgrade and was signed on the rulebook that lists the feed.
    """
    files = texts if planned_on == "2020.1" else load_rulebook("changzhou-2020").files
    year = signed(files, cast, now - timedelta(days=35))
    uid, at = "overdue:2025-11-21:U1:not_met", now - timedelta(days=3)
    record(
        [Entry("U1", "register", at, "verdict", "not_met", item="G1", uid=uid)], actor=year.handler, now=at
    )
    assert gates(year, now)["G1"] is False
    for _time in range(2):
        assert overdue.record_overdue(actor=year.handler, on=now.date(), now=now) == 0
    assert gates(year, now + timedelta(hours=1))["G1"] is True
    lines = len(whole_ledger())
    overdue.record_overdue(actor=year.handler, on=now.date() + timedelta(days=1), now=now + timedelta(days=1))
    assert planned_on == "2020.1" or len(whole_ledger()) == lines, "said once"


def test_a_plan_that_was_signed_before_rulebooks_came_into_force_by_a_row_is_in_force_after_the_upgrade(
    year: Year,
) -> None:
    [(version, key, first, last)] = RulebookUse.objects.values_list("version", "key", "first", "last")
    kept = version, key.rpartition("-")[2], first, last  # a later step of the upgrade adds whose year it is
    step = importlib.import_module("kaoping.campaigns.migrations.0017_rulebooks_in_force")
    RulebookUse.objects.all().delete()
    for _time in range(2):
        step.bring_into_force(apps, None)
        assert list(RulebookUse.objects.values_list("version", "key", "first", "last")) == [kept]
    RulebookUse.objects.all().delete()
    year.campaign.approvals.create(
        subject="plan", step="returned", by=Person.objects.get(pk=year.head.id), at=year.tick()
    )
    step.bring_into_force(apps, None)
    assert not RulebookUse.objects.exists(), "a plan that was sent back is not signed"


def test_a_rulebook_derived_from_it_counts_as_well(
    texts: dict[str, str], units: Any, cast: Cast, now: datetime, stored_files: Any
) -> None:
    own = "id: mine\nversion: '1'\ntitle: 本区规则集\nissuer: 样例区\nextends: changzhou-2020\n"
    derived = {"about.yaml": own, "rubric.yaml": "{}\n"} | {
        f"extends/{name}": text for name, text in texts.items()
    }
    year = signed(derived, cast, now - timedelta(days=35))
    confirmed(year, year.at)
    assert [one.item for one in whole_ledger()] == ["K3.4.p"]


def test_a_line_of_a_day_that_no_such_year_looks_at_names_its_check_alone(year: Year, now: datetime) -> None:
    """December belongs to the next year, whose plan is not signed; by its codes nothing is named."""
    confirmed(year, datetime(2025, 12, 2, 2, tzinfo=now.tzinfo))
    overdue.record_overdue(actor=year.handler, on=date(2025, 12, 20), now=now + timedelta(days=60))
    assert {one.item for one in whole_ledger()} == {None}
