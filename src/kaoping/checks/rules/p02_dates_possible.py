"""日期要真实：公开日期不早于生成日期，都不在未来，都是日历上有的日子。"""

from __future__ import annotations

from kaoping.checks.facts import PageFacts
from kaoping.checks.model import (
    Context,
    Verdict,
    date_words,
    met,
    not_applicable,
    not_met,
    page_check,
    undecided,
)
from kaoping.patterns import linear

_LOOKS_LIKE_DATE = linear(
    r"\p{Nd}{4}[\s\p{Z}]?[-/.年][\s\p{Z}]?\p{Nd}{1,2}[\s\p{Z}]?[-/.月][\s\p{Z}]?\p{Nd}{1,2}"
)


@page_check(
    id="P-02",
    version=1,
    title="生成日期和公开日期合理",
    basis="《政府信息公开条例》第十二条；《政府网站与政务新媒体检查指标》（伪造发稿日期）",
    confidence="C/P",
    remedy="请按文件实际成文和实际公开的日子改正生成日期、公开日期。",
)
def dates_possible(page: PageFacts, context: Context) -> Verdict:
    """Order, future, and days that exist."""
    if not page.signs.has_block:
        return not_applicable("页面没有信息属性表头")
    block, signs = page.property_block, page.signs
    for label, day, text in (
        ("生成日期", block.formed_on, signs.formed_text),
        ("公开日期", block.published_on, signs.published_text),
    ):
        if text and day is None:
            if _LOOKS_LIKE_DATE.search(text):
                return not_met(f"{label}“{text[:40]}”不是日历上有的日子")
            return undecided(f"{label}写作“{text[:40]}”，读不出日期")
        if day and day > context.as_of:
            return not_met(f"{label}{date_words(day)}在{date_words(context.as_of)}之后")
    formed, published = block.formed_on, page.published_on
    if formed is None or published is None:
        return undecided(f"没有读到{'生成日期' if formed is None else '公开日期'}")
    if published > context.as_of:
        return not_met(f"公开日期{date_words(published)}在{date_words(context.as_of)}之后")
    if published < formed:
        return not_met(f"公开日期{date_words(published)}早于生成日期{date_words(formed)}")
    return met(f"生成日期{date_words(formed)}，公开日期{date_words(published)}")
