"""What a proposed veto or major deduction must hold, said all at once; one document is one document however it is typed."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from kaoping.accounts.actor import Who
from kaoping.campaigns.logic import severe as logic
from kaoping.campaigns.logic.severe import Given, Matter, Rules, Unit

TODAY = date(2025, 11, 24)


def matter(code="D1", role="penalty", kinds=None, most="3", **more):
    return Matter(
        code,
        f"{code} 事项",
        role,
        {"count": "office"} if kinds is None else kinds,
        Fraction(1),
        Fraction(most),
        date(2024, 12, 1),
        date(2025, 11, 30),
        **more,
    )


MATTERS = {
    "V1": matter("V1", "veto", {"verdict": "office"}, "1"),
    "D1": matter(),
    "D2": matter("D2", kinds={"points": "register"}, most="2"),
    "D3": matter("D3", unit_kinds=frozenset({"institution"})),
    "D4": matter("D4"),
    "D5": matter("D5", kinds={}),
}
RULES = Rules(
    {"U1": Unit("U1", "市教育局", "department")},
    MATTERS,
    frozenset(),
    TODAY,
    {("U1", "D4"): date(2025, 6, 1)},
)
GOOD = Given("U1", "D1", "1", "2025-10-08", "常复决〔2025〕12号", "复议纠正一件。", "决定书.pdf")


def faults(**change):
    line, found = logic.read(replace(GOOD, **change), RULES)
    assert (line is None) == bool(found)
    return {one.field: one.message for one in found}


def test_a_good_one_is_a_line_about_its_document():
    line, found = logic.read(GOOD, RULES)
    assert found == []
    assert (line.kind, line.value, line.on) == ("count", "1", date(2025, 10, 8))
    assert line.key == ("U1", "D1", "document:常复决〔2025〕12号")


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_form():
    _line, found = logic.read(Given("U9", "K1.1", "１", "2025/13/1", "", "短", ""), RULES)
    assert [one.field for one in found] == ["unit", "item", "on", "document", "reason", "file"]
    _line, found = logic.read(Given("", "", "", "", "", "", ""), RULES)
    assert [one.field for one in found] == ["unit", "item", "on", "document", "reason", "file"]


@pytest.mark.parametrize("item", ["V1", "D1", "D2"])
@pytest.mark.parametrize(
    "value", ["4000", "-5", "１０", "3_0", "1e3", "1" + "0" * 30, "0", "符合", "+1", "1,0"]
)
def test_values_over_the_item_negative_or_full_width_are_refused(item, value):
    assert set(faults(item=item, value=value)) == {"value"}


@pytest.mark.parametrize(
    ("item", "value", "said"),
    [
        ("D1", "4", "一份文书登记 1 到 3 件，不能登记 4 件"),
        ("D1", "", "件数，1 到 3 的整数"),
        ("D2", "4000", "最多扣 2 分，不能登记 4000 分"),
        ("D2", "-5", "不能是负数"),
        ("D2", "１０", "半角"),
        ("V1", "1", "V1 应写“查实”，不能写“1”"),
        ("D5", "1", "规则集没有写"),
    ],
)
def test_a_refused_value_says_what_to_write(item, value, said):
    assert said in faults(item=item, value=value)["value"]


def test_a_veto_needs_no_number():
    for value in ("", "查实", " 不符合 "):
        line, found = logic.read(replace(GOOD, item="V1", value=value), RULES)
        assert found == []
        assert (line.kind, line.value) == ("verdict", "not_met")
    line, _found = logic.read(replace(GOOD, item="D2", value="0.5"), RULES)
    assert (line.kind, line.value) == ("points", "0.5")


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"on": "2024-11-30"}, "on", "不在这一项的考核期内（2024年12月1日至2025年11月30日）"),
        ({"on": "2025-11-25"}, "on", "不能晚于今天"),
        ({"on": "２０２５-10-08"}, "on", "半角"),
        ({"item": "D4", "on": "2025-05-31"}, "on", "2025年6月1日才印发"),
        ({"item": "D3"}, "item", "不适用于市教育局"),
        ({"item": "K1.1"}, "item", "可选 V1"),
        ({"unit": "U2"}, "unit", "没有参加本年度考核"),
        ({"document": "通报"}, "document", "要有年份或序号"),
        ({"document": "号1" * 60}, "document", "最多 80 个字（现在 120 个字）"),
        ({"reason": "事" * 501}, "reason", "现在 501 个字"),
        ({"reason": "\u200b\u2060事\u200b\u2060"}, "reason", "现在 1 个字"),
        ({"file": ""}, "file", "请附"),
    ],
)
def test_each_fault_names_its_field_and_remedy(change, field, said):
    found = faults(**change)
    assert set(found) == {field}
    assert said in found[field]


@pytest.mark.parametrize(
    "typed", ["常复决[2025]12号", "常复决（2025）12号", "常复决【２０２５】 12 号", "常复决〔2025〕12号"]
)
def test_the_same_document_stands_once_for_a_unit_and_item(typed):
    rules = replace(RULES, standing={("U1", "D1", "document:常复决〔2025〕12号")})
    _line, found = logic.read(replace(GOOD, document=typed), rules)
    assert [one.field for one in found] == ["document"]
    assert logic.read(replace(GOOD, document=typed, item="D4"), rules)[1] == []


def test_who_may_answer_and_take_back():
    def second(**change):
        given = {"proposed_by": Who("1"), "actor": Who("2"), "decided": False, "agreed": True} | change
        reason = given.pop("reason", "")
        words = logic.refusal_to_second("review", False, **given)
        return words or logic.refusal_of_answer(given["agreed"], reason)

    assert second() is None
    assert "提出人不能自己确认" in second(actor=Who("1"))
    assert "已经办过" in second(decided=True)
    assert "写明理由" in second(agreed=False, reason="不")
    assert second(agreed=False, reason="文书未生效") is None
    assert "冻结" in logic.refusal_of_stage("published", False)
    assert logic.refusal_of_stage("published", True) is None
    assert logic.refusal_to_take_back(proposed_by=Who("1"), actor=Who("1"), decided=False) is None
    assert "只有提出人" in logic.refusal_to_take_back(proposed_by=Who("1"), actor=Who("2"), decided=False)
    assert "提请审定" in logic.refusal_to_take_back(proposed_by=Who("1"), actor=Who("1"), decided=True)
