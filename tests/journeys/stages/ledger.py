"""The office's own ledgers: what no module of the program counts comes in as a table, all rows or none."""

from __future__ import annotations

from kaoping.evidence.logic import PLEDGE
from tests.journeys.cast import ASSESSED
from tests.journeys.driver import Journey
from tests.journeys.files import ledger_csv, ledger_xlsx

PAGE = "/desk/ledger/import/"


def walk(journey: Journey) -> None:
    """A faulty CSV is refused by line, a workbook is taken; opinions are answered and counted."""
    journey.at("2025-11-15", 14)
    _opinions(journey)
    rows = [
        [unit, item, "比例", "9/10", "2025-11-14", "台账（示例）", ""]
        for unit in ASSESSED
        for item in ("K3.2", "K3.10.p", "K4.2.p")
        if (unit, item) != ("CZE04", "K4.2.p")
    ]
    journey.desk("fuzeren").go(PAGE, status=403).sees("台账由政务公开办经办导入。")
    handler = journey.desk("jingban").go(PAGE)
    faulty = [["CZD99", *rows[0][1:]], [*rows[1][:3], "11/10", *rows[1][4:]]]
    handler.attach("台账文件", ledger_csv("台账.csv", faulty)).press("导入", status=422)
    handler.sees("没有导入：2 处要改", "第 2 行", "第 3 行", "没有存入任何一条")
    handler.attach("台账文件", ledger_xlsx("台账.xlsx", rows)).tick(PLEDGE).press("导入").sees(
        f"已导入 {len(rows)} 条。"
    )
    handler.follow("", within="main table td").sees("应办 10，办到 9", ".xlsx", "校验值一致")


def _opinions(journey: Journey) -> None:
    handler = journey.desk("jingban").go("/desk/evaluation/2025/opinions/")
    handler.follow("通知公告栏目", within="main table").tick("合理，要整改").press("答复", status=422)
    handler.sees("请写").fill("答复", "已转单位整改（示例）。").tick("已经整改到位").press("答复")
    handler.go("/desk/evaluation/2025/opinions/").press("登记意见整改情况")
    handler.go("/desk/ledger/").sees("S5.5")
