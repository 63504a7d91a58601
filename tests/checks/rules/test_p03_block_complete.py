import pytest

from kaoping.checks import check_by_id
from kaoping.checks.facts import PageKind
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
    ],
)
def test_statutory_four_decide_the_others_warn(block, signs, outcome, word):
    verdict = CHECK.run(page(block=block, signs=signs), context())
    assert verdict.outcome == outcome
    assert word in verdict.reason


@pytest.mark.parametrize(
    ("meta", "signs", "outcome", "word"),
    [
        ({"ColumnType": "政策文件"}, {}, "not_met", "没有信息属性表头"),
        ({"ColumnName": "行政规范性文件"}, {}, "not_met", "没有信息属性表头"),
        ({"ColumnType": "政策文件"}, {"labels": ("index_no",)}, "undecided", "要人工看"),
        ({"ColumnType": "政策文件", "ColumnName": "文件解读"}, {}, "not_applicable", "不是"),
        ({"ColumnType": "动态要闻"}, {}, "not_applicable", "不是"),
        ({"ColumnType": "政策文件"}, {"kind": PageKind.COLUMN}, "not_applicable", "不是"),
        ({"ColumnType": None, "ColumnName": None}, {}, "not_applicable", "不是"),
    ],
)
def test_a_document_must_have_the_block_and_other_pages_need_not(meta, signs, outcome, word):
    bare = {"has_block": False, "labels": (), "kind": PageKind.CONTENT} | signs
    verdict = CHECK.run(page(meta=meta, signs=bare), context())
    assert verdict.outcome == outcome
    assert word in verdict.reason
