"""Routine: a site is looked at, what fails is confirmed by a person, a case runs until a re-test; a visit with a photo."""

from __future__ import annotations

import base64
import re

from playwright.sync_api import expect

from kaoping.evidence.logic import PLEDGE
from tests.journeys.cast import LATER
from tests.journeys.driver import Journey, a_file
from tests.journeys.stages import gates, monitoring
from tests.journeys.stages.setting_up import hire

FINDINGS = "/desk/monitoring/findings/"
CHECK = "P-12"
# Its tags are missing until 25 May; unlike news it stays where it is.
PLACE = "/nb/2024.html"
MENDED = f"http://czd14.kaoping.test{PLACE}"
NUMBER = "ZG-CZ0-2025-0001"
CASE, OWN_CASE = f"/desk/cases/{NUMBER}/", f"/unit/cases/{NUMBER}/"
# One grey pixel.
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


def walk(journey: Journey) -> None:
    """Three looks, a confirmation, a case from order to closing, and a visit."""
    _too_early(journey)
    journey.at("2025-03-06")
    monitoring.look(journey)
    _visit(journey)
    _confirm(journey)
    # The worker writes the case meanwhile.
    hire(journey, LATER)
    _serve(journey)
    _work_off(journey)
    gates.shut(journey, "社会评议", "社会评议还没有布置", "在“社会评议”点“布置评议”")


def _too_early(journey: Journey) -> None:
    """Two failures a day apart confirm nothing."""
    handler = journey.desk("jingban").go(f"{FINDINGS}?state=suspected&check={CHECK}")
    handler.sees("还差 1 次失败，首末两次失败须相隔 48 小时以上")
    handler.follow("市住房城乡建设局", within=f"main tr:has-text('{PLACE}')")
    early = re.search(r"finding=(\d+)", handler.page.url)
    assert early
    said = handler.send("/desk/monitoring/confirm/", {"finding": early[1]}, status=422)
    assert "有 1 条还没有到确认线（3 次失败，首末相隔 48 小时以上），不能确认。" in said


def _confirm(journey: Journey) -> None:
    """The third failure, more than 48 hours after the first, waits for a person."""
    journey.desk("fuhe").go(FINDINGS, status=403)
    handler = monitoring.looked(journey).sees("处待人工确认")
    handler.go(f"{FINDINGS}?check={CHECK}").press("确认勾选的", status=422).sees("没有选中任何一条")
    handler.go(f"{FINDINGS}?check={CHECK}")
    handler.page.locator(f"tr:has-text('{PLACE}') input[name=finding]").check()
    handler.press("确认勾选的").sees("已确认 1 条，记入台账")
    handler.go("/desk/monitoring/").sees("市住房城乡建设局")
    handler.go("/desk/ledger/").sees("市住房城乡建设局")


def _visit(journey: Journey) -> None:
    """The inspector's phone, at the unit's hall, while the worker looks at the site."""
    inspector = (
        journey.desk("jiancha").go("/field/").fill("单位名称", "水利").press("查找").follow("市水利局")
    )
    inspector.press("登记", status=422).sees("有 3 处要改")
    inspector.fill("到了哪里", "政务服务大厅查阅点")
    inspector.page.get_by_label("看哪一项").select_option("K4.3.p")
    inspector.tick("做到了").fill("看到的情况", "查阅点开放，指南齐全（示例）。")
    inspector.attach("照片", a_file("现场.png", PHOTO, "image/png")).tick(PLEDGE)
    inspector.press("登记").sees("已登记，照片已存。", "校验值")
    journey.desk("jingban").go("/desk/visits/").sees("市水利局")


def _serve(journey: Journey) -> None:
    journey.desk("zhujian").go("/unit/cases/").sees("没有整改单")
    handler = journey.desk("jingban").go("/desk/cases/serve/").until(NUMBER)
    handler.press("下发勾选的", status=422)
    handler.page.locator("input[name=number]").first.check()
    handler.fill("期限（工作日）", "15").press("下发勾选的").sees("已下发 1 张，2025年3月27日 24:00 止")


def _work_off(journey: Journey) -> None:
    """The unit answers before it has mended anything; only a re-test that passes lets the case be closed."""
    handler = journey.desk("jingban").go(CASE).sees("还不能结案").cannot("结案")
    journey.at("2025-03-13")
    unit = journey.desk("zhujian").go("/unit/cases/").sees("1 张整改单等您回复").go(OWN_CASE)
    unit.fill("改了什么", "已补上网页标签（示例）。").press("回复", status=422)
    unit.sees("请附一份材料，或写明整改后的网址")
    unit.fill("整改后的网址", MENDED).press("回复").sees("已回复，待核实")
    unit.sees("还不能结案")
    # The page is fetched on the unit's word, and this look decides.
    handler.go(CASE).until("复测未通过")
    said = handler.send(f"{CASE}close/", {"text": ""}, status=422)
    assert "还不能结案" in said
    journey.at("2025-05-26")
    unit.go(OWN_CASE).fill("改了什么", "已逐页补齐（示例）。").fill("整改后的网址", MENDED).press("回复")
    unit.go(OWN_CASE).until("复测通过")


def close_case(journey: Journey) -> None:
    """Once the worker has read both re-tests from the ledger: the first failed, the second passed."""
    handler = (
        journey.desk("jingban").go(CASE).until("复测通过").sees("复测未通过").press("结案").sees("已结案。")
    )
    expect(handler.page.get_by_role("heading", level=1)).to_contain_text("已经结案")
    journey.desk("zhujian").go(OWN_CASE).sees("已经结案")
