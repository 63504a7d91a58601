"""Pages, sites and contexts for tests of rules: each value has a sound default, a test changes what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from kaoping.calendars import calendar_from_seed
from kaoping.checks import (
    STANDARD_TAGS,
    Context,
    Footer,
    PageFacts,
    PageKind,
    PropertyBlock,
    Signs,
    SiteFacts,
    Table,
)

AS_OF = date(2025, 6, 30)
ROOT = "http://jyj.kaoping.test/"
URL = ROOT + "art/1.html"
BLOCK = PropertyBlock(
    index_no="014109429/2025-00001",
    category="本机关政策文件",
    disclosure_mode="主动公开",
    doc_no="常教办〔2025〕3号",
    issuer="某市教育局",
    formed_on=date(2025, 3, 3),
    published_on=date(2025, 3, 10),
    validity="有效",
    summary="关于招生工作的安排",
)
TAGS = {
    "SiteName": "某市教育局",
    "SiteDomain": "jyj.kaoping.test",
    "SiteIDCode": "3204000002",
    "ColumnName": "政策文件",
    "ColumnType": "政策文件",
    "ArticleTitle": "关于做好招生工作的通知",
    "PubDate": "2025-03-10 09:00",
    "ContentSource": "某市教育局",
}


def context(**changes: Any) -> Context:
    return replace(Context(AS_OF, calendar_from_seed()), **changes)


def page(
    *,
    block: dict[str, Any] | None = None,
    signs: dict[str, Any] | None = None,
    tags: dict[str, str | None] | None = None,
    **changes: Any,
) -> PageFacts:
    """A sound policy document; ``block``, ``signs`` and ``tags`` change single values."""
    made = replace(BLOCK, **(block or {}))
    base = Signs(
        kind=PageKind.CONTENT,
        has_block=True,
        name=TAGS["ArticleTitle"],
        formed_text=str(made.formed_on or ""),
        published_text=str(made.published_on or ""),
    )
    facts = PageFacts(
        url=URL,
        encoding="utf-8",
        title=f"{TAGS['ArticleTitle']} - 某市教育局",
        meta=dict.fromkeys(STANDARD_TAGS) | TAGS | (tags or {}),
        property_block=made,
        published_on=made.published_on,
        links=(),
        attachments=(),
        footer=Footer(site_id_code="3204000002"),
        text_chars=1000,
        signs=replace(base, **(signs or {})),
    )
    return replace(facts, **changes)


HOME: dict[str, Any] = {
    "url": ROOT,
    "sha256": "0" * 64,
    "title": "某市教育局",
    "kind": "home",
    "column_name": None,
    "column_type": None,
    "published_on": None,
    "doc_no": None,
    "item_dates": [date(2025, 6, 25)],
    "item_count": 10,
    "says_empty": False,
    "text_chars": 900,
    "attachments": 0,
    "guide_elements": [],
    "report_year": None,
    "site_id_code": "3204000002",
    "icp": "苏ICP备05003616号-1",
    "police_filing": "苏公网安备 32040402000001号",
    "sponsor": "某市教育局",
    "contact": "联系我们",
    "has_site_map": True,
    "has_find_error": True,
}


def site(
    *rows: dict[str, Any],
    links: tuple[tuple[str, str], ...] = (),
    fetched_on: date = AS_OF,
    complete: bool = True,
) -> SiteFacts:
    """A site of these pages; each row changes single values of ``HOME``."""
    full = [HOME | row for row in rows]
    pages = Table.of({name: [row[name] for row in full] for name in HOME})
    table = Table.of({"on": [on for on, _ in links], "url": [url for _, url in links]})
    return SiteFacts(ROOT, fetched_on, pages, table, complete)
