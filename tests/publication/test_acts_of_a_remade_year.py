"""A year is voided and made again: the same acts have other numbers, and the bundle of the year that stands verifies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kaoping.accounts.actor import Actor
from kaoping.campaigns.logic.severe import Given
from kaoping.campaigns.models import Appeal, Campaign, PointsRuling, SevereRuling
from kaoping.campaigns.services import appeal, correction, plan, setting_up, severe, sign_off
from kaoping.publication import queries, services
from kaoping.publication.bundle.verify import verify_files
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.examples import PDF, Year, make_year
from tests.campaigns.rulebook import SEVERE_FILES
from tests.ledger import ledger as whole_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(
    cast: Callable[..., Actor],
    now: datetime,
    units: tuple[Any, Any],
    stored_files: Path,
    published_folder: Path,
) -> Year:
    return make_year(cast, now, files=SEVERE_FILES)


def _vetoed(year: Year, document: str) -> None:
    """By two persons, while the routine goes on."""
    made = severe.propose_severe(
        actor=year.handler,
        campaign=year.to("routine").campaign,
        given=Given("U1", "V1", "查实", "2025-10-08", document, "查实台账不实。", "通报.pdf"),
        content=PDF,
        confirmed=True,
        now=year.tick(),
    )
    severe.second_severe(actor=year.head, ruling=made, agreed=True, now=year.tick())


def _appealed(year: Year) -> None:
    filed = appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item="K1.2",
        claim="材料齐全",
        now=year.tick(),
    )
    if year.campaign.stage == "preview":
        year.advance()
    appeal.decide_appeal(
        actor=year.decider,
        appeal=filed,
        outcome="upheld",
        decision="材料属实",
        change=appeal.Change(points=str(20 + Appeal.objects.count())),
        now=year.tick(),
    )


def _remade(year: Year, decider: Actor) -> Year:
    campaign = setting_up.create_campaign(
        actor=year.handler,
        key=main_year(2025),
        title="2025 年度考核",
        rulebook=year.campaign.rulebook,
        timetable="A",
        now=year.tick(),
    )
    plan.set_priorities(
        actor=year.handler, campaign=campaign, lines=[("做好政策解读", "K3.3")], now=year.tick()
    )
    plan.set_participation(
        actor=year.handler, campaign=campaign, kinds=["department"], on=date(2025, 11, 24), now=year.tick()
    )
    return replace(year, campaign=campaign, decider=decider)


def test_no_number_of_an_act_is_given_twice_and_the_bundle_verifies(
    year: Year, cast: Callable[..., Actor]
) -> None:
    _vetoed(year, "通报1号")
    year.to("preview")
    year.ruled("U1", "K1.1", "35")
    _appealed(year)
    # No verb voids a year that came so far; whatever else may end one, its numbers are not given again.
    Campaign.objects.filter(pk=year.campaign.pk).update(voided_at=year.tick())

    year = _remade(year, cast("appeal_decider", name="复核人辛"))
    _vetoed(year, "通报2号")
    year.to("preview")
    year.ruled("U1", "K1.1", "36")
    _appealed(year)
    year.compute()
    assert year.campaign.appeals_close_at is not None
    year.at = year.campaign.appeals_close_at
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    release = services.freeze(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())

    assert list(PointsRuling.objects.values_list("act", flat=True)) == [
        "ruling:points-G1-2025-1",
        "ruling:points-G1-2025-2",
    ]
    assert list(SevereRuling.objects.values_list("act", flat=True)) == [
        "ruling:severe-G1-2025-1",
        "ruling:severe-G1-2025-2",
    ]
    assert list(Appeal.objects.values_list("number", flat=True)) == ["FH-G1-2025-0001", "FH-G1-2025-0002"]
    lines = [one.id for one in whole_ledger() if one.act]
    assert len(lines) == len(set(lines)) == 6
    files = queries.full_files(release)
    assert files is not None
    verdict = verify_files(files)
    assert verdict.ok, verdict.problems

    year.sign("result")
    services.publish(actor=year.handler, release=release, now=year.tick())
    year.campaign.refresh_from_db()
    opened = correction.open_correction(
        actor=year.handler, campaign=year.campaign, reason="K1.1 有误", now=year.tick()
    )
    assert opened.number == 1
