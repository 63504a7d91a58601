"""Plan: the year is opened, filled in, signed by three persons in their order, and its signed scan attached."""

from __future__ import annotations

from kaoping.evidence.logic import PLEDGE
from tests.journeys.driver import Journey, a_file
from tests.journeys.stages import gates, monitoring

APPROVAL = "/desk/approval/2025/plan/"
SCAN = b"%PDF-1.4 signed sheet, an example"


def walk(journey: Journey) -> None:
    """From an empty year to the open gate. The first looks at a site run meanwhile."""
    journey.at("2025-03-03")
    monitoring.look(journey)
    _open_year(journey)
    gates.shut(
        journey,
        "平时考核",
        "没有列出年度要点",
        "没有参评单位",
        "方案呈批表缺经办、办公室负责人、领导小组领导签批",
    )
    _fill_in(journey)
    monitoring.looked(journey)
    journey.at("2025-03-04")
    monitoring.look(journey)
    _sign(journey)
    monitoring.looked(journey)
    gates.opens(journey, "平时考核")
    journey.desk("jingban").go("/desk/plan/2025/").sees("方案已经批准")


def _open_year(journey: Journey) -> None:
    journey.desk("fuhe").go("/desk/plan/new/", status=403)
    handler = journey.desk("jingban").go("/desk/board/").follow("建立年度考核")
    handler.fill("标题", "").press("建立", status=409).sees("请写标题")
    handler.fill("年份", "2025").fill("标题", "2025 年度政务公开工作考核")
    handler.choose("公开范围", "全部指标得分和依据").press("建立").sees("已建立 2025 年度考核")


def _fill_in(journey: Journey) -> None:
    handler = journey.desk("jingban").go("/desk/plan/2025/priorities/")
    handler.fill("年度要点", "做好政策解读｜K9.9").press("保存", status=409).sees("代码“K9.9”不在规则集里")
    handler.fill("年度要点", "做好政策解读｜K3.5.d\n年度报告按时发布｜K3.6").press("保存").sees(
        "已保存 2 条要点"
    )
    handler.go("/desk/plan/2025/units/").tick("公共企业").tick("工作部门").tick("辖市、区人民政府")
    handler.fill("不参评的单位", "CZI03").press("保存", status=409).sees("第 1 行没有理由")
    handler.fill("不参评的单位", "").press("保存").sees("已选定 6 家参评单位", "垂直管理，由上级主管部门考核")
    handler.sees("由辖市、区主管部门考核")
    handler.go("/desk/plan/2025/timetable/").sees("选定时间安排")
    handler.go("/desk/plan/2025/rulebook/").sees("选定规则集")


def _sign(journey: Journey) -> None:
    journey.desk("fuzeren").go(APPROVAL).sees(
        "现在等经办签批，签批按经办、办公室负责人、领导小组领导的次序。"
    ).cannot("签批")
    journey.desk("jingban").go(APPROVAL).sees("签齐后再附扫描件").cannot("附扫描件")
    for username in ("jingban", "fuzeren", "lingdao"):
        desk = journey.desk(username).go(APPROVAL).follow("签批", within=".kp-actions")
        desk.fill("意见", "同意").press("签批").sees("已签批")
    journey.desk("jingban").go("/desk/plan/2025/").sees("方案呈批表已有人签批")
    gates.shut(journey, "平时考核", "没有附方案呈批表签字扫描件")
    handler = journey.desk("jingban").go(APPROVAL)
    name, content = handler.download("下载 DOCX")
    assert name.endswith("呈批表.docx") and content.startswith(b"PK")
    handler.go(f"{APPROVAL}print/").sees("领导小组领导", "同意")
    handler.go(f"{APPROVAL}scan/").attach("签字扫描件", a_file("呈批表.pdf", SCAN, "application/pdf")).tick(
        PLEDGE
    )
    handler.fill("文号", "示例〔2025〕1号").press("附上").sees("签字扫描件已附上")
