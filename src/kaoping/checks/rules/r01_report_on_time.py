"""政府部门的年度报告每年 1 月 31 日前公布（条例第四十九条），当日算在内。"""

from __future__ import annotations

from datetime import date

from kaoping.checks.facts import PageFacts
from kaoping.checks.model import (
    Context,
    Report,
    UnitLevel,
    Verdict,
    date_words,
    met,
    not_applicable,
    not_met,
    report_check,
    undecided,
)
from kaoping.patterns import linear

_DEPARTMENT = linear(r"办公室|局|委员会|委(?:\p{Nd}{4}|$)|厅|管委会|中心|支队|大队|街道办事处")
_GOVERNMENT = linear(r"(?s)人民政府(?:$|[^办]|办$|办[^公])")


@report_check(
    id="R-01",
    version=1,
    title="部门年度报告 1 月 31 日前公布",
    basis="《政府信息公开条例》第四十九条",
    confidence="C",
    remedy="请说明晚公布的原因；下一年度请在 1 月 31 日前公布。",
)
def report_on_time(report: Report, context: Context) -> Verdict:
    """The report on year Y, published by 31 January of Y+1; governments have until March (not this rule)."""
    due = date(report.year + 1, 1, 31)
    page = report.page
    if page is None:
        if context.as_of <= due:
            return not_applicable(f"还没到{date_words(due)}")
        return undecided(f"抓取的页面里没有找到 {report.year} 年度报告，要人工看")
    level = context.unit_level or _level(page)
    if level is UnitLevel.GOVERNMENT:
        return not_applicable("各级人民政府的年度报告 3 月 31 日前公布，不按本条判断", page.url)
    if page.published_on is None:
        return undecided(f"没有读到 {report.year} 年度报告的公布日期", page.url)
    if page.published_on <= due:
        return met(f"{report.year} 年度报告{date_words(page.published_on)}公布", page.url)
    if level is None:
        return undecided(
            f"{date_words(page.published_on)}公布，看不出是部门还是政府的报告，要人工看", page.url
        )
    return not_met(
        f"{report.year} 年度报告{date_words(page.published_on)}才公布，应在{date_words(due)}前", page.url
    )


def _level(page: PageFacts) -> UnitLevel | None:
    """Whose report it is, in its own words; null when they do not say."""
    for words in (page.tag("ArticleTitle"), page.signs.name, page.title, page.property_block.issuer):
        if not words:
            continue
        if _GOVERNMENT.search(words):
            return UnitLevel.GOVERNMENT
        if _DEPARTMENT.search(words):
            return UnitLevel.DEPARTMENT
    return None
