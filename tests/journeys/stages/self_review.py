"""Self-review: what a unit says of itself with evidence; a secret file is refused, the submitted form locks."""

from __future__ import annotations

from kaoping.evidence.logic import PLEDGE
from tests.journeys.cast import NAMES
from tests.journeys.driver import Desk, Journey
from tests.journeys.files import document
from tests.journeys.stages import gates

CLAIMED = "K4.3.d"
TEXT = "已按要求办理，材料见网址（示例）。"


def walk(journey: Journey) -> None:
    """Three units hand in, one of them twice; three are named as missing."""
    journey.at("2025-11-17")
    unit = journey.desk("jiaoyu").go("/unit/self-review/").sees("部门自查还没有开始")
    gates.opens(journey, "部门自查")
    journey.desk("shuili").go("/unit/self-review/2025/CZD03/", status=403)
    _first_item(unit.go("/unit/self-review/2025/CZD03/").sees("已答 0 项"))
    _submit_with_gaps(unit)
    for username, code in (("jiaoyu", "CZD03"), ("shuili", "CZD17"), ("gongsi", "CZE04")):
        _answer_all(journey.desk(username), code)
        _submit(journey.desk(username), code)
    unit.go("/unit/self-review/2025/CZD03/item/K1.1/").sees("自查已经提交，内容已锁定。")
    said = unit.send("/unit/self-review/2025/CZD03/item/K1.1/", {"level": "none", "text": ""}, status=409)
    assert "内容已锁定" in said
    _return(journey)
    gates.shut(journey, "综合评定", "期限没有到")
    journey.at("2025-12-06")
    gates.shut(journey, "综合评定", "没有提交自查")
    _name_missing(journey, "CZQ01", "CZQ03", "CZD14")


def _first_item(unit: Desk) -> None:
    unit.follow("K1.1", within="main table")
    unit.page.locator("input[name=level][value=good]").check()
    secret = document("会议纪要.docx", "机密★10年", "会议纪要（示例）")
    unit.fill("情况说明", TEXT).attach("上传文件", secret).tick(PLEDGE).press("保存，留在这一项", status=409)
    unit.sees("带有密级标志", "文件没有保存", "档次和情况说明已经保存").sees("佐证材料 0 份")
    assert unit.page.get_by_label("情况说明").input_value() == TEXT
    unit.attach("上传文件", document("三定方案.docx", "主要职责（示例）")).tick(PLEDGE).press(
        "保存，留在这一项"
    ).sees("佐证材料 1 份")


def _submit_with_gaps(unit: Desk) -> None:
    unit.go("/unit/self-review/2025/CZD03/").cannot("提交自查")
    unit.go("/unit/self-review/2025/CZD03/submit/").sees("没有填完", "K1.2 机构人员：没有选档次")
    said = unit.send("/unit/self-review/2025/CZD03/submit/", {}, status=409)
    assert "不能提交" in said


def _answer_all(unit: Desk, code: str) -> None:
    unit.go(f"/unit/self-review/2025/{code}/")
    paths = [one.get_attribute("href") or "" for one in unit.page.locator("main table th a").all()]
    assert len(paths) > 15
    for number, path in enumerate(paths):
        claims = code == "CZD17" and CLAIMED in path
        level = "not_applicable" if claims else ("good", "good", "fair", "middling")[number % 4]
        unit.send(path, {"level": level, "text": "没有对外服务场所（示例）。" if claims else TEXT})


def _submit(unit: Desk, code: str) -> None:
    unit.go(f"/unit/self-review/2025/{code}/submit/").press("提交并锁定").sees("自查已提交，回执码 ZC2025-")


def _return(journey: Journey) -> None:
    handler = journey.desk("jingban").go("/desk/self-reviews/2025/").sees(*NAMES.values())
    handler.go("/desk/self-reviews/2025/unit/CZD17/").follow("退回单位").press("退回", status=409)
    handler.fill("理由", "K2.1.a 的说明太简单（示例）。").press("退回").sees("已退回市水利局")
    unit = (
        journey.desk("shuili")
        .go("/unit/self-review/2025/CZD17/")
        .sees("自查被退回", "K2.1.a 的说明太简单（示例）。")
    )
    unit.send(
        "/unit/self-review/2025/CZD17/item/K2.1.a/", {"level": "fair", "text": f"{TEXT}补充了计划全文。"}
    )
    _submit(unit, "CZD17")


def _name_missing(journey: Journey, *codes: str) -> None:
    handler = journey.desk("jingban")
    handler.go(f"/desk/self-reviews/2025/unit/{codes[0]}/").follow("登记为逾期未报").sees("登记为逾期未报")
    for code in codes:
        handler.go(f"/desk/self-reviews/2025/unit/{code}/missing/")
        handler.fill("理由", "两次催报未交（示例）").press("登记为逾期未报").sees("已登记为逾期未报")
