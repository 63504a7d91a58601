import pytest

from kaoping.campaigns.queries import self_review as reads
from tests.web.desk.campaign import add_units, at, queries_of

pytestmark = pytest.mark.django_db
URL = "/desk/self-reviews/G1-2025/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


def test_empty_until_the_stage_opens(year, desk):
    assert "自查还没有开始" in desk.get(URL).content.decode()


def test_return_and_name_as_missing(year, desk, monkeypatch):
    year.to("self_review")
    assert "2 个单位" in desk.get(URL).content.decode()
    year.submit("U1")
    at(year.tick(), monkeypatch)
    assert "市教育局" not in desk.get(URL + "?show=open").content.decode()
    page = desk.get(URL + "unit/U1/").content.decode()
    assert "自查档次“好”" in page and "回执码" in page
    silent = desk.post(URL + "unit/U1/return/", {"reason": ""})
    assert silent.status_code == 409
    assert desk.post(URL + "unit/U1/return/", {"reason": "附件打不开"}).status_code == 302
    assert reads.of_unit(year.campaign, "U1").state == "returned"
    page = desk.get(URL + "unit/U1/").content.decode()
    assert (
        "已退回" in page and "unit/U1/return/" not in page
    )  # after the one click there is nothing to send again
    assert "未重复办理" not in page
    assert "未重复办理" in desk.post(URL + "unit/U1/return/", {"reason": "再"}).content.decode()
    early = desk.post(URL + "unit/U2/missing/", {"reason": "两次催报未交"})
    assert "期限没有到" in early.content.decode()
    assert reads.of_unit(year.campaign, "U2").state == "draft"
    at(year.after_self_review(), monkeypatch)
    assert desk.post(URL + "unit/U2/missing/", {"reason": "两次催报未交"}).status_code == 302
    assert "两次催报未交" in desk.get(URL).content.decode()
    assert "两次催报未交" in desk.get(URL + "?format=csv").content.decode("utf-8-sig")


def test_claims_are_decided_with_a_reason(year, desk, signed_in, monkeypatch):
    year.to("self_review")
    year.answer("U1", "K1.2", not_applicable=True, text="本局没有下属机构")
    year.submit("U1")
    at(year.tick(), monkeypatch)
    assert "（1 项）" in desk.get(URL).content.decode()
    page = desk.get(URL + "claims/").content.decode()
    assert "还有 1 项" in page and "本局没有下属机构" in page
    answer = reads.claims(year.campaign).first()
    head = signed_in(year.head)
    assert "由政务公开办经办审定" in head.get(URL + f"claims/{answer.pk}/").content.decode()
    kept = desk.post(URL + f"claims/{answer.pk}/", {"accepted": "yes", "reason": ""})
    assert kept.status_code == 409 and "单位会看到" in kept.content.decode()
    done = desk.post(URL + f"claims/{answer.pk}/", {"accepted": "yes", "reason": "确无下属机构"})
    assert done.status_code == 302
    assert "确无下属机构" in desk.get(URL + "claims/").content.decode()
    assert "已经审定" in desk.get(URL + f"claims/{answer.pk}/").content.decode()


def test_same_number_of_queries(year, desk, monkeypatch):
    year.to("self_review")
    at(year.at, monkeypatch)
    few = queries_of(desk, URL)
    add_units(year.campaign, 30)
    assert queries_of(desk, URL) == few
