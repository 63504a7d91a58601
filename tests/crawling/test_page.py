import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.checks import STANDARD_TAGS, PageKind
from kaoping.crawling import read_page

URL = "http://jyj.kaoping.test/art/1.html"
ARTICLE = """<!doctype html><html><head><meta charset="utf-8"><title>通知 - 样例市教育局</title>
<meta name="SiteName" content="样例市教育局"><meta name="sitename" content="第二次"><meta name="Author" content="">
<meta name="ArticleTitle" content="关于做好招生工作的通知"><meta name="PubDate" content="2025-03-10 09:00"></head>
<body><script>var x='索引号：9999';</script><h1>关于做好招生工作的通知</h1><p>发布日期：2025-03-11 来源：本局</p>
<p>正文</p><a href="../f/附件.docx">附件1</a><a href="/down?id=1">名单.xlsx</a><a href="b.html">下一篇</a>
<a href="javascript:void(0)">打印</a></body></html>"""


def test_shape_of_the_contract():
    facts = read_page(ARTICLE.encode(), URL).as_json()
    assert list(facts) == [
        *("url", "encoding", "title", "meta", "property_block", "published_on"),
        *("links", "attachments", "footer", "text_chars"),
    ]
    assert tuple(facts["meta"]) == STANDARD_TAGS
    assert facts["meta"]["SiteName"] == "样例市教育局"  # first of two spellings
    assert facts["meta"]["Author"] == "" and facts["meta"]["ColumnName"] is None
    assert facts["links"][0]["url"].startswith("http://jyj.kaoping.test/f/")
    assert len(facts["links"]) == 3
    assert [(a["kind"], a["text"]) for a in facts["attachments"]] == [
        ("docx", "附件1"),
        ("xlsx", "名单.xlsx"),
    ]
    assert facts["property_block"]["index_no"] is None


def test_published_on_prefers_block_then_tag_then_label():
    assert read_page(ARTICLE.encode(), URL).published_on == date(2025, 3, 10)
    without_tag = ARTICLE.replace("PubDate", "Other")
    assert read_page(without_tag.encode(), URL).published_on == date(2025, 3, 11)
    block = "<p>索引号：1/2025-1</p><p>发布机构：本局</p><p>公开日期：2025-03-09</p>"
    assert read_page(ARTICLE.replace("<h1>", block + "<h1>").encode(), URL).published_on == date(2025, 3, 9)


def test_gbk_and_plain_text():
    assert read_page(ARTICLE.replace("utf-8", "gb2312").encode("gbk"), URL).title == "通知 - 样例市教育局"
    plain = read_page("信息名称:通知\n索 引 号:014/2020-1\n公开日期:2020-12-14".encode("gbk"), URL)
    assert (plain.title, plain.published_on) == ("通知", date(2020, 12, 14))
    assert plain.encoding == "gb18030" and not plain.signs.is_html


def test_kinds():
    def kind(html, url=URL):
        return read_page(html.encode(), url).signs.kind

    assert kind(ARTICLE) is PageKind.CONTENT
    assert kind("<html><p>x</p>", "http://a.test/") is PageKind.HOME
    assert kind('<html><meta name="ColumnName" content="政策文件"><p>x</p>') is PageKind.COLUMN
    assert kind("<html><title>样例市教育局政府信息公开指南</title>") is PageKind.GUIDE
    report = ARTICLE.replace("关于做好招生工作的通知", "样例市教育局2024年政府信息公开工作年度报告")
    assert kind(report) is PageKind.ANNUAL_REPORT
    assert read_page(report.encode(), URL).signs.report_year == 2024


def test_dates_of_items_come_from_rows_and_addresses():
    html = "<html><p>今天是2025年6月30日</p><ul>" + "".join(
        f'<li><a href="/art/2025/6/{n}/x.html">关于第{n}号的通知</a><span>2025-06-{n:02d}</span></li>'
        for n in range(1, 8)
    )
    signs = read_page(html.encode(), "http://a.test/list.html").signs
    assert signs.item_dates[0] == date(2025, 6, 7)
    assert signs.item_count == 7
    assert signs.kind is PageKind.COLUMN


def test_guide_elements():
    text = """政府信息公开指南<p>工作机构：办公室</p><p>办公地址：样例路1号</p><p>办公时间：工作日</p>
    <p>联系电话：0519-85680000</p><p>传真：0519-85680001</p><p>电子邮箱：a@b.test</p><p>分类 编排体系 获取方式</p>"""
    page = read_page(f"<html><title>公开指南</title><body>{text}".encode(), URL)
    assert len(page.signs.guide_elements) == 9
    assert read_page(f"<html><body>{text}".encode(), "http://a.test/x").signs.guide_elements == ()


@pytest.mark.parametrize(
    "html",
    [
        b"<html>" + b"<div>" * 50_000,
        b"<html><table>" + b"<tr><td>" * 20_000,
        b"<html><p>" + "索 引 号".encode() * 30_000,
        b"<html><p>" + "主 办：".encode() * 30_000 + b" " * 50_000,
        b"<html><p>" + b" " * 300_000 + b"2020",
        b"<html><a href='" + b"a" * 300_000 + b"'>",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><p>&a;</p>',
        b"<meta " + b"x" * 200_000,
    ],
    ids=["deep", "tables", "labels", "footers", "blanks", "href", "entity", "meta"],
)
def test_hostile_pages_are_read_in_bounded_time(html):
    started = time.process_time()
    facts = read_page(html, URL)
    assert time.process_time() - started < 2
    assert facts.property_block.index_no is None
    assert "root:" not in str(facts.as_json())


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(data):
    read_page(b"<html>" + data, URL)
    read_page(data, URL)
