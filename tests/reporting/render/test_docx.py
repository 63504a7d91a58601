"""The layout of GB/T 9704 is in the file that Word opens."""

import io

import docx
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from kaoping.reporting.render.docx import Grid, Heading, Text, Title, render


def opened(*blocks, footer=""):
    return docx.Document(io.BytesIO(render(blocks, title="呈批表", footer=footer)))


def test_type_area_is_156_by_225_mm():
    section = opened(Text("正文")).sections[0]
    assert abs(section.page_width - section.left_margin - section.right_margin - Mm(156)) < Mm(0.2)
    assert abs(section.page_height - section.top_margin - section.bottom_margin - Mm(225)) < Mm(0.2)


def test_body_is_sixteen_point_fangsong_indented_two_characters():
    paragraph = opened(Text("正文")).paragraphs[0]
    run = paragraph.runs[0]
    assert run.font.size == Pt(16)
    assert run._element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert paragraph.paragraph_format.first_line_indent == Pt(32)


def test_title_heading_and_table_keep_their_texts():
    document = opened(
        Title("标题"), Heading("一、总体情况"), Grid("表", ["单位", "等次"], [["市教育局", "良好"]])
    )
    assert [p.text for p in document.paragraphs if p.text] == ["标题", "一、总体情况", "表"]
    assert [[c.text for c in r.cells] for r in document.tables[0].rows] == [
        ["单位", "等次"],
        ["市教育局", "良好"],
    ]


def test_footer_carries_the_note_on_odd_and_even_pages():
    section = opened(Text("正文"), footer="示例数据").sections[0]
    assert "示例数据" in section.footer.paragraphs[0].text
    assert "示例数据" in section.even_page_footer.paragraphs[0].text
