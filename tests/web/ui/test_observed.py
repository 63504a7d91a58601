"""What was seen is told in one way to everybody."""

from types import SimpleNamespace

import pytest

from kaoping.web.ui.observed import rule, value_words


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("verdict", "met", "符合"),
        ("verdict", "undecided", "无法判定，不扣分"),
        ("level", "good", "好"),
        ("level", "strange", "strange"),
        ("ratio", {"done": 1200, "of": 1300}, "应办 1,300，办到 1,200"),
        ("count", 3, "3 件"),
        ("points", "2.50", "定为 2.50 分"),
        ("tally", {"question": "q1", "options": {"a": 1200, "b": 3}}, "1,203 份"),
        ("withdrawn", None, "撤去原来的记录"),
    ],
)
def test_each_kind_in_words(kind, value, words):
    assert value_words(SimpleNamespace(kind=kind, value=value), {"good": "好"}) == words


def test_a_tally_is_told_by_answer_where_the_question_is_known():
    one = SimpleNamespace(kind="tally", value={"question": "q1", "options": {"a": 29, "z": 2}})
    assert value_words(one, options={"a": "满意"}) == "31 份：满意 29、z 2"


@pytest.mark.parametrize(
    ("role", "label", "words"),
    [
        ("item", "满分", "3 分（待核）"),
        ("penalty", "最多扣", "3 分（待核）"),
        ("bonus", "最多加", "3 分（待核）"),
        ("veto", "作用", "单项否决，有一次就成立（待核）"),
        ("gate", "作用", "评优前提，有一次不符合就不满足（待核）"),
    ],
)
def test_a_rule_says_what_it_can_give_or_take(role, label, words):
    item = SimpleNamespace(
        role=role, max="3", confidence="proposed", legal_basis="第六条", how="登记", levels=()
    )
    assert (label, words) in rule(item)
