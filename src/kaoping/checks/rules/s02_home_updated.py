"""首页两周内要有更新：否则单项否决（检查指标）。看首页上所列信息和首页链出的页面的日期。"""

from __future__ import annotations

from datetime import date

from kaoping.checks.model import Context, Verdict, date_words, met, not_met, site_check, undecided
from kaoping.checks.site import SiteFacts

LIMIT_DAYS = 14


@site_check(
    id="S-02",
    version=1,
    title="首页两周内有更新",
    basis="《政府网站与政务新媒体检查指标》单项否决：首页不更新",
    confidence="C",
    remedy="请更新首页信息；首页只有导航的，请更新二级页面。",
)
def home_updated(site: SiteFacts, context: Context) -> Verdict:
    """The newest date on or one step behind the home page, dates after ``as_of`` left out."""
    home = _home(site)
    if home is None:
        return undecided("首页没有抓到，看不出有没有更新", site.root)
    url, listed = home
    behind, undated = _second_level(site, url, only_pages=bool(listed))
    dates = [day for day in (*listed, *behind) if day <= context.as_of]
    if not dates:
        return undecided("首页和它链出的页面都没有读到日期，要人工看", url)
    newest = max(dates)
    where = "首页" if newest in listed else "首页链出的页面"
    age = (context.as_of - newest).days
    if age <= LIMIT_DAYS:
        return met(
            f"{where}最近一条信息是{date_words(newest)}，距{date_words(context.as_of)}有 {age} 天", url
        )
    if (site.fetched_on - newest).days <= LIMIT_DAYS and site.fetched_on < context.as_of:
        return undecided(
            f"{date_words(site.fetched_on)}抓取时{where}最近一条是{date_words(newest)}，之后没有再看", url
        )
    if not listed and (undated or not site.complete):
        return undecided(
            f"首页只有导航，链出的页面没有都读到日期，已读到的最近一条是{date_words(newest)}", url
        )
    return not_met(
        f"{where}最近一条信息是{date_words(newest)}，到{date_words(context.as_of)}已有 {age} 天没有更新", url
    )


def _home(site: SiteFacts) -> tuple[str, list[date]] | None:
    for url, kind, dates in site.pages.rows("url", "kind", "item_dates"):
        if url == site.root or (kind == "home" and site.root not in site.pages.column("url")):
            return url, list(dates or ())
    return None


def _second_level(site: SiteFacts, home: str, *, only_pages: bool) -> tuple[list[date], int]:
    """Dates of the pages that the home page links to, and how many of those show none.

    ``only_pages``: leave out what a column behind the home page lists; the home page does not show it.
    """
    targets = {url for on, url in site.links.rows("on", "url") if on == home and url != home}
    dates: list[date] = []
    undated = 0
    for url, published, items in site.pages.rows("url", "published_on", "item_dates"):
        if url in targets:
            known = [day for day in (published, *(() if only_pages else items or ())) if day]
            dates += known
            undated += not known
    return dates, undated
