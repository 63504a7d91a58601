"""Every list inside asks the database the same number of times for 3 units and for 300."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.accounts.models import AuditEntry, Person
from kaoping.campaigns.models import Appeal, Participation, ReviewAssignment, SelfReview
from kaoping.campaigns.services import sheet
from kaoping.evaluation.models import Opinion, Poll
from kaoping.evidence.models import Observation
from kaoping.inspection.models import Visit
from kaoping.monitoring.models import Finding, Run
from kaoping.rectification.models import Case
from kaoping.registry.models import Appointment, Organisation, Place
from tests.campaigns.examples import make_year
from tests.conftest import NOW
from tests.ledger import main

pytestmark = pytest.mark.django_db

DESK = (
    "/desk/register/",
    "/desk/ledger/",
    "/desk/evaluation/G1-2025/opinions/",
    "/desk/board/G1-2025/",
    "/desk/plan/G1-2025/",
    "/desk/plan/G1-2025/units/",
    "/desk/self-reviews/G1-2025/",
    "/desk/self-reviews/G1-2025/claims/",
    "/desk/reviews/G1-2025/",
    "/desk/scoring/G1-2025/",
    "/desk/appeals/G1-2025/",
    "/desk/report/G1-2025/",
    "/desk/publication/G1-2025/",
    "/desk/rulebooks/",
    "/desk/monitoring/",
    "/desk/monitoring/findings/",
    "/desk/monitoring/runs/",
    "/desk/cases/",
    "/desk/cases/serve/",
    "/desk/visits/",
    "/desk/visits/places/",
    "/desk/visits/draws/",
)
OTHERS = {
    "reviewer": ("/review/",),
    "appeal_decider": ("/review/appeals/",),
    "inspector": ("/field/",),
    "auditor": ("/admin/audit/",),
    "system_admin": ("/admin/people/",),
    "security_admin": ("/admin/appointments/",),
}


def grow(year, reviewer, start, count):
    """``count`` more units, each with a row in every list."""
    c, person = year.campaign, Person.objects.get(pk=reviewer.id)
    numbers = range(start, start + count)
    units = Organisation.objects.bulk_create(
        Organisation(
            code=f"N{n:03d}",
            name=f"样例单位{n}",
            short_name=f"单位{n}",
            kind="department",
            group="市级部门",
            order=n,
            site_url=f"http://n{n}.kaoping.test/",
        )
        for n in numbers
    )
    Participation.objects.bulk_create(
        Participation(campaign=c, organisation=one, group="市级部门") for one in units
    )
    SelfReview.objects.bulk_create(
        SelfReview(campaign=c, organisation=one, state="submitted") for one in units
    )
    ReviewAssignment.objects.bulk_create(
        ReviewAssignment(
            campaign=c, reviewer=person, organisation=one, unit_alias=f"单位{one.order}", reviewer_alias="甲"
        )
        for one in units
    )
    Appeal.objects.bulk_create(
        Appeal(
            campaign=c,
            organisation=one,
            item="K1.1",
            claim="材料齐全",
            number=f"FH-{one.code}",
            filed_by=person,
            filed_at=NOW,
            points_before="1.00",
        )
        for one in units
    )
    Finding.objects.bulk_create(
        Finding(
            organiser=main(),
            organisation=one,
            check_id="P-03",
            item="K3.3",
            target=f"{one.site_url}1",
            state="ready",
            opened_at=NOW,
        )
        for one in units
    )
    Run.objects.bulk_create(
        Run(
            organiser=main(),
            organisation=one,
            folder="",
            state="failed",
            whose="site",
            cause="503",
            started_at=NOW,
        )
        for one in units
    )
    Case.objects.bulk_create(
        Case(
            organiser=main(),
            number=f"ZG-2025-{one.order:04d}",
            organisation=one,
            item="K3.3",
            fault=f"P-03|{one.code}",
            title="属性表头不全",
            order_text="请补全",
            state="draft" if one.order % 2 else "served",
            opened_at=NOW,
            served_at=None if one.order % 2 else NOW,
            due_on=None if one.order % 2 else NOW.date(),
        )
        for one in units
    )
    Visit.objects.bulk_create(
        Visit(
            organiser=main(),
            organisation=one,
            place="查阅点",
            item="K3.3",
            outcome="met",
            visited_at=NOW,
            recorded_at=NOW,
            inspector=person,
            client_id=f"c-{one.code}",
            observation="",
        )
        for one in units
    )
    Place.objects.bulk_create(
        Place(organisation=one, code=f"{one.code}-1", key="查阅点", name="查阅点", since=NOW) for one in units
    )
    Observation.objects.bulk_create(
        Observation(
            organiser=main(),
            uid=f"o-{one.code}",
            unit=one.code,
            item="K1.1",
            source="reviewer",
            observed_at=NOW - timedelta(days=40),
            recorded_at=NOW,
            kind="level",
            value="good",
            by="甲",
        )
        for one in units
    )
    poll = Poll.objects.get_or_create(
        organiser="G1",
        year=2025,
        defaults={
            "uid": "poll-2025",
            "title": "社会评议",
            "state": "open",
            "opens_at": NOW - timedelta(days=9),
            "closes_at": NOW + timedelta(days=9),
            "questionnaire": {},
            "units": [],
            "public_key": "0" * 64,
        },
    )[0]
    Opinion.objects.bulk_create(
        Opinion(
            uid=f"op-{one.code}",
            poll=poll,
            unit=one.code,
            text="栏目太旧",
            arrived_on=NOW.date(),
            collected_at=NOW,
        )
        for one in units
    )
    people = Person.objects.bulk_create(
        Person(username=f"p{one.order}", name=f"人员{one.order}", password="!", created_at=NOW)
        for one in units
    )
    Appointment.objects.bulk_create(
        Appointment(person=who, role="liaison", organisation=one, valid_from=NOW.date())
        for who, one in zip(people, units, strict=True)
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=NOW, actor_id="1", actor_name="甲", verb="x", thing_kind="y", thing_id=one.code, sentence="z"
        )
        for one in units
    )
    for _time in range(2):  # the scoring room also compares with the sheet before
        sheet.compute_sheet(actor=year.handler, campaign=c, occasion="provisional", now=year.tick())


def counted(client, address):
    """How many queries one load takes; the page must open."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return len(queries)


@pytest.mark.slow
def test_every_list_asks_the_same_number_of_times(cast, now, units, stored_files, signed_in):
    year = make_year(cast, now)
    clients = {role: signed_in(cast(role)) for role in OTHERS if role != "reviewer"}
    reviewer = cast("reviewer")
    clients["reviewer"] = signed_in(reviewer)
    desk = signed_in(year.handler)
    pages = [(desk, one) for one in DESK] + [
        (clients[role], one) for role, some in OTHERS.items() for one in some
    ]
    year.to("routine")
    year.campaign.stage = "review"
    year.campaign.save(update_fields=["stage"])
    grow(year, reviewer, 10, 3)
    for client, address in pages:
        counted(client, address)  # fills what a process keeps in memory
    few = {address: counted(client, address) for client, address in pages}
    grow(year, reviewer, 20, 297)
    for client, address in pages:
        counted(client, address)
    many = {address: counted(client, address) for client, address in pages}
    assert {address: (few[address], many[address]) for address in few if few[address] != many[address]} == {}
