"""Preview and appeals: a unit sees every point with its reason, asks for a review, and somebody else decides."""

from __future__ import annotations

from decimal import Decimal

from tests.journeys.driver import Desk, Journey
from tests.journeys.stages import gates

MINE = "/unit/preview/2025/CZD03/"
TWO_POINTS = ("K1.1", "K1.2", "K1.3", "K2.2.a", "K2.2.b")


def walk(journey: Journey) -> None:
    """From the closed preview to the decided appeal."""
    unit = journey.desk("jiaoyu").go("/unit/preview/").sees("综合评定完成后才打开结果预览")
    journey.at("2025-12-29")
    gates.opens(journey, "结果预览")
    unit.go(MINE).sees("每一分怎么来的", "暂得")
    journey.desk("shuili").go(MINE, status=403)
    item = _an_item_with_points_to_win(unit)
    _appeal(unit, item)
    gates.opens(journey, "复核申请")
    gates.shut(journey, "签发冻结", "复核申请期限还没有到", "还有 1 件复核申请没有作出决定")
    journey.at("2025-12-31")
    journey.desk("zhuanjia1").go("/review/appeals/", status=403)
    journey.desk("jingban").go("/desk/appeals/2025/").sees("市教育局")
    _decide(journey)
    unit.go(f"{MINE}{item}/").sees("经复核改变", "成立")
    assert unit.go(MINE).page.locator(f"tr:has(a[href$='/{item}/']) del").count() == 1


def _an_item_with_points_to_win(unit: Desk) -> str:
    """One of the judged items of two points that did not get them all."""
    for code in TWO_POINTS:
        row = unit.page.locator(f"main tr:has(a[href$='/{code}/'])")
        most, got = (Decimal(cell) for cell in row.locator("td").all_text_contents()[:2])
        if got < most:
            return code
    raise AssertionError("没有丢分的项")


def _appeal(unit: Desk, item: str) -> None:
    unit.go(f"{MINE}{item}/").sees("为什么", "依据", "规则")
    unit.press("提交复核申请", status=409).sees("请写明申请复核的理由。")
    unit.fill("申请复核的理由", "材料当时已经公开（示例）。").fill(
        "或者贴网址", "http://czd03.kaoping.test/wj/"
    )
    unit.press("提交复核申请").sees("复核申请已收到，编号", "在办")


def _decide(journey: Journey) -> None:
    decider = journey.desk("fuhe").go("/review/appeals/").follow("", within="main table th")
    decider.tick("成立").press("作出决定", status=409).sees("请写明决定的理由")
    decider.fill("理由", "所附网页属实（示例）。").press("作出决定", status=409).sees("要写明改为多少分")
    decider.fill("这一项改为多少分", "99").press("作出决定", status=409).sees("最高")
    decider.fill("这一项改为多少分", "2").press("看对得分和等次的影响").sees("草稿，不入账", "总分")
    decider.press("作出决定").sees("已决定：成立", "改前改后的得分均留存")
