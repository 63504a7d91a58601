"""The ledger as people read it."""

import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.campaigns.logic import stages
from kaoping.campaigns.models import Campaign
from kaoping.evidence.services import Entry
from tests.ledger import record
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
URL = "/desk/ledger/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


def seen(year, **more):
    given = {
        "unit": "U1",
        "item": "K1.1",
        "source": "reviewer",
        "observed_at": year.at,
        "kind": "level",
        "value": "good",
        "uid": "line-1",
        **more,
    }
    record([Entry(**given)], actor=SYSTEM, now=year.tick())


def test_units_items_and_levels_have_names(year, desk, monkeypatch):
    seen(year)
    seen(year, uid="line-2", unit="U2", source="visit", kind="verdict", value="not_met")
    at(year.tick(), monkeypatch)
    page = desk.get(URL).content.decode()
    assert "台账里有 2 条记录" in page
    assert "市教育局" in page and ">good<" not in page and ">not_met<" not in page
    assert "/desk/ledger/line-1/" in page
    some = desk.get(URL + "?unit=U2").content.decode()
    assert "符合条件的有 1 条记录" in some and "/desk/ledger/line-1/" not in some
    assert "没有符合条件的记录" in desk.get(URL + "?source=ballot").content.decode()


def test_one_record_says_everything_and_falls_by_a_ruling_of_two(year, desk, signed_in, monkeypatch):
    seen(year, reason="材料齐全")
    at(year.tick(), monkeypatch)
    page = desk.get(URL + "line-1/").content.decode()
    assert "市教育局 K1.1" in page and "材料齐全" in page and "没有附材料" in page
    assert "提请审定" in page and "撤回整批导入" not in page
    short = desk.post(URL + "line-1/move/", {"act": "rule", "reason": "重"}, follow=True)
    assert "至少写 4 个字" in short.content.decode()
    assert desk.post(URL + "line-1/move/", {"act": "rule", "reason": "重复登记"}).status_code == 302
    waiting = desk.get(URL + "line-1/").content.decode()
    assert "审定待确认" in waiting and "同意撤回" not in waiting and "重复登记" in waiting
    head = signed_in(year.head)
    listed = head.get(URL).content.decode()
    assert "审定待办公室负责人确认：1 件" in listed and "/desk/ledger/line-1/" in listed
    assert "同意撤回" in head.get(URL + "line-1/").content.decode()
    assert head.post(URL + "line-1/move/", {"act": "agree"}).status_code == 302
    assert "审定待办公室负责人确认" not in head.get(URL).content.decode()
    after = head.get(URL + "line-1/").content.decode()
    assert "更正登记之后不再计入" in after and "同意撤回" not in after
    assert head.get(URL + "nowhere/").status_code == 404


def test_a_ruling_that_still_waits_when_the_result_is_frozen_is_declined_and_nothing_else(
    year, desk, signed_in, monkeypatch
):
    seen(year, reason="材料齐全")
    at(year.tick(), monkeypatch)
    desk.post(URL + "line-1/move/", {"act": "rule", "reason": "重复登记"})
    Campaign.objects.update(stage=stages.FROZEN)
    head = signed_in(year.head)
    page = head.get(URL + "line-1/").content.decode()
    assert "结果已经签发冻结" in page and "同意撤回" not in page and "不同意" in page
    said = head.post(URL + "line-1/move/", {"act": "agree"})
    assert said.status_code == 409 and "结果已经签发冻结" in said.content.decode()
    assert head.post(URL + "line-1/move/", {"act": "disagree"}, follow=True).status_code == 200
    assert "审定待办公室负责人确认" not in head.get(URL).content.decode()
    assert "更正登记之后不再计入" not in head.get(URL + "line-1/").content.decode()


def test_a_tally_has_no_way_but_the_correction_and_the_page_says_so(year, desk, monkeypatch):
    seen(year, item="S5.1", source="ballot", kind="tally", value={"question": "q1", "options": {"a": 3}})
    at(year.tick(), monkeypatch)
    page = desk.get(URL + "line-1/").content.decode()
    assert (
        "只能在结果公开以后经更正撤回" in page and "<form" not in page.split("<main")[1].split("</main>")[0]
    )
    for act in ("rule", "undo", "correct", "restore", "agree", "nonsense"):
        desk.post(URL + "line-1/move/", {"act": act, "reason": "经核实登记有误"})
    assert "更正登记之后不再计入" not in desk.get(URL + "line-1/").content.decode()


def test_before_the_first_year_codes_stand_for_themselves(cast, signed_in, now):
    record(
        [
            Entry(
                unit="U1",
                item="K9",
                source="visit",
                observed_at=now,
                kind="verdict",
                value="met",
                uid="early",
            )
        ],
        actor=SYSTEM,
        now=now,
    )
    desk = signed_in(cast("office_handler"))
    assert "K9" in desk.get(URL).content.decode()
    assert desk.get(URL + "early/").status_code == 200
