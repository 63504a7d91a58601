"""What was seen is told in one way to everybody."""

from types import SimpleNamespace

import pytest

from kaoping.web.ui.observed import value_words


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
