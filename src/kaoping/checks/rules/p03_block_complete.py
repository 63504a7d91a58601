"""信息属性要齐：索引、名称、内容概述、生成日期（条例第十二条），以及常用的四项。"""

from __future__ import annotations

from kaoping.checks.facts import PageFacts
from kaoping.checks.model import Context, Verdict, met, not_applicable, not_met, page_check, undecided


@page_check(
    id="P-03",
    version=1,
    title="信息属性表头齐全",
    basis="《政府信息公开条例》第十二条",
    item="K3.3.p",
    confidence="C",
    remedy="请把索引号、名称、内容概述、生成日期等补齐，缺什么补什么。",
)
def block_complete(page: PageFacts, context: Context) -> Verdict:
    """The four of article 12 decide; issuer, mode, publication date and validity only warn."""
    if not page.signs.has_block:
        return not_applicable("页面没有信息属性表头")
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
    return met("各项齐全")
