"""合并办理 on the pages: from two orders and two deductions about one place to one of each, and what the unit reads of it."""

from __future__ import annotations

import pytest

from kaoping.campaigns.queries import ledger as year_ledger
from kaoping.campaigns.queries import sheet as sheets
from kaoping.inspection.services import record_visit
from kaoping.rectification import queries as cases
from kaoping.rectification.services import opening, order
from kaoping.registry.queries import places
from tests.campaigns.examples import make_year
from tests.campaigns.rulebook import FILES
from tests.ledger import ledger as whole_ledger
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff" + b"0" * 50
SHORT, LONG = "图书馆查阅点", "图书馆政府信息查阅点"
WHY = "同一个阅览室，两次写法不同"


@pytest.fixture
def year(cast, now, units, stored_files):
    """A year whose K3.3 takes visits, 20 points, 5 for each fault."""
    rubric = FILES["rubric.yaml"].replace("monitor: [verdict], register", "visit: [verdict], register")
    return make_year(cast, now, files=FILES | {"rubric.yaml": rubric}).to("routine")


@pytest.fixture
def visit(year, cast):
    inspector = cast("inspector", name="孙检")

    def act(place, **more):
        now = year.tick()
        given = {"outcome": "not_met", "note": "没有指南", "another": True, "client_id": f"c-{now:%H%M}"}
        done = record_visit(
            actor=inspector, organisation_code="U1", place=place, item="K3.3", photo=("a.jpg", JPEG),
            confirmed=True, visited_at=now, now=now, **(given | more),
        )  # fmt: skip
        opening.read_ledger(now=now)
        return done

    return act


def case_at(name):
    [code] = [one.code for one in places.places("U1") if one.name == name]
    return cases.cases().get(target=f"place:{code}").number


def points(year):
    detail = sheets.unit_detail(year.compute("provisional"), "U1")
    return detail["indicators"]["K3.3"]["points"]


def text(response):
    return response.content.decode()


def test_from_two_orders_to_one(year, visit, signed_in, monkeypatch):
    visit(SHORT)
    visit(LONG)
    gone, stays = (case_at(one) for one in (SHORT, LONG))
    assert points(year) == "10.00"
    order.serve(actor=year.handler, numbers=[gone, stays], now=year.tick())
    due = cases.case(stays).due_on
    at(year.tick(), monkeypatch)
    desk, unit = signed_in(year.handler), signed_in(year.liaisons["U1"])
    page = text(desk.get(f"/desk/cases/{gone}/"))
    assert "合并办理" in page and f'value="{stays}"' in page and LONG in page
    url = f"/desk/cases/{gone}/merge/"
    kept = desk.post(url, {"into": stays, "text": "同"})
    assert kept.status_code == 422 and "至少 4 个字" in text(kept) and cases.case(gone).state == "served"
    assert desk.post(url, {"into": stays, "text": WHY}).status_code == 302
    assert (
        desk.post(url, {"into": stays, "text": WHY}).status_code == 302
    )  # sent again because its answer was lost
    page = text(desk.get(f"/desk/cases/{gone}/"))
    assert "已经结案：合并办理" in page and f"并入 {stays}" in page and "本单并入" in page
    page = text(desk.get(f"/desk/cases/{stays}/"))
    assert "已并入本单" in page and gone in page and WHY in page
    # What the unit reads: where it goes on, and that its deadline stands.
    page = text(unit.get(f"/unit/cases/{gone}/"))
    assert f'href="/unit/cases/{stays}/"' in page and "本单已并入" in page and WHY in page
    assert 'href="#reply"' not in page
    page = text(unit.get(f"/unit/cases/{stays}/"))
    assert "已并入本单，不另扣分" in page and "期限不变" in page
    assert f"合并办理，并入 {stays}" in text(unit.get("/unit/cases/"))
    assert f"合并办理，并入 {stays}" in text(desk.get("/desk/cases/?show=closed"))
    for file in (desk.get("/desk/cases/?show=closed&format=csv"), unit.get("/unit/cases/?format=csv")):
        assert [f',"{stays}"' in line for line in file.content.decode().splitlines() if gone in line] == [
            True
        ]
    assert cases.case(stays).due_on == due
    assert points(year) == "15.00"
    # Whichever spelling the next visit picks, it meets the order that stays.
    assert [(one.name, one.others) for one in places.spots("U1")] == [(LONG, (SHORT,))]
    visit(SHORT)
    assert points(year) == "15.00" and cases.cases().count() == 2
    assert len(cases.sources(cases.case(stays))) == 2


