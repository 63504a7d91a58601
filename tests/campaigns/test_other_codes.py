"""A year on a rulebook none of whose codes the program knows: findings, opinions, requests and overdue orders count there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.campaigns.queries import self_review as reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import plan, self_review, setting_up
from kaoping.checks import Outcome, OutcomeLine
from kaoping.evaluation.models import Opinion, Poll
from kaoping.evaluation.services.opinions import answer_opinion, record_opinion_ratios
from kaoping.evidence.services import Entry
from kaoping.monitoring import queries as monitoring
from kaoping.monitoring.models import Run
from kaoping.monitoring.services.findings import confirm_batch
from kaoping.monitoring.services.sighting import record_sightings
from kaoping.rectification import queries as cases
from kaoping.rectification.services import order
from kaoping.rectification.services.opening import read_ledger
from kaoping.rectification.services.overdue import record_overdue
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from kaoping.standards.loading import load_rulebook
from kaoping.standards.services import hand_in
from tests.campaigns.examples import Year
from tests.cast import Cast
from tests.ledger import ledger as whole_ledger
from tests.ledger import main, record

pytestmark = pytest.mark.django_db
BOOK = Path(__file__).parents[1] / "rulebooks" / "other_codes"
PAGE = "http://u1.kaoping.test/wj/1.html"


class OtherYear(Year):
    """The same walk, by the codes of this rulebook."""

    def tallies(self) -> None:
        value = {"question": "q1", "options": {"a": 30, "c": 10}}
        lines = [Entry(code, "ballot", self.at, "tally", value, "PUB-a") for code in self.liaisons]
        record(lines, actor=SYSTEM, now=self.tick())

    def submit(self, unit: str) -> Any:
        if "ORG" not in reads.answers(self.form(unit)):
            self.answer(unit, "ORG", level="good")
        return self_review.submit(actor=self.liaisons[unit], self_review=self.form(unit), now=self.tick())


@pytest.fixture
def year(units: Any, cast: Cast, now: datetime) -> OtherYear:
    """The plan of 2025 on the rulebook that the office handed in itself, signed: the year is at work since October."""
    start = now - timedelta(days=35)
    handler = cast("office_handler", name="经办甲")
    version = hand_in(actor=handler, rulebook=load_rulebook(BOOK), organiser="G1", now=start)
    campaign = setting_up.create_campaign(
        actor=handler, key=main_year(2025), title="2025 年度考核", rulebook=version, timetable="A", now=start
    )
    plan.set_priorities(actor=handler, campaign=campaign, lines=[("按期答复", "ASK")], now=start)
    plan.set_participation(actor=handler, campaign=campaign, kinds=["department"], on=start.date(), now=start)
    made = OtherYear(
        campaign,
        handler,
        cast("office_head", name="负责人乙"),
        cast("leading_group", name="领导丙"),
        cast("second_signer", name="签发人丁"),
        cast("appeal_decider", name="复核人戊"),
        (cast("reviewer", name="专家己"), cast("reviewer", name="专家庚")),
        {code: cast("liaison", code, name=f"联络员{code}") for code in ("U1", "U2")},
        start,
    )
    made._to("routine")
    return made


def look(at: datetime) -> None:
    run = Run.objects.create(
        organiser=main(), organisation=Organisation.objects.get(code="U1"), state="done", started_at=at
    )
    line = OutcomeLine("P-05", 1, PAGE, Outcome.NOT_MET, "文号没有用六角括号", PAGE, None)
    record_sightings(run, [line])


def found_and_late(year: OtherYear, now: datetime) -> None:
    """A finding of three looks is confirmed, its order served and not answered; who is late is recorded."""
    for days in (0, 3, 6):
        look(year.at + timedelta(days=days))
    [ready] = monitoring.findings(state="ready")
    confirm_batch(actor=year.handler, finding_ids=[ready.pk], now=year.at + timedelta(days=7))
    read_ledger(now=year.at + timedelta(days=7))
    [case] = cases.cases()
    assert (case.check_id, case.item) == ("P-05", "WEB")
    order.serve(actor=year.handler, numbers=[case.number], days=5, now=year.at + timedelta(days=8))
    assert record_overdue(actor=year.handler, on=now.date() - timedelta(days=1), now=now) == 1


def asked_and_written(year: OtherYear, now: datetime) -> None:
    """The clock of requests has spoken; two opinions of which one was put right in time."""
    lines = [Entry("U1", "clock", now, "ratio", {"done": 8, "of": 10}, check="requests_in_time")]
    record(lines, actor=SYSTEM, now=now)
    questionnaire = load_rulebook(BOOK).questionnaire
    poll = Poll.objects.create(
        organiser="G1",
        year=2025, uid="poll-2025", title="评议", state="opened", opens_at=year.at, closes_at=now,
        questionnaire=questionnaire, units=[{"code": "U1", "name": "教育局"}], public_key="0" * 64,
    )  # fmt: skip
    for number, closed in enumerate((True, False)):
        opinion = Opinion.objects.create(
            uid=f"o{number}", poll=poll, unit="U1", text="意见", arrived_on=date(2025, 11, 10),
            due_on=date(2025, 12, 1), collected_at=now,
        )  # fmt: skip
        answer_opinion(
            actor=year.handler, opinion=opinion, reasonable=True, answer="已办理", closed=closed, now=now
        )
    assert record_opinion_ratios(actor=year.handler, key=main_year(2025), now=now) == 1


def test_a_year_runs_on_a_rulebook_with_other_codes(year: OtherYear, now: datetime) -> None:
    found_and_late(year, now)
    asked_and_written(year, now)
    assert {one.item for one in whole_ledger()} == {None}, "automatic lines name their check alone"
    year.at = now
    year._to("preview")
    made = year.compute("preview")
    detail = sheets.unit_detail(made, "U1")
    assert detail is not None
    points = {code: (one["points"], one["status"]) for code, one in detail["indicators"].items()}
    assert points["WEB"] == ("15.00", "scored"), "one confirmed fault costs five"
    assert points["ASK"] == ("8.00", "scored")
    assert points["PUB-b"] == ("5.00", "scored")
    assert points["PUB-a"] == ("15.00", "scored")
    assert detail["gates"] == {"DUE": False}
    other = sheets.unit_detail(made, "U2")
    assert other is not None and other["gates"] == {"DUE": True}
    assert other["indicators"]["ASK"]["status"] == "not_scored", "nobody counted that unit's requests"
