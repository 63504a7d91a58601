"""Points written by the office: on which scale, never those that already stand, and what a signature has to do with them."""

from __future__ import annotations

from typing import Any

import pytest

from kaoping.campaigns.models import PointsRuling
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.services import appeal, applicability, sign_off
from kaoping.publication import queries
from kaoping.registry.queries.organisers import main_year
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
SCORING = "/desk/scoring/G1-2025/"
RULINGS = SCORING + "rulings/"
SIGN = SCORING + "sign-off/"


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def stretched(year: Any, monkeypatch: Any) -> Any:
    """U1 has an item that is not applicable: K1.1, 40 in the rulebook, is 57.14 on the sheet, and 28.57 of it are given."""
    year.to("self_review")
    year.answer("U1", "K1.2", not_applicable=True, text="没有此项职能")
    year.to("review")
    [claim] = self_reviews.claims(year.campaign)
    applicability.decide_claim(
        actor=year.handler, answer=claim, accepted=True, reason="属实", now=year.tick()
    )
    year.to("appeals")
    at(year.tick(), monkeypatch)
    return year


def test_a_ruling_shows_before_and_after_on_the_sheet_s_scale(
    stretched: Any, signed_in: Any, monkeypatch: Any
) -> None:
    desk, head = signed_in(stretched.handler), signed_in(stretched.head)
    assert "按规则集的满分填" in text(desk.get(RULINGS + "new/"))
    form = {"unit": "U1", "item": "K1.1", "points": "30", "reason": "会议核定"}
    # What is refused comes back with the two scales of the item that was chosen.
    page = text(desk.post(RULINGS + "new/", form | {"points": "41"}))
    assert "现得 28.57 分，即规则集的 20.00 分" in page
    said = text(desk.post(RULINGS + "new/", form, follow=True))
    assert "改为 30 分（规则集满分 40 分），计分表折算为 42.86 分（满分 57.14 分）" in said
    ruling = PointsRuling.objects.get()
    answer = f"{RULINGS}{ruling.pk}/"
    page = text(head.get(answer))
    assert "由 28.57 分改为 42.86 分（计分表的分，满分 57.14 分）" in page
    assert "30（满分 40）" in page
    at(stretched.tick(), monkeypatch)
    assert "由 28.57 分改为 42.86 分" in text(head.post(answer, {"agreed": "yes"}, follow=True))
    for url in (RULINGS, SIGN):
        page = text(head.get(url))
        assert "28.57" in page and "42.86" in page and "57.14" in page, url
    assert head.get(answer).status_code == 200


def test_points_that_stand_are_not_ruled(stretched: Any, signed_in: Any) -> None:
    form = {"unit": "U1", "item": "K1.1", "reason": "会议核定"}
    for points in ("20", "20.00"):
        page = text(signed_in(stretched.handler).post(RULINGS + "new/", form | {"points": points}))
        assert "K1.1 现在就是 28.57 分" in page, points
    assert not PointsRuling.objects.exists()


@pytest.mark.parametrize("outcome", ["upheld", "partly"])
def test_an_appeal_is_not_upheld_with_the_points_that_stand(
    stretched: Any, signed_in: Any, outcome: str
) -> None:
    made = appeal.file_appeal(
        actor=stretched.liaisons["U1"],
        campaign=stretched.campaign,
        organisation="U1",
        item="K1.1",
        claim="材料已在自查中提交",
        now=stretched.tick(),
    )
    decider = signed_in(stretched.decider)
    form = {"outcome": outcome, "points": "20", "decision": "材料属实", "seen": "20|"}
    for more in ({}, {"try": "1"}):
        page = text(decider.post(f"/review/appeals/{made.pk}/", form | more))
        assert "照这样填得分不变" in page, more
    made.refresh_from_db()
    assert made.outcome == ""


def test_points_that_stand_are_not_corrected(
    stretched: Any, signed_in: Any, settings: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    year, desk, publication = stretched, signed_in(stretched.handler), "/desk/publication/G1-2025/"
    year.wait_for_appeals()
    year.compute()
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    at(year.tick(), monkeypatch)
    desk.post(publication + "freeze/", {"confirm_year": "2025"})
    year.sign("result")
    at(year.tick(), monkeypatch)
    desk.post(f"{publication}{queries.latest(main_year(2025)).pk}/publish/", {"confirm_year": "2025"})
    desk.post(publication + "correction/open/", {"reason": "录错"})
    form = {"unit": "U1", "item": "K1.1", "reason": "核对原件"}
    page = text(desk.post(publication + "correction/points/", form | {"points": "20"}))
    assert "K1.1 现在就是 28.57 分" in page and "即规则集的 20.00 分" in page
    page = text(desk.post(publication + "correction/points/", form | {"points": "22"}, follow=True))
    assert "计分表折算为 31.43 分（满分 57.14 分）" in page


def test_the_sign_off_page_waits_for_the_window_and_tells_what_came_after(
    stretched: Any, signed_in: Any, monkeypatch: Any
) -> None:
    year = stretched
    year.compute()
    at(year.tick(), monkeypatch)
    desk, signer = signed_in(year.handler), signed_in(year.signer)
    page = text(signer.get(SIGN))
    assert "复核申请期限届满" in page and "期限没有到" in page and "confirm_year" not in page
    assert "期限没有到" in text(signer.post(SIGN, {"confirm_year": "2025"}))
    year.wait_for_appeals()
    at(year.tick(), monkeypatch)
    assert signer.post(SIGN, {"confirm_year": "2025"}).status_code == 302
    for url in (SCORING, RULINGS, RULINGS + "new/"):
        assert "要由第二签发人重新签发" in text(desk.get(url)), url
    at(year.tick(), monkeypatch)
    year.ruled("U1", "K1.1", "30")
    page = text(signer.get(SIGN))
    assert "签发以后情况有变" in page and "计分表之后又有新记录" in page
    desk.post(SCORING + "compute/")
    page = text(signer.get(SIGN))
    assert "以前的一张计分表已经签发" in page and "待第二人签发" in page


def test_who_decided_an_appeal_is_named_as_such_on_the_sheet(
    stretched: Any, signed_in: Any, monkeypatch: Any
) -> None:
    year = stretched
    year.upheld("U1", "K1.1", "30", claim="材料已在自查中提交", decision="材料属实")
    year.wait_for_appeals()
    at(year.tick(), monkeypatch)
    signer = signed_in(year.signer)
    for _before, _after in ((0, 1), (1, 2)):
        page = text(signer.get(SIGN))
        assert "复核人" in page and year.decider.name in page and "已决定复核并计算" in page
        signer.post(SIGN, {"confirm_year": "2025"})
