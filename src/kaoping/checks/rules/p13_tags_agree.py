"""网页标签与页面一致：标题、发布日期（差一天以内）、网站标识码。"""

from __future__ import annotations

from typing import Final

from kaoping.checks.facts import PageFacts
from kaoping.checks.model import (
    Context,
    Outcome,
    Verdict,
    date_words,
    met,
    not_applicable,
    not_met,
    page_check,
    undecided,
)
from kaoping.checks.reading import read_tag_date
from kaoping.patterns import linear

_BLANKS: Final = "".join(filter(str.isspace, map(chr, range(0x3001))))
_LOOSE: Final = str.maketrans("", "", _BLANKS + "()（）〔〕[]《》<>“”\"'‘’,，.。:：;；、-—_·")
_CODE: Final = linear(r"(?i)^(?:bm\p{Nd}{8}|\p{Nd}{10})$")


@page_check(
    id="P-13",
    version=1,
    title="网页标签与页面一致",
    basis="《政府网站网页标签规范》",
    confidence="P",
    remedy="请让标签与页面显示的标题、发布日期、网站标识码一致。",
)
def tags_agree(page: PageFacts, context: Context) -> Verdict:
    """Each comparison is made only where both sides are on the page."""
    verdicts = [verdict for verdict in (_title(page), _date(page), _code(page)) if verdict]
    for outcome in (Outcome.NOT_MET, Outcome.UNDECIDED):
        if chosen := [verdict for verdict in verdicts if verdict.outcome is outcome]:
            return Verdict(outcome, "；".join(verdict.reason for verdict in chosen))
    if not verdicts:
        return not_applicable("没有可以对照的标签")
    return met("；".join(verdict.reason for verdict in verdicts))


def _title(page: PageFacts) -> Verdict | None:
    tag = page.tag("ArticleTitle")
    if not tag:
        return None
    shown = [text for text in (page.signs.name, *page.signs.headings, page.title) if text]
    wanted = tag.translate(_LOOSE)
    if any(wanted in text.translate(_LOOSE) for text in shown):
        return met("标题一致")
    # A heading may be a banner and a title tag the site's name: only the block's own name settles it.
    firm = page.signs.name or (page.signs.headings[0] if len(page.signs.headings) == 1 else None)
    if firm and not _alike(wanted, firm.translate(_LOOSE)) and _is_article_heading(page, firm):
        return not_met(f"ArticleTitle“{tag[:60]}”与页面标题“{firm[:60]}”不同")
    return undecided(f"ArticleTitle“{tag[:60]}”与页面标题对不上，要人工看")


def _is_article_heading(page: PageFacts, heading: str) -> bool:
    site = page.tag("SiteName") or ""
    return heading == page.signs.name or not (heading in site or (site and site in heading))


def _alike(one: str, other: str) -> bool:
    """A subtitle added or a long title cut short is for a person to judge."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 4 and (shorter in longer or one[:10] == other[:10])


def _date(page: PageFacts) -> Verdict | None:
    tag = page.tag("PubDate")
    shown = page.property_block.published_on or page.signs.visible_date
    if not tag or shown is None:
        return None
    day = read_tag_date(tag)
    if day is None:
        return undecided(f"PubDate“{tag[:30]}”读不出日期")
    if abs((day - shown).days) <= 1:
        return met("发布日期一致")
    return not_met(f"PubDate {date_words(day)}与页面上的日期{date_words(shown)}不同")


def _code(page: PageFacts) -> Verdict | None:
    tag, shown = page.tag("SiteIDCode"), page.footer.site_id_code
    if not tag or not shown:
        return None
    if tag.lower() == shown.lower():
        return met("网站标识码一致")
    if not _CODE.match(tag):
        return not_met(f"SiteIDCode“{tag[:20]}”不是网站标识码的写法，页脚是 {shown}")
    return not_met(f"SiteIDCode {tag} 与页脚的网站标识码 {shown} 不同")
