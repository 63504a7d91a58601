"""责任追究 is the unit's own field, for its own report only."""

import pytest

from kaoping.campaigns.models import AccountabilityStatement
from kaoping.registry.models import Organisation

pytestmark = pytest.mark.django_db
URL = "/unit/report/G1-2025/U1/"
SOME = {"choice": "some", "cases": "1", "ways": "责令检查 1 件次", "authority": "样例机关〔2025〕1 号"}


def text(response):
    return response.content.decode()


def test_a_unit_states_it_and_its_own_report_says_it(year, signed_in):
    client = signed_in(year.liaisons["U1"])
    assert "责任追究结果" not in text(client.get(URL))
    form = URL + "accountability/"
    refused = client.post(form, {**SOME, "authority": ""})
    assert refused.status_code == 409
    assert "依据" in text(refused) or "作出决定的机关" in text(refused)
    assert "责令检查 1 件次" in text(refused), "what was typed is still there"
    assert client.post(form, SOME).status_code == 302
    assert client.post(form, SOME).status_code == 302
    assert AccountabilityStatement.objects.count() == 1, "sent twice, stated once"
    assert "责令检查 1 件次" in text(client.get(URL))
    assert client.post(form, {"choice": "none"}).status_code == 302
    page = text(client.get(form))
    assert "责令检查 1 件次" in page and "没有发生" in page, "what was stated before stays readable"


def test_words_of_a_case_beside_another_choice_come_back(year, signed_in):
    client = signed_in(year.liaisons["U1"])
    refused = client.post(URL + "accountability/", {**SOME, "choice": "none"})
    page = text(refused)
    assert refused.status_code == 409 and "请清空这三栏" in page
    assert "责令检查 1 件次" in page and "样例机关〔2025〕1 号" in page and 'value="1"' in page
    assert not AccountabilityStatement.objects.exists()


def test_nobody_states_it_for_another_unit(year, signed_in):
    assert signed_in(year.liaisons["U2"]).post(URL + "accountability/", SOME).status_code == 403
    assert signed_in(year.handler).post(URL + "accountability/", SOME).status_code == 403


def test_a_government_s_report_cannot_be_taken_before_it_is_stated(year, signed_in):
    Organisation.objects.filter(code="U1").update(kind="district_government")
    client = signed_in(year.liaisons["U1"])
    assert "待填写" in text(client.get(URL))
    assert client.get(URL + "docx/").status_code == 409
    assert client.post(URL + "accountability/", {"choice": "omitted"}).status_code == 409
    assert client.post(URL + "accountability/", {"choice": "none"}).status_code == 302
    assert client.get(URL + "docx/").status_code == 200
