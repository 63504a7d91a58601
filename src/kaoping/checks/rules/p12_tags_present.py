"""网页标签要有、要有内容：站点标签每页都要，栏目标签在栏目页和内容页，内容标签在内容页。"""

from __future__ import annotations

from kaoping.checks.facts import PageFacts, PageKind
from kaoping.checks.model import Context, Verdict, met, not_applicable, not_met, page_check

_SITE = ("SiteName", "SiteDomain", "SiteIDCode")
_COLUMN = ("ColumnName", "ColumnType")
_CONTENT = ("ArticleTitle", "PubDate", "ContentSource")
_CONTENT_KINDS = (PageKind.CONTENT, PageKind.ANNUAL_REPORT)


@page_check(
    id="P-12",
    version=1,
    title="网页标签齐全",
    basis="《政府网站网页标签规范》",
    confidence="R",
    remedy="请在网页模板里补上缺少的标签，并填上内容。",
)
def tags_present(page: PageFacts, context: Context) -> Verdict:
    """Which tags are asked depends on the kind of page; an unknown kind needs the site tags only."""
    if not page.signs.is_html:
        return not_applicable("不是网页")
    needed: tuple[str, ...] = _SITE
    if page.signs.kind is PageKind.COLUMN:
        needed += _COLUMN
    elif page.signs.kind in _CONTENT_KINDS or page.tag("ArticleTitle"):
        needed += _COLUMN + _CONTENT
    absent = [tag for tag in needed if page.meta.get(tag) is None]
    empty = [tag for tag in needed if page.meta.get(tag) is not None and not page.tag(tag)]
    if not absent and not empty:
        return met(f"应有的 {len(needed)} 个标签都有内容")
    parts = [f"缺 {'、'.join(absent)}"] if absent else []
    parts += [f"{'、'.join(empty)} 没有内容"] if empty else []
    return not_met("；".join(parts))
