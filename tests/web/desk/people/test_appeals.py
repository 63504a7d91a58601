import pytest

from kaoping.campaigns.models import Appeal
from kaoping.campaigns.queries import appeal as reads
from kaoping.campaigns.services.appeal import Change, decide_appeal, file_appeal, withdraw_appeal
from tests.web.desk.campaign import at, queries_of

pytestmark = pytest.mark.django_db
URL = "/desk/appeals/G1-2025/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


def file(year, item="K1.1"):
    return file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item=item,
        claim="已在期限内公开",
        url="https://a.kaoping.test/1.html",
        now=year.tick(),
    )


def test_list_and_one(year, desk, signed_in, monkeypatch):
    assert "还没有复核申请" in desk.get(URL).content.decode()
    year.to("preview")
    appeal = file(year, "K1.1")
    at(year.tick(), monkeypatch)
    page = desk.get(URL).content.decode()
    assert "1 件复核申请" in page and appeal.number in page
    one = desk.get(URL + f"{appeal.pk}/").content.decode()
    assert "已在期限内公开" in one and "由复核人在自己的“复核”页决定" in one
    decide_appeal(
        actor=year.decider,
        appeal=appeal,
        outcome="upheld",
        decision="材料属实",
        change=Change(points="40"),
        now=year.tick(),
    )
    at(year.tick(), monkeypatch)
    one = desk.get(URL + f"{appeal.pk}/").content.decode()
    assert "材料属实" in one and "改为 40.00 分" in one
    assert "没有复核申请" in desk.get(URL + "?show=open").content.decode()
    assert "材料属实" in desk.get(URL + "?format=csv").content.decode("utf-8-sig")
    chain = desk.get("/desk/scoring/G1-2025/?unit=U1&item=K1.1").content.decode()
    assert "经复核改变" in chain
    assert desk.get(URL + "999/").status_code == 404


def test_same_number_of_queries(year, desk, monkeypatch):
    year.to("preview")
    first = file(year)
    at(year.tick(), monkeypatch)
    few = queries_of(desk, URL)
    for number in range(30):
        Appeal.objects.create(
            campaign=year.campaign,
            organisation_id=first.organisation_id,
            item="K1.1",
            claim="又一件",
            number=f"FH{number}",
            filed_by_id=first.filed_by_id,
            filed_at=year.at,
            points_before="1",
        )
    assert reads.open_count(year.campaign) == 31
    assert queries_of(desk, URL) == few


def test_over_an_appeal_that_the_unit_took_back_nobody_decided(year, desk, monkeypatch):
    year.to("preview")
    appeal = file(year)
    withdraw_appeal(actor=year.liaisons["U1"], appeal=appeal, reason="材料有误", now=year.tick())
    at(year.tick(), monkeypatch)
    name = appeal.decided_by.name
    page = desk.get(URL).content.decode()
    assert "没有决定" in page and f"{name}撤回" in page and "都已办结" in page
    # The points of the filing, and none after a decision that nobody made.
    assert page.count("20.00") == 1
    assert desk.get(URL + "?format=csv").content.decode("utf-8-sig").count("20.00") == 1
    one = desk.get(URL + f"{appeal.pk}/").content.decode()
    assert "申请单位已撤回" in one and "材料有误" in one
    assert f"由{name}撤回，没有作出决定" in one
    assert "复核人 " not in one and "决定：" not in one
