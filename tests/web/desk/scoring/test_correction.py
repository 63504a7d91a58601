import pytest

from kaoping.campaigns.queries import correction as reads
from kaoping.campaigns.services import sign_off
from kaoping.publication import queries, shelf, standing
from kaoping.registry.queries.organisers import main_year
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
URL = "/desk/publication/G1-2025/"
PAGE = URL + "correction/"


@pytest.fixture
def published(year, signed_in, settings, tmp_path, monkeypatch):
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    year.to("appeals")
    year.at = year.campaign.appeals_close_at
    year.compute()
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    at(year.tick(), monkeypatch)
    desk = signed_in(year.handler)
    desk.post(URL + "freeze/", {"confirm_year": "2025"})
    year.sign("result")
    at(year.tick(), monkeypatch)
    desk.post(f"{URL}{queries.latest(main_year(2025)).pk}/publish/", {"confirm_year": "2025"})
    at(year.tick(), monkeypatch)
    year.campaign.refresh_from_db()
    return year


def text(response):
    return response.content.decode()


def test_before_publication_the_page_says_when_it_opens(year, signed_in):
    desk = signed_in(year.handler)
    assert "结果公开以后才有更正" in text(desk.get(PAGE))
    assert "结果公开以后才有更正" in text(desk.get(PAGE + "open/"))


def test_a_correction_from_the_page_to_the_public(published, signed_in, monkeypatch, settings):
    desk, signer = signed_in(published.handler), signed_in(published.signer)

    def later():
        at(published.tick(), monkeypatch)

    assert "立更正" in text(desk.get(PAGE))
    assert f'href="{PAGE}"' in text(desk.get(URL))
    silent = desk.post(PAGE + "open/", {"reason": " "})
    assert silent.status_code == 409 and "请写明理由" in text(silent)
    assert desk.post(PAGE + "open/", {"reason": "K1.1 录分有误"}).status_code == 302
    page = text(desk.get(PAGE))
    assert "第 1 次更正：" in page and "公开以后，台账没有新记录" in page
    assert "第 1 次更正正在办理" in text(desk.get(PAGE + "open/"))
    assert "更正正在办理" in text(desk.get(URL))
    wrong = desk.post(PAGE + "points/", {"unit": "U1", "item": "K1.1", "points": "41", "reason": "录成一般"})
    assert wrong.status_code == 409 and "最高 40 分" in text(wrong) and "录成一般" in text(wrong)
    later()
    given = {"unit": "U1", "item": "K1.1", "points": "40", "reason": "两名专家都评了好"}
    assert desk.post(PAGE + "points/", given).status_code == 302
    assert "第 1 次更正：两名专家都评了好" in text(desk.get(PAGE))
    later()
    assert desk.post(PAGE + "compute/").status_code == 302
    page = text(desk.get(PAGE))
    assert "1 个单位有变，其中 1 个总分或等次变了" in page
    assert "K1.1 20.00→40.00" in page and "去签发" in page
    assert "U1,市教育局" in text(desk.get(PAGE + "?format=csv")).replace('"', "")
    room = text(desk.get("/desk/scoring/G1-2025/"))
    assert "更正计分表，" in room and "还没有公开" in room

    sign = "/desk/scoring/G1-2025/sign-off/"
    assert "签发由第二签发人办理" in text(desk.get(sign))
    assert "签发的是更正" in text(signer.get(sign))
    assert signer.post(sign, {"confirm_year": "2024"}).status_code == 409
    later()
    assert signer.post(sign, {"confirm_year": "2025"}).status_code == 302
    assert "已经签发" in text(desk.get(PAGE + "drop/"))
    later()
    assert desk.post(URL + "freeze/", {"confirm_year": "2025"}).status_code == 302
    published.sign("correction")  # it changes a grade
    later()
    release = queries.latest(main_year(2025))
    assert desk.post(f"{URL}{release.pk}/publish/", {"confirm_year": "2025"}).status_code == 302
    page = text(desk.get(URL))
    assert "第 1 次更正，更正发布 2025-1" in page and "已被更正" in page
    page = text(desk.get(PAGE))
    assert "没有在办的更正" in page and "第 1 次更正：已公开" in page
    latest = shelf.latest(settings.KAOPING_PUBLISHED, main_year(2025))
    assert latest.number == 2 and latest.facts["corrects"]["reason"] == "K1.1 录分有误"
    report = text(desk.get("/desk/report/G1-2025/U1/"))
    assert "更正稿" in report and "更正前得62.50分" in report
    assert "已定，更正" in text(desk.get("/desk/report/G1-2025/"))
    assert "更正稿" in text(signed_in(published.liaisons["U1"]).get("/unit/report/G1-2025/U1/"))


def test_units_and_branches_do_not_see_a_correction_under_way(published, signed_in, monkeypatch):
    desk = signed_in(published.handler)
    desk.post(PAGE + "open/", {"reason": "K1.1 录分有误"})
    at(published.tick(), monkeypatch)
    given = {"unit": "U1", "item": "K1.1", "points": "40", "reason": "两名专家都评了好"}
    desk.post(PAGE + "points/", given)
    at(published.tick(), monkeypatch)
    desk.post(PAGE + "compute/")
    assert "82.50" in text(desk.get("/desk/scoring/G1-2025/unit/U1/"))
    shown = standing.preview(published.campaign, "U1")
    assert shown.total == "62.50"
    assert "82.50" not in text(desk.get("/desk/board/G1-2025/"))


def test_who_may_see_it_and_who_may_act(published, signed_in, cast):
    assert signed_in(cast("reviewer")).get(PAGE).status_code == 403
    head = signed_in(published.head)
    assert "更正由政务公开办经办办理" in text(head.get(PAGE))
    for door in ("open/", "points/", "drop/"):
        assert "更正由政务公开办经办办理" in text(head.get(PAGE + door))
    head.post(PAGE + "open/", {"reason": "错了"})
    assert reads.under_way(published.campaign) is None
    answer = head.post(PAGE + "compute/", follow=True)
    assert "计分表由政务公开办经办计算" in text(answer)


def test_it_can_be_dropped_with_a_reason(published, signed_in, monkeypatch):
    desk = signed_in(published.handler)
    desk.post(PAGE + "open/", {"reason": "K1.1 录分有误"})
    at(published.tick(), monkeypatch)
    assert "没有在办的更正" not in text(desk.get(PAGE + "drop/"))
    desk.post(PAGE + "drop/", {"reason": "查实没有错"})
    page = text(desk.get(PAGE))
    assert "第 1 次更正：已作罢" in page and "查实没有错" in page
    assert "没有在办的更正" in text(desk.get(PAGE + "points/"))
