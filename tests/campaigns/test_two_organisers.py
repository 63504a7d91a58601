"""A city's office and a district's, which assess the same unit in the same year in one installation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Verb
from kaoping.campaigns.queries import ledger as years
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import approval, assigning, plan, setting_up, sheet, stages
from kaoping.campaigns.services.ledger import import_lines
from kaoping.evidence import queries as ledger
from kaoping.evidence.queries import acts, closings
from kaoping.evidence.services import Entry
from kaoping.rectification.models import Case
from kaoping.rectification.services import opening
from kaoping.registry.models import Organisation, Organiser
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.observations import ObservationError
from kaoping.scoring.organised import OrganisedYear
from tests.campaigns.examples import Year, make_year
from tests.campaigns.test_withdrawal import HEADINGS
from tests.cast import Cast
from tests.ledger import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(units: object, cast: Cast, now: datetime) -> tuple[Year, Year]:
    """The city's year and the district's, each planned by its own people."""
    Organisation.objects.create(
        code="D1", name="某区人民政府", short_name="某区", kind="district_government", parent="G1", order=9
    )
    Organisation.objects.create(
        code="D1B", name="某区教育局", short_name="区教育局", kind="department", parent="D1"
    )
    Organisation.objects.filter(code__in=("U1", "U2")).update(leading_department="D1")
    Organiser.objects.create(code="D1", office="某区政务公开办", since=now)
    return make_year(cast, now), make_year(cast, now, organiser="D1")


def choices(year: Year) -> dict[str, tuple[bool, str]]:
    rows = year.campaign.participations.values_list("organisation__code", "participates", "reason")
    return {code: (assessed, reason) for code, assessed, reason in rows}


def test_each_plan_speaks_of_its_own_units(both: tuple[Year, Year]) -> None:
    """The city's departments, not the district's; the district's own and those that it leads, not the city's others."""
    city, district = both
    assert choices(city)["U1"] == (True, "")
    assert choices(city)["D1B"] == (False, "由辖市、区主管部门考核")
    assert choices(district) == {"U1": (True, ""), "U2": (True, ""), "D1B": (True, "")}


def test_nobody_else_is_taken_into_a_plan_by_hand(both: tuple[Year, Year]) -> None:
    _city, district = both
    stranger = Organisation.objects.create(
        code="U9", name="市水务局", short_name="市水务局", kind="department"
    )
    with pytest.raises(Refused, match="不在这个方案的范围里"):
        plan.change_participation(
            actor=district.handler,
            campaign=district.campaign,
            organisation=stranger,
            participates=True,
            group="区级部门",
            now=district.tick(),
        )


def level(year: Year, code: str, *, source: str = "reviewer", item: str = "K1.1") -> str:
    [uid] = record(
        [Entry(unit="U1", item=item, source=source, observed_at=year.at, kind="level", value=code)],
        actor=year.handler,
        of=year.campaign,
        now=year.tick(),
    )
    return uid


def points(year: Year, item: str = "K1.1") -> object:
    made = sheet.compute_sheet(actor=year.handler, campaign=year.campaign, now=year.tick())
    detail = sheets.unit_detail(made, "U1")
    assert detail is not None
    return detail["indicators"][item]["points"]


def test_what_one_saw_scores_in_its_own_year_alone(both: tuple[Year, Year]) -> None:
    city, district = both
    for year in both:
        year.sign("plan")
        year.advance()
    mine = level(city, "good")
    level(district, "poor")
    assert Fraction(str(points(city))) > Fraction(str(points(district)))
    assert [one.id for one in ledger.ledger(organiser="G1")] == [mine]
    line = ledger.observation(mine)
    assert line is not None and years.campaign_of(line) == city.campaign


def test_a_line_is_corrected_by_its_own_organiser_alone(both: tuple[Year, Year]) -> None:
    city, district = both
    mine = level(city, "good")
    with pytest.raises(ObservationError, match="另一个组织单位"):
        record(
            [
                Entry(
                    unit="U1",
                    item="K1.1",
                    source="office",
                    observed_at=city.at,
                    kind="withdrawn",
                    value=None,
                    reason="不是我们的",
                    supersedes=mine,
                    act="ruling:x",
                )
            ],
            actor=district.handler,
            of=district.campaign,
            now=district.tick(),
        )


def test_a_closed_round_closes_nobody_else_s(both: tuple[Year, Year]) -> None:
    from kaoping.evidence.services.withdrawal import close_days  # noqa: PLC0415

    city, _district = both
    spans = {"K1.1": (date(2025, 1, 1), date(2025, 12, 31))}
    close_days(key=city.campaign.key, spans=spans, closed=True, now=city.tick())
    assert closings.is_closed("G1", "K1.1", city.at)
    assert not closings.is_closed("D1", "K1.1", city.at)


def test_each_follows_a_fault_by_a_case_of_its_own(both: tuple[Year, Year], now: datetime) -> None:
    for year in both:
        record(
            [
                Entry(
                    unit="U1",
                    source="visit",
                    observed_at=now - timedelta(hours=1),
                    kind="verdict",
                    value="not_met",
                    check="V-01",
                    target="place:U1-1",
                    reason="大厅没有查阅点",
                )
            ],
            actor=year.handler,
            of=year.campaign,
            now=now,
        )
    assert opening.read_ledger(now=now) == 2
    cases = {one.number: one.organiser for one in Case.objects.all()}
    assert cases == {"ZG-G1-2025-0001": "G1", "ZG-D1-2025-0001": "D1"}


def test_one_file_that_both_import_is_two_imports(both: tuple[Year, Year]) -> None:
    content = (HEADINGS + "U1,K3.3,件数,1,2025-10-08,两件没有按时答复\n").encode()
    batches = []
    for year in both:
        year.sign("plan")
        year.advance()
        made = import_lines(
            actor=year.handler,
            campaign=year.campaign,
            filename="台账.csv",
            content=content,
            units=["U1", "U2"],
            confirmed=True,
            now=year.tick(),
        )
        assert (made.lines, made.already) == (1, None)
        batches.append(made.batch)
    assert len(set(batches)) == 2
    assert [len(ledger.ledger(organiser=code)) for code in ("G1", "D1")] == [1, 1]


def test_another_s_lines_make_nobody_s_sheet_old(both: tuple[Year, Year]) -> None:
    city, district = both
    for year in both:
        year.sign("plan")
        year.advance()
    made = sheet.compute_sheet(actor=city.handler, campaign=city.campaign, now=city.tick())
    level(district, "poor")
    assert sheets.is_latest(made)
    level(city, "good")
    assert not sheets.is_latest(made)


def test_what_waits_for_a_second_person_waits_for_its_own(both: tuple[Year, Year]) -> None:
    from kaoping.campaigns.services.ledger import propose_ruling  # noqa: PLC0415

    city, district = both
    for year in both:
        year.sign("plan")
        year.advance()
    mine = level(city, "good")
    propose_ruling(actor=city.handler, line=mine, reason="登记错了单位", now=city.tick())
    assert [one.line for one in acts.open_rulings(city.head.organisers)] == [mine]
    assert acts.open_rulings(district.head.organisers) == []
    with pytest.raises(Refused, match="由政务公开办经办提出"):
        propose_ruling(actor=district.handler, line=mine, reason="登记错了单位", now=district.tick())


FOREIGN: list[tuple[Verb, dict[str, object]]] = [  # type: ignore[type-arg]
    (stages.advance, {}),
    (approval.approve, {}),
    (approval.return_approval, {"reason": "再议一次"}),
    (plan.set_priorities, {"lines": [("做好政策解读", "K3.3")]}),
    (assigning.assign_reviewers, {"reviewer": None, "organisations": ["U1"]}),
    (sheet.compute_sheet, {}),
    (setting_up.void_campaign, {"reason": "填错了年份"}),
]


@pytest.mark.parametrize(("verb", "more"), FOREIGN, ids=lambda one: getattr(one, "__name__", ""))
def test_nobody_does_anything_in_another_organiser_s_year(
    both: tuple[Year, Year],
    verb: Verb,
    more: dict[str, object],  # type: ignore[type-arg]
) -> None:
    city, district = both
    for stranger, campaign in ((district, city.campaign), (city, district.campaign)):
        with pytest.raises(Refused) as refused:
            verb(actor=stranger.handler, campaign=campaign, now=stranger.tick(), **more)
        assert str(refused.value) == verb.declared.denied


def test_nobody_begins_another_organiser_s_year(both: tuple[Year, Year]) -> None:
    city, district = both
    given = {"title": "下一年", "rulebook": city.campaign.rulebook, "timetable": "A"}
    for who, key in ((city, OrganisedYear("D1", 2026)), (district, main_year(2026))):
        with pytest.raises(Refused, match="经办"):
            setting_up.create_campaign(actor=who.handler, key=key, now=who.tick(), **given)


PAGES = (
    "/desk/board/{key}/",
    "/desk/plan/{key}/",
    "/desk/approval/{key}/plan/",
    "/desk/evaluation/{key}/",
    "/desk/self-reviews/{key}/",
    "/desk/reviews/{key}/",
    "/desk/appeals/{key}/",
    "/desk/scoring/{key}/",
    "/desk/publication/{key}/",
    "/desk/report/{key}/",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_screen_of_a_year_is_its_own_people_s(
    both: tuple[Year, Year], signed_in: object, page: str
) -> None:
    city, district = both
    for own, stranger in ((city, district), (district, city)):
        address = page.format(key=own.campaign.key)
        assert opened(signed_in, own.handler, address) == 200
        assert opened(signed_in, stranger.handler, address) == 403


def opened(signed_in: object, actor: Actor, address: str) -> int:
    assert callable(signed_in)
    return int(signed_in(actor).get(address, follow=True).status_code)
