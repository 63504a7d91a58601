import pytest

from kaoping.checks import check_by_id
from tests.checks.making import context, page

CHECK = check_by_id("P-03")


@pytest.mark.parametrize(
    ("block", "signs", "outcome", "word"),
    [
        ({}, {}, "met", "齐全"),
        ({"index_no": None}, {}, "not_met", "索引号"),
        ({"summary": None}, {}, "not_met", "内容概述"),
        ({"formed_on": None}, {"formed_text": ""}, "not_met", "生成日期"),
        ({"validity": None}, {}, "undecided", "效力"),
        ({"issuer": None}, {}, "undecided", "发布机构"),
        ({}, {"has_block": False}, "not_applicable", "没有"),
    ],
)
def test_statutory_four_decide_the_others_warn(block, signs, outcome, word):
    verdict = CHECK.run(page(block=block, signs=signs), context())
    assert verdict.outcome == outcome
    assert word in verdict.reason
