"""The band of routine work, the units with open cases, the sites that were not read."""

from datetime import UTC, datetime, timedelta

import pytest

from kaoping.accounts.models import Person
from kaoping.inspection.models import Draw, Visit
from kaoping.monitoring.models import Run
from kaoping.rectification.models import Case, CaseEntry
from kaoping.registry.models import Organisation
from kaoping.registry.scope import Scope, about
from kaoping.reporting import routine
from tests.conftest import NOW
from tests.ledger import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(units):
    return Organisation.objects.get(code="U1")


def run(unit, at, state="done", **more):
    return Run.objects.create(
        organiser=main(), organisation=unit, folder="", state=state, started_at=at, **more
    )


def visit(unit, at, person, n):
    return Visit.objects.create(
        organiser=main(),
        organisation=unit,
        place="查阅点",
        item="K3.3",
        outcome="met",
        visited_at=at,
        recorded_at=at,
        inspector=Person.objects.get(pk=person.id),
        client_id=f"c{n}",
        observation="",
    )


def test_ticks_are_days_of_the_period_in_beijing(year, unit, cast):
    first, last = datetime(2024, 11, 30, 16, 0, tzinfo=UTC), datetime(2025, 11, 30, 15, 59, tzinfo=UTC)
    for at in (first, first + timedelta(hours=2), last, last + timedelta(minutes=1)):
        run(unit, at)  # 0:00 of 1 December 2024, the same day, the last minute, and a minute too late
    run(unit, first, kind="retest")
    visit(unit, NOW, cast("inspector"), 1)
    Draw.objects.create(
        organiser=main(),
        title="抽取",
        commitment="0",
        nonce="0",
        protocol={},
        committed_by=Person.objects.first(),
        committed_at=NOW,
        drawn_at=NOW,
    )
    found = routine.band(year.campaign, scope=Scope("G1"))
    assert (found.runs, found.visits, found.draws) == (3, 1, 1)
    assert [(one.kind, one.at) for one in found.ticks] == [
        ("run", 0),
        ("run", 1000),
        ("visit", 983),
        ("draw", 983),
    ]
    other = routine.band(year.campaign, scope=about("U2"))
    assert (other.runs, other.visits, other.draws) == (0, 0, 1)


def test_open_cases_count_once_the_unit_knows_and_overdue_until_it_answers(unit, units):
    for number, (state, served, due) in enumerate(
        [
            ("draft", None, None),
            ("served", NOW, NOW.date() - timedelta(days=1)),
            ("served", NOW, NOW.date()),
            ("answered", NOW, NOW.date() - timedelta(days=9)),
            ("closed", NOW, NOW.date() - timedelta(days=9)),
        ]
    ):
        case = Case.objects.create(
            organiser=main(),
            number=f"ZG-{number}",
            organisation=unit,
            item="K3.3",
            fault=str(number),
            title="表头不全",
            order_text="请补全",
            state=state,
            opened_at=NOW,
            served_at=served,
            due_on=due,
        )
        if state == "answered":
            said = NOW - timedelta(days=10)
            CaseEntry.objects.create(case=case, at=said, kind="answer", actor="周敏", text="已改")
    found = routine.standings(now=NOW, scope=Scope("G1"))
    assert list(found) == ["U1"]
    assert (found["U1"].open, found["U1"].overdue) == (3, 1)
    assert routine.standings(now=NOW, scope=about("U2")) == {}


def test_sites_not_read_by_cause_and_what_became_of_them(unit, units):
    other = Organisation.objects.get(code="U2")
    run(unit, NOW - timedelta(days=8), "failed", whose="site", cause="以前的")
    run(unit, NOW - timedelta(days=2), "failed", whose="site", cause="网站答复 503")
    run(other, NOW - timedelta(days=2), "failed", whose="site", cause="网站答复 503")
    run(other, NOW - timedelta(days=2), "failed", whose="us", cause="程序出错")
    run(unit, NOW - timedelta(days=1))
    run(unit, NOW, "waiting")
    total, found = routine.troubles(now=NOW, scope=Scope("G1"))
    assert total == 4
    assert [(one.whose, one.cause, one.count, one.mended) for one in found] == [
        ("site", "网站答复 503", 2, 1),
        ("us", "程序出错", 1, 0),
    ]
    assert routine.troubles(now=NOW, scope=about("U1"))[0] == 2
