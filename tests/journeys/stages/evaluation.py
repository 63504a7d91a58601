"""Evaluation: prepared by two openers, filled in by citizens, sealed at its end, opened by two persons together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.journeys.cast import OPENERS, PASSWORD
from tests.journeys.driver import Desk, Journey
from tests.journeys.outsiders import evaluate, receipt_in
from tests.journeys.stages import gates, routine

POLL = "/desk/evaluation/2025/"
ENOUGH, OPINION = 31, "通知公告栏目好久没有更新（示例意见）。"
ANSWERS = ("办过事", "满意", "基本满意", "满意", "说不清")


def walk(journey: Journey) -> None:
    """From the arrangement to the opened box."""
    journey.at("2025-09-29")
    _prepare(journey)
    gates.opens(journey, "社会评议")
    gates.shut(journey, "部门自查", "问卷还没有封存")
    journey.at("2025-10-13", 10)
    code = _evaluate(journey)
    routine.close_case(journey)
    _before_the_opening(journey)
    journey.at("2025-11-15", 9)
    _after_the_end(journey)
    _open(journey, code)


def _prepare(journey: Journey) -> None:
    journey.citizen().go("/evaluate/").sees("现在没有进行中的社会评议")
    journey.desk("fuzeren").go(f"{POLL}prepare/", status=403).sees("社会评议由政务公开办经办布置。")
    handler = journey.desk("jingban").go(f"{POLL}prepare/").sees("2025 年方案里的参评单位，共 6 个")
    _two_openers(handler, "沈一鸣", "沈一鸣", OPENERS[0], "short")
    handler.press("布置", status=422).sees("开箱口令至少 12 个字符。", "两位开箱人不能是同一人。")
    _two_openers(handler, "沈一鸣", "钱晓", *OPENERS)
    handler.press("布置").sees("2025 年社会评议已布置，6 个单位")


def _two_openers(handler: Desk, first: str, second: str, one: str, other: str) -> None:
    handler.choose("第一位开箱人", first).fill("第一位的开箱口令", one).fill("第一位再输一遍", one)
    handler.choose("第二位开箱人", second).fill("第二位的开箱口令", other).fill("第二位再输一遍", other)


def _evaluate(journey: Journey) -> str:
    """One citizen without script, then enough others for two units, and a few for a third."""
    seeing = journey.citizen().go("/evaluate/").sees("您想评议哪个单位？").follow("溧阳市")
    seeing.follow("全部题目一页显示").press("交上去", status=422).go("/receipt/").go("/about/accessibility/")
    citizen = journey.citizen(script=False).go("/evaluate/").sees("您想评议哪个单位？")
    citizen.follow("市教育局").press("交上去", status=422).sees("有 5 处要改")
    for question, answer in zip(citizen.page.locator("fieldset").all(), ANSWERS, strict=True):
        question.get_by_label(answer, exact=True).check()
    citizen.page.locator("#opinion").fill(OPINION)
    form = {
        one.get_attribute("name"): one.input_value()
        for one in citizen.page.locator("input[type=hidden], input:checked, textarea").all()
    }
    citizen.press("交上去").sees("您的评议已收到")
    code = receipt_in(citizen.text())
    # The same form once more, as after a double click or a lost connection: the same receipt, one ballot.
    again = citizen.page.context.request.post(
        f"{citizen.base}/evaluate/CZD03/", form=_texts(form), headers={"Referer": citizen.base}
    )
    assert receipt_in(again.text()) == code
    citizen.go("/receipt/").fill("回执码", "0000").press("查一查", status=422)
    citizen.fill("回执码", code.lower()).press("查一查").sees("这份问卷已收到，截止后封存。")
    with ThreadPoolExecutor(4) as crowd:
        many = [
            unit
            for unit, number in (("CZD03", ENOUGH - 1), ("CZQ01", ENOUGH), ("CZE04", 5))
            for _ in range(number)
        ]
        receipts = list(crowd.map(lambda one: evaluate(journey.installation.outside, *one), enumerate(many)))
    assert len(set(receipts)) == len(many)
    return code


def _before_the_opening(journey: Journey) -> None:
    handler = (
        journey.desk("jingban")
        .go(POLL)
        .sees("开箱前，任何页面都不显示份数和结果。")
        .sees_not("份问卷", "封存份数")
    )
    handler.cannot("封存问卷")
    journey.desk("kaixiang1").go(f"{POLL}open/").sees("问卷还没有封存")
    journey.desk("jiaoyu").go("/unit/evaluation/").sees_not(OPINION)
    handler.go(f"{POLL}opinions/").until(OPINION[:6])
    handler.follow(OPINION[:6], within="main table").sees(OPINION)


def _after_the_end(journey: Journey) -> None:
    citizen = journey.citizen(script=False)
    citizen.go("/evaluate/CZD03/", status=410).sees("本次评议 11月14日 24:00 已截止。")
    handler = journey.desk("jingban").go(POLL)
    if "封存问卷" in handler.text():
        handler.press("封存问卷").sees("问卷已封存")
    gates.shut(journey, "部门自查", "问卷已封存，还没有开箱")


def _open(journey: Journey, code: str) -> None:
    journey.desk("jingban").go(f"{POLL}open/", status=403).sees("开箱由布置评议时指定的两名开箱人办理。")
    opener = journey.desk("kaixiang1").go(f"{POLL}open/").sees("开箱须两人到场")
    _both(opener, "kaixiang1", OPENERS[1]).press("两人一起开箱", status=422)
    opener.sees_not("计票结果进了台账")
    _both(opener, "kaixiang2", "not that passphrase").press("两人一起开箱", status=422).sees("口令")
    _both(opener, "kaixiang2", OPENERS[1]).press("两人一起开箱").sees(
        "沈一鸣与钱晓已开箱，计票结果进了台账。"
    )
    handler = journey.desk("jingban").go(POLL).sees("有效问卷 67 份", "不足 30 份，不给出等次", "Wilson 95%")
    citizen = journey.citizen(script=False).go("/receipt/")
    citizen.fill("回执码", code).press("查一查").sees("这份问卷在箱里，已随全部问卷封存。")
    handler.go("/desk/ledger/?source=ballot").sees("市教育局")


def _both(opener: Desk, second: str, passphrase: str) -> Desk:
    opener.fill("您的开箱口令", OPENERS[0]).fill("第二位开箱人的登录名", second)
    opener.fill("第二位开箱人的登录口令", PASSWORD.format(second))
    return opener.fill("第二位开箱人的开箱口令", passphrase)


def _texts(form: dict[Any, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in form.items()}
