"""The preview: every point with reason and evidence, the old value struck through after an appeal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.campaigns.queries.review import judged_at
from kaoping.campaigns.services.review import close_round
from kaoping.evidence.services import Entry
from kaoping.web.ui.wording import cn_date, cn_datetime
from tests.campaigns.examples import Year
from tests.ledger import ledger, record

pytestmark = pytest.mark.django_db
PREVIEW = "/unit/preview/G1-2025/U1/"


def _text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def previewing(year: Year) -> Year:
    year.to("review")
    record(
        [
            Entry(
                "U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01", reason="首页打不开"
            )
        ],
        actor=SYSTEM,
        now=year.tick(),
    )
    return year.to("preview")


def test_nothing_is_shown_before_the_preview_opens(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    year.to("review")
    year.compute("provisional")
    client = signed_in(year.liaisons["U1"])
    for path in (PREVIEW, f"{PREVIEW}K1.1/"):
        page = _text(client.get(path))
        assert "还没有结果可看" in page
        assert "20.00" not in page


def test_every_item_has_points_reason_and_a_way_to_its_evidence(
    previewing: Year, signed_in: Callable[[Actor], Client]
) -> None:
    client = signed_in(previewing.liaisons["U1"])
    page = _text(client.get(PREVIEW))
    assert "2025 年暂得" in page
    for code in ("K1.1", "K1.2", "K3.3", "S5.1"):
        assert f"{PREVIEW}{code}/" in page
    assert "24:00 止" in page
    item = _text(client.get(f"{PREVIEW}K3.3/"))
    assert "首页打不开" in item
    assert "在线监测：不符合" in item
    assert "15.00" in item or "得 15.00 分" in item
    assert "K3.3" in client.get(PREVIEW, {"format": "csv"}).content.decode()


def test_reviewers_appear_by_alias_only(previewing: Year, signed_in: Callable[[Actor], Client]) -> None:
    page = _text(signed_in(previewing.liaisons["U1"]).get(f"{PREVIEW}K1.1/"))
    assert "专家甲" in page
    assert "专家己" not in page
    assert "专家庚" not in page


def test_a_score_is_shown_at_the_time_of_judging(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    """Not at the end of the period, nor when the round was closed, nor when the page is read."""
    year.to("review")
    judged = year.at = year.at.replace(month=12, day=3, hour=2, minute=20)
    year.review_all()
    closed = year.at = year.at.replace(day=20)
    close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    year.compute()
    year.advance()
    line = next(
        one for one in ledger() if one.unit == "U1" and one.item == "K1.1" and one.source == "reviewer"
    )
    at = judged_at([line.id])[line.id]
    assert judged <= at < closed <= line.recorded_at and line.observed_at != at
    said = f"评定时间 {cn_datetime(at)}，计入台账 {cn_datetime(line.recorded_at)}"
    unit = signed_in(year.liaisons["U1"]).get(f"{PREVIEW}K1.1/").content.decode()
    desk = signed_in(year.handler)
    cell = desk.get("/desk/scoring/G1-2025/", {"unit": "U1", "item": "K1.1"}).content.decode()
    assert said in unit and said in cell
    assert f"评定时间 {cn_date(at)}" in cell and cn_date(line.observed_at) not in unit + cell
    told = desk.get(f"/desk/ledger/{line.id}/").content.decode()
    assert cn_datetime(at) in told and "归属时间" in told
    assert said in desk.get("/desk/ledger/", {"format": "csv"}).content.decode()


def test_a_changed_value_is_struck_through(previewing: Year, signed_in: Callable[[Actor], Client]) -> None:
    previewing.upheld("U1", "K1.1", "40", claim="材料齐全", decision="分工文件属实")
    client = signed_in(previewing.liaisons["U1"])
    page = _text(client.get(PREVIEW))
    assert "<del" in page
    assert "20.00" in page
    assert "40.00" in page
    assert "成立" in page
    item = _text(client.get(f"{PREVIEW}K1.1/"))
    assert "经复核改变" in item
    assert "分工文件属实" in item


def test_only_the_own_result(previewing: Year, signed_in: Callable[[Actor], Client]) -> None:
    other = signed_in(previewing.liaisons["U2"])
    assert other.get(PREVIEW).status_code == 403
    assert other.get(f"{PREVIEW}K1.1/").status_code == 403
    assert other.post(f"{PREVIEW}K1.1/", {"claim": "替别人申请"}).status_code == 403
    assert signed_in(previewing.reviewers[0]).get(PREVIEW).status_code == 403
    assert signed_in(previewing.handler).get(PREVIEW).status_code == 200


def test_each_change_is_told_by_what_it_was_and_the_home_tells_of_a_ruling(
    previewing: Year, signed_in: Callable[[Actor], Client]
) -> None:
    year = previewing
    year.upheld("U1", "K1.1", "40", claim="材料齐全", decision="分工文件属实")
    client = signed_in(year.liaisons["U1"])
    page = _text(client.get(f"{PREVIEW}K1.1/"))
    assert "复核决定：定为 40 分" in page
    assert "政务公开办：" not in page
    home = _text(client.get("/unit/G1-2025/U1/"))
    assert "K1.1 的复核申请 FH-G1-2025-0001 成立，由 20.00 分改为 40.00 分" in home
    assert "经审定" not in home.partition("改分和复核</h2>")[2].partition("<ul>")[2].partition("</ul>")[0]
    year.ruled("U1", "K1.1", "30")
    # It is told at once, and stands in the sheet's chain when the sheet was computed again.
    home = _text(client.get("/unit/G1-2025/U1/"))
    assert "K1.1 经审定由 40.00 分改为 30.00 分，计分表重新计算后计入" in home
    assert f"{PREVIEW}K1.1/" in home
    waits = _text(client.get(f"{PREVIEW}K1.1/"))
    assert "经审定改变" not in waits
    assert "已审定，待重新计算" in waits
    year.compute("preview")
    assert "重新计算后计入" not in _text(client.get("/unit/G1-2025/U1/"))
    page = _text(client.get(f"{PREVIEW}K1.1/"))
    assert "待重新计算" not in page
    assert "不再计分的记录" in page
    assert page.index("经复核改变") < page.index("经审定改变")
    assert "<del>20.00</del> 40.00" in page
    assert "<del>40.00</del> 30.00" in page
    whole = _text(client.get(PREVIEW))
    assert "经复核由 20.00 分改为 40.00 分，经审定由 40.00 分改为 30.00 分" in whole
    desk = _text(signed_in(year.handler).get("/desk/scoring/G1-2025/?unit=U1&item=K1.1"))
    assert "经复核改变" in desk
    assert "经审定改变" in desk
    assert "改分和复核" not in _text(signed_in(year.liaisons["U2"]).get("/unit/G1-2025/U2/"))
