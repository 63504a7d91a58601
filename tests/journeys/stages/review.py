"""Review: experts score blind, the office decides what does not apply, the round is closed and a sheet computed."""

from __future__ import annotations

from tests.journeys.driver import Desk, Journey
from tests.journeys.stages import gates

UNITS = ("教育局", "水利局", "住房和城乡建设", "溧阳", "武进", "自来水", "CZD", "CZQ")
# Two experts of one unit never agree on everything, whatever the numbers in their addresses.
LEVELS = {
    "zhuanjia1": ("good", "fair", "good", "middling", "good"),
    "zhuanjia2": ("fair", "good", "middling", "good", "fair"),
}


def walk(journey: Journey) -> None:
    """From the assignment to the open preview."""
    journey.at("2025-12-08")
    handler = journey.desk("jingban").go("/desk/reviews/2025/assign/")
    handler.press("分派", status=409).sees("请选专家。")
    handler.tick("林青").tick("方竹").fill("每家单位几名专家", "1").press("分派").sees("已分派 6 份评审")
    journey.desk("zhuanjia1").go("/review/").sees("自查结束后开始评分")
    gates.opens(journey, "综合评定")
    handler.go("/desk/reviews/2025/assign/one/").choose("专家", "方竹")
    handler.page.get_by_label("单位", exact=True).select_option(["CZD03", "CZD14"])
    handler.press("分派").sees("已给 方竹 分派")
    gates.shut(journey, "结果预览", "没有审定", "还有指标没有专家评分")
    first, second = _assignments(journey.desk("zhuanjia1")), _assignments(journey.desk("zhuanjia2"))
    journey.desk("zhuanjia1").go(next(one for one in second if one not in first), status=404)
    _look_blind(journey.desk("zhuanjia1"), first[0])
    for username, paths in (("zhuanjia1", first), ("zhuanjia2", second)):
        for path in paths:
            _score(journey.desk(username), path, LEVELS[username])
    handler.go("/desk/reviews/2025/").sees("专家都已评完").go("/desk/reviews/2025/close/").sees("没有审定")
    _decide_claim(handler)
    handler.go("/desk/reviews/2025/close/").fill_year("2024").press("结束评审", status=409)
    handler.fill_year("2025").press("结束评审").sees("评审已结束，评分计入台账", "相差最大")
    gates.shut(journey, "结果预览", "评审结束后还没有计算计分表")
    journey.at("2025-12-26")
    handler.go("/desk/scoring/2025/").press("计算计分表").sees("已计算")


def _assignments(expert: Desk) -> list[str]:
    expert.go("/review/").sees("评审是盲评").sees_not(*UNITS)
    return [one.get_attribute("href") or "" for one in expert.page.locator("main table a").all()]


def _look_blind(expert: Desk, path: str) -> None:
    expert.go(path).sees_not(*UNITS).cannot("完成")
    said = expert.send(f"{path}finish/", {}, status=409)
    assert "项没有评分" in said
    expert.follow("K1.1", within="main table").sees("您的评分").sees_not(*UNITS)
    expert.press("保存，看下一项", status=409).sees("请选一档。")
    expert.page.locator("input[name=level][value=good]").check()
    expert.fill("评语", "材料齐全（示例）。").press("保存，看下一项").sees("K1.1 已保存")


def _score(expert: Desk, path: str, levels: tuple[str, ...]) -> None:
    expert.go(path)
    items = [one.get_attribute("href") or "" for one in expert.page.locator("main table th a").all()]
    shift = sum(map(ord, path))
    for number, item in enumerate(items):
        level = levels[(number + shift) % len(levels)]
        expert.send(item, {"level": level, "comment": "见材料（示例）。"})
    expert.go(path).press("完成").sees("评完了，评分已锁定。")


def _decide_claim(handler: Desk) -> None:
    handler.go("/desk/self-reviews/2025/claims/").sees("还有 1 项“不涉及”待审定").follow(
        "审定", within="main table"
    )
    handler.tick("认定不涉及").press("审定", status=409).sees("审定要写明理由")
    handler.fill("理由", "没有对外服务场所，属实（示例）。").press("审定").sees("已审定")
