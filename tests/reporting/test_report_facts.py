from datetime import UTC, datetime

import pytest

from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import plan, sign_off
from kaoping.registry.models import Organisation
from kaoping.reporting import annual_report, report_facts
from kaoping.reporting.report_facts import ResultOut

pytestmark = pytest.mark.django_db


def signed(year):
    year.to("appeals")
    year.at = year.campaign.appeals_close_at
    year.compute()
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())


def out_of(year):
    digest = sheets.signed(year.campaign).digest
    return {2025: ResultOut(digest, datetime(2026, 1, 16, 1, tzinfo=UTC))}


def test_nothing_is_said_of_points_before_the_signature(year):
    year.to("preview")
    facts = report_facts.of_unit(report_facts.year_of(year.campaign, published={}, withdrawn={}), "U1")
    assert facts.assessment.total is None and not facts.assessment.settled
    assert "未定" in annual_report.assessment_sentence(facts)


def test_settled_only_when_published(year):
    signed(year)
    open_year = report_facts.year_of(year.campaign, published={}, withdrawn={})
    assert report_facts.of_unit(open_year, "U1").assessment.settled is False
    out = report_facts.year_of(year.campaign, published=out_of(year), withdrawn={})
    found = report_facts.of_unit(out, "U1").assessment
    assert found.settled and found.total is not None and found.published_on == "2026年1月16日"


def test_timetable_b_carries_the_assessment_of_the_year_before(year):
    plan.set_timetable(actor=year.handler, campaign=year.campaign, timetable="B", now=year.tick())
    facts = report_facts.year_of(year.campaign, published={}, withdrawn={})
    assert facts.assessed is None
    assert report_facts.of_unit(facts, "U1").assessment is None


def test_a_department_names_its_enterprises_and_the_city_its_spread(year):
    signed(year)
    Organisation.objects.filter(code="U1").update(kind="public_enterprise", leading_department="U2")
    facts = report_facts.year_of(year.campaign, published=out_of(year), withdrawn={})
    (enterprise,) = report_facts.of_unit(facts, "U2").enterprises
    assert enterprise.name == "样例市教育局" and enterprise.assessment.total is not None
    city = report_facts.of_city(facts, city="样例市人民政府")
    assert "2个单位" in annual_report.assessment_sentence(city)
    assert "《样例规则集》" in annual_report.assessment_sentence(city)
    assert [sum(count for _name, count in one.counts) for one in city.groups] == [2]