def test_the_signer_sees_the_withdrawal_and_the_act_has_its_day(year, visit, signed_in, monkeypatch):
    visit(SHORT)
    visit(LONG)
    gone, stays = (case_at(one) for one in (SHORT, LONG))
    year.compute("provisional")
    at(year.tick(), monkeypatch)
    signed_in(year.handler).post(f"/desk/cases/{gone}/merge/", {"into": stays, "text": WHY})
    sheet = year.compute("provisional")
    [told] = year_ledger.withdrawals(year.campaign, sheet)
    assert (told.item, told.act, told.before, told.after) == ("K3.3", "审定", "10.00", "15.00")
    assert stays in told.reason and WHY in told.reason
    acts = year_ledger.acts_of(year.campaign, whole_ledger(), sheet)
    assert acts[f"ruling:merge-{gone}-1"].signers == 1


def test_what_cannot_be_joined_says_why(year, visit, signed_in, monkeypatch):
    visit(SHORT)
    visit(LONG)
    gone, stays = (case_at(one) for one in (SHORT, LONG))
    order.serve(actor=year.handler, numbers=[gone], now=year.tick())
    year.to("preview")
    at(year.tick(), monkeypatch)
    desk = signed_in(year.handler)
    page = text(desk.get(f"/desk/cases/{gone}/"))
    assert "已经下发" in page and "并入所选" not in page
    page = text(desk.get(f"/desk/cases/{stays}/"))
    assert "评审已经结束" in page and "须两人办理" in page and 'name="into"' not in page
    refused = desk.post(f"/desk/cases/{stays}/merge/", {"into": gone, "text": WHY})
    assert refused.status_code == 422 and WHY in text(refused)
    assert [one.name for one in places.spots("U1")] == [SHORT, LONG]  # nothing was half done
    for actor in (year.signer, year.leader):
        assert "并入所选" not in text(signed_in(actor).get(f"/desk/cases/{stays}/"))
    assert signed_in(year.liaisons["U1"]).post(f"/desk/cases/{stays}/merge/", {}).status_code == 403


def test_the_list_of_places(year, visit, signed_in, cast, monkeypatch):
    visit(SHORT)
    visit(LONG)
    at(year.tick(), monkeypatch)
    desk, url = signed_in(year.handler), "/desk/visits/places/U1/"
    assert "/desk/visits/places/" in text(desk.get("/desk/visits/"))
    assert url in text(desk.get("/desk/visits/places/")) and "市教育局" in text(
        desk.get("/desk/visits/places/")
    )
    assert "地点 2 处" in text(desk.get(url))
    for form, words in (
        ({"act": "join", "place": SHORT, "same_as": ""}, "请选是哪一处"),
        ({"act": "join", "place": "", "same_as": LONG}, "请选是哪一处"),
        ({"act": "join", "place": SHORT, "same_as": SHORT}, "是一样的"),
    ):
        refused = desk.post(url, form)
        assert refused.status_code == 422 and words in text(refused)
    assert desk.post(url, {"act": "join", "place": SHORT, "same_as": LONG}).status_code == 302
    assert f"也写作“{SHORT}”" in text(desk.get(url)) and "地点 1 处" in text(desk.get(url))
    field = text(signed_in(cast("inspector")).get("/field/visit/U1/"))
    assert f'<option value="{LONG}">{LONG}（待办公室登记）（也写作“{SHORT}”）</option>' in field
    assert f'<option value="{SHORT}"' not in field
    signer = signed_in(year.signer)
    assert "另是一处" not in text(signer.get(url))
    assert signer.post(url, {"act": "part", "place": SHORT}).status_code == 422
    assert desk.post(url, {"act": "part", "place": SHORT}).status_code == 302
    assert "地点 2 处" in text(desk.get(url))
    assert desk.get("/desk/visits/places/NONE/").status_code == 404
