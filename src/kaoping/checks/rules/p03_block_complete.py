"""信息属性要齐：索引、名称、内容概述、生成日期（条例第十二条），以及常用的四项。"""

from __future__ import annotations

from typing import Final

from kaoping.checks.facts import PageFacts, PageKind
from kaoping.checks.model import Context, Verdict, met, not_applicable, not_met, page_check, undecided
from kaoping.patterns import linear

# Columns of documents, by the page's own ColumnName and ColumnType; what explains a document is none.
_DOCUMENTS: Final = linear(r"文件|规章|法规")
_EXPLAINED: Final = linear(r"解读|动态|新闻")


@page_check(
    id="P-03",
    version=2,
    title="信息属性表头齐全",
    basis="《政府信息公开条例》第十二条",
    confidence="C",
    remedy="请在页面上列出信息属性表头，把索引号、名称、内容概述、生成日期等补齐，缺什么补什么。",
)
def block_complete(page: PageFacts, context: Context) -> Verdict:
    """The four of article 12 decide; issuer, mode, publication date and validity only warn."""
    if not page.signs.has_block:
        return _without_block(page)
    block = page.property_block
    statutory = {
        "索引号": block.index_no,
        "名称": page.signs.name or page.tag("ArticleTitle") or page.title,
        "内容概述": block.summary,
        "生成日期": page.signs.formed_text,
    }
    usual = {
        "发布机构": block.issuer,
        "公开方式": block.disclosure_mode,
        "公开日期": page.signs.published_text,
        "效力": block.validity or block.abolished_on,
    }
    if missing := [name for name, value in statutory.items() if not value]:
        return not_met(f"缺{'、'.join(missing)}")
    if missing := [name for name, value in usual.items() if not value]:
        return undecided(f"条例所列四项齐全，缺常用的{'、'.join(missing)}，要人工看是否应当有")
    return met(f"{'、'.join((*statutory, *usual))}齐全")


def _without_block(page: PageFacts) -> Verdict:
    """A document must have the block; a page of another kind (news, guide, list) need not."""
    column = "，".join(filter(None, (page.tag("ColumnName"), page.tag("ColumnType"))))
    if page.signs.kind is not PageKind.CONTENT or not _DOCUMENTS.search(column) or _EXPLAINED.search(column):
        return not_applicable("页面没有信息属性表头，也不是必须有表头的文件")
    if page.signs.labels:
        return undecided("页面有信息属性的字样，但读不成表头，要人工看")
    return not_met("文件页面没有信息属性表头")
