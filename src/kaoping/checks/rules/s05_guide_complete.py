"""政府信息公开指南的内容（条例第十二条）：分类、编排体系、获取方式和公开工作机构的六项联系信息，并及时更新。"""

from __future__ import annotations

from datetime import date

from kaoping.checks.model import Context, Verdict, date_words, met, not_met, site_check, undecided
from kaoping.checks.site import SiteFacts

_NAMES = {
    "office_name": "工作机构名称",
    "office_address": "办公地址",
    "office_hours": "办公时间",
    "telephone": "联系电话",
    "fax": "传真号码",
    "internet": "互联网联系方式",
    "classification": "信息分类",
    "arrangement": "编排体系",
    "obtaining": "获取方式",
}
# The nine are found by their words; whether the telephone is right no machine has asked.
_ALL_NAMED = f"应有的 {len(_NAMES)} 项都写到了"
_ENOUGH_ELEMENTS, _ENOUGH_CHARS, _FRESH_DAYS = 4, 200, 366


@site_check(
    id="S-05",
    version=1,
    title="公开指南内容齐全、及时更新",
    basis="《政府信息公开条例》第十二条",
    confidence="C/P",
    remedy="请把指南缺少的内容补上；联系方式有变动的，请当天更新指南。",
)
def guide_complete(site: SiteFacts, context: Context) -> Verdict:
    """The fullest guide page found. A page that may only point to the guide proves nothing."""
    best = max(_guides(site), key=lambda guide: len(guide[1]), default=None)
    if best is None:
        return undecided("没有找到公开指南页面，要人工看", site.root)
    url, elements, published, chars, attachments = best
    missing = [name for key, name in _NAMES.items() if key not in elements]
    if missing:
        if len(elements) < _ENOUGH_ELEMENTS or chars < _ENOUGH_CHARS or attachments:
            return undecided(f"页面上没有读到{'、'.join(missing)}，可能在附件、图片或下一级页面里", url)
        return not_met(f"指南缺{'、'.join(missing)}", url)
    if published is None:
        return undecided(f"指南里{_ALL_NAMED}，没有读到发布日期", url)
    age = (context.as_of - published).days
    if age > _FRESH_DAYS:
        # An old guide is right as long as nothing in it has changed.
        return undecided(
            f"指南里{_ALL_NAMED}，{date_words(published)}发布，之后没有更新，要人工核对联系方式有没有变", url
        )
    return met(f"指南里{_ALL_NAMED}，{date_words(published)}发布。内容是否属实没有核对", url)


def _guides(site: SiteFacts) -> list[tuple[str, list[str], date | None, int, int]]:
    rows = site.pages.rows("url", "guide_elements", "published_on", "text_chars", "attachments", "kind")
    return [
        (url, list(elements or ()), published, chars, attachments)
        for url, elements, published, chars, attachments, kind in rows
        if kind == "guide" or elements
    ]
