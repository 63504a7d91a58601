from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser

from kaoping.crawling.property_block import read_block
from kaoping.crawling.text import FlatText, elements, flatten, lines_of

LINES = """信息名称:关于开展考核的通知
索 引 号：014109429/2020-00155
法定主动公开分类:机关文件 公开方式:主动公开
文件编号:样办发〔2020〕1号 发布机构:样例市办公室
生成日期:2020-12-07 公开日期:2020-12-14 废止日期:有效
内容概述:关于开展考核的通知
正文第一段，发布日期另有说明。"""
TABLE = """<table><tr><td>索 引 号：</td><td>014109429/2020-00155</td><td>主题分类</td><td>机关文件</td></tr>
<tr><td><p>公开方式</p></td><td><p>主动公开</p></td><td>发文字号：</td><td>样办发〔2020〕1号</td></tr>
<tr><th>发文机关</th><td>样例市办公室</td><th>成文日期</th><td>2020年12月7日</td></tr>
<tr><td>发布日期：</td><td>2020年12月14日</td><td>效力状况：</td><td>有效</td></tr>
<tr><td>内容概述：</td><td colspan=3>关于开展考核的通知</td></tr></table>"""
PARAGRAPHS = """<p><strong>索引号</strong>：014109429/2020-00155</p><p><b>主题分类</b>：机关文件</p><p>公开方式：主动公开</p>
<p><strong>文号</strong>：样办发〔2020〕1号</p><p><strong>发布机构</strong>：样例市办公室</p>
<p>生成日期：2020-12-07</p><p>公开日期：2020-12-14</p><p>时效：有效</p><p>内容概要：关于开展考核的通知</p>"""
SPANS = """<div><span>索引号：</span><span>014109429/2020-00155</span><span>信息分类：机关文件</span>
<span>公开方式：</span>主动公开<span>文件编号：样办发〔2020〕1号</span><span>发布机构：样例市办公室</span></div>
<ul><li>产生日期：<i>2020-12-07</i></li><li>发布日期：<i>2020-12-14</i></li><li>有效性：有效</li>
<li>内容概述：关于开展考核的通知</li></ul>"""
TERMS = """<dl><dt>索引号</dt><dd>014109429/2020-00155</dd><dt>主题分类：</dt><dd>机关文件</dd><dt>公开方式</dt><dd>主动公开</dd>
<dt>文号</dt><dd>样办发〔2020〕1号</dd><dt>发布机构</dt><dd>样例市办公室</dd><dt>生成日期</dt><dd>2020-12-07</dd>
<dt>公开日期</dt><dd>2020-12-14</dd><dt>效力状态</dt><dd>有效</dd><dt>内容概述</dt><dd>关于开展考核的通知</dd></dl>"""


def read(html):
    tree = LexborHTMLParser(f"<html><body>{html}</body></html>")
    return read_block(flatten(tree, elements(tree)))


@pytest.mark.parametrize(
    "source", [LINES, TABLE, PARAGRAPHS, SPANS, TERMS], ids=["text", "table", "p", "span", "dl"]
)
def test_one_block_in_five_layouts(source):
    reading = read(source) if source.startswith("<") else read_block(FlatText(lines_of(source), ()))
    block = reading.block
    assert reading.exists
    assert block.index_no == "014109429/2020-00155"
    assert block.category == "机关文件"
    assert block.disclosure_mode == "主动公开"
    assert block.doc_no == "样办发〔2020〕1号"
    assert block.issuer == "样例市办公室"
    assert (block.formed_on, block.published_on) == (date(2020, 12, 7), date(2020, 12, 14))
    assert (block.abolished_on, block.validity) == (None, "有效")
    assert block.summary == "关于开展考核的通知"


def test_abolition_is_a_date_or_a_status():
    assert read(
        TABLE.replace("效力状况：", "废止日期：").replace("有效", "2024-05-01")
    ).block.abolished_on == date(2024, 5, 1)


def test_empty_value_is_null_and_does_not_take_the_next_line():
    block = read(PARAGRAPHS.replace("内容概要：关于开展考核的通知", "内容概述：") + "<h1>标题</h1>").block
    assert block.summary is None
    block = read(TABLE.replace("<td>样办发〔2020〕1号</td>", "<td></td>")).block
    assert block.doc_no is None


def test_what_is_commented_out_or_hidden_is_not_there():
    html = PARAGRAPHS.replace("<p>生成日期：2020-12-07</p>", "<!--<p>生成日期：2020-12-07</p>-->")
    assert read(html).block.formed_on is None
    html = PARAGRAPHS.replace("<p>生成日期", '<p style="display: none">生成日期')
    assert read(html).block.formed_on is None


@pytest.mark.parametrize(
    "html",
    [
        "<select><option>索引号</option><option>发布机构</option></select>",
        "<table><tr><th>索引号</th><th>发布机构</th><th>发布日期</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>",
        "<ul><li>索引号：0001/2020-00001 发布机构：甲局</li><li>索引号：0002/2020-00002 发布机构：乙局</li></ul>",
        "<p>发布日期：2020-01-01 来源：某报</p><p>正文</p>",
        "",
    ],
)
def test_lists_forms_and_articles_have_no_block(html):
    reading = read(html)
    assert not reading.exists
    assert reading.block.index_no is None and reading.block.issuer is None


def test_number_of_a_decision_is_read_without_a_block():
    html = "<table><tr><td>行政处罚决定书文号</td><td>样罚决字〔2024〕36号</td></tr></table>"
    assert read(html).block.doc_no == "样罚决字〔2024〕36号"
    assert read("<p>文号：样办发〔2020〕1号</p>").block.doc_no == "样办发〔2020〕1号"
