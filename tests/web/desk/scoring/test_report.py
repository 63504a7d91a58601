import io

import docx
import pytest

from kaoping.campaigns.services.accountability import state_accountability
from kaoping.registry.models import Organisation
from tests.web.desk.campaign import add_units, queries_of

pytestmark = pytest.mark.django_db
URL = "/desk/report/G1-2025/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


def test_undecided_is_said_and_no_fact_is_invented(year, desk):
    page = desk.get(URL + "U1/").content.decode()
    assert "未定" in page
    assert "责任追究结果" not in page, "a department's report carries it only where the department states it"
    Organisation.objects.filter(code="U1").update(kind="district_government")
    page = desk.get(URL + "U1/").content.decode()
    assert "责任追究结果" in page and "待填写" in page
    listed = desk.get(URL).content.decode()
    assert (
        f'href="{URL}U1/docx/"' not in listed
        and "DOCX 暂不能下载" in listed
        and "待填写责任追究情况" in listed
    )
    refused = desk.get(URL + "U1/docx/")
    assert refused.status_code == 409 and "不能作为定稿下载" in refused.content.decode()


def test_what_one_unit_states_stands_in_no_other_unit_s_report(year, desk):
    state_accountability(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        unit="U1",
        choice="some",
        cases=1,
        ways="责令检查 1 件次",
        authority="样例机关〔2025〕1 号",
        now=year.tick(),
    )
    assert "责令检查 1 件次" in desk.get(URL + "U1/").content.decode()
    assert "责令检查" not in desk.get(URL + "U2/").content.decode()
    city = desk.get(URL + "city/").content.decode()
    assert "1个单位共1件次：样例市教育局1件次，责令检查 1 件次（依据：样例机关〔2025〕1 号）" in city
    assert "另有1个单位没有列明" in city


def test_word_documents_of_unit_and_city(year, desk, settings):
    state_accountability(
        actor=year.liaisons["U1"], campaign=year.campaign, unit="U1", choice="none", now=year.tick()
    )
    for code in ("U1", "city"):
        response = desk.get(URL + f"{code}/docx/")
        words = "\n".join(one.text for one in docx.Document(io.BytesIO(response.content)).paragraphs)
        assert "工作考核结果" in words and "责任追究结果" in words
    assert settings.KAOPING_CITY in desk.get(URL + "city/").content.decode()
    assert desk.get(URL + "G1/").status_code == 404


def test_a_competent_department_sees_only_its_field(year, cast, signed_in):
    Organisation.objects.filter(code="U1").update(leading_department="U2", kind="public_enterprise")
    client = signed_in(cast("competent_department", "U2"))
    page = client.get(URL).content.decode()
    assert "市教育局" in page and "市水利局</a>" not in page
    assert client.get(URL + "city/").status_code == 403
    assert client.get(URL + "U2/").status_code == 403


def test_enterprises_stand_in_their_departments_report(year, desk):
    Organisation.objects.filter(code="U1").update(leading_department="U2", kind="public_enterprise")
    page = desk.get(URL + "U2/").content.decode()
    assert "公共企事业单位信息公开考核与评议结果" in page and "样例市教育局" in page


def test_same_number_of_queries(year, desk):
    few = queries_of(desk, URL)
    add_units(year.campaign, 30)
    assert queries_of(desk, URL) == few
