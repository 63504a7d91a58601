"""What was read from one page: plain data in the shape of the ``facts`` contract, plus signs for checks.

``None`` means "not there"; nothing is guessed or interpreted. An empty string in ``meta`` means "there, but empty"; in the
property block an empty cell reads as ``None`` too, and ``Signs.labels`` tells whether its label was printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

# 政府网站网页标签: site, column and content tags, spelt as in the standard.
STANDARD_TAGS: Final = (
    "SiteName",
    "SiteDomain",
    "SiteIDCode",
    "ColumnName",
    "ColumnDescription",
    "ColumnKeywords",
    "ColumnType",
    "ArticleTitle",
    "PubDate",
    "ContentSource",
    "Keywords",
    "Author",
    "Description",
    "Image",
    "Url",
)


class PageKind(StrEnum):
    """What a page is for, as far as its own marks tell."""

    HOME = "home"
    COLUMN = "column"
    CONTENT = "content"
    GUIDE = "guide"
    ANNUAL_REPORT = "annual_report"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PropertyBlock:
    """信息属性表头 (条例第十二条 and local practice). Text is as printed; dates are null unless valid."""

    index_no: str | None = None
    category: str | None = None
    disclosure_mode: str | None = None
    doc_no: str | None = None
    issuer: str | None = None
    formed_on: date | None = None
    published_on: date | None = None
    abolished_on: date | None = None
    validity: str | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One hyperlink, address absolute."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One link to a file; ``kind`` is its extension in lower case."""

    url: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Footer:
    """页面底部功能区, as printed."""

    site_id_code: str | None = None
    icp: str | None = None
    police_filing: str | None = None
    sponsor: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """What checks need beside the contract: seen on the page, never shown as a fact of its own."""

    kind: PageKind = PageKind.OTHER
    is_html: bool = True
    has_block: bool = False
    name: str | None = None  # 信息名称 of the block
    labels: tuple[str, ...] = ()  # block fields whose label was seen, value or not
    formed_text: str | None = None
    published_text: str | None = None
    headings: tuple[str, ...] = ()
    visible_date: date | None = None
    item_dates: tuple[date, ...] = ()  # dates beside items of a list, newest first, at most 50
    item_count: int = 0
    says_empty: bool = False  # the page itself says that it holds nothing
    has_site_map: bool = False
    has_find_error: bool = False
    guide_elements: tuple[str, ...] = ()
    report_year: int | None = None
    unread: str = ""  # why our reader could not read the page; then nothing else here says anything
    encoding_fault: str = (
        ""  # what is wrong with the encoding that the page declares; it was read all the same
    )


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page, parsed once. ``published_on``: property block, then PubDate, then the visible label."""

    url: str
    encoding: str
    title: str | None
    meta: Mapping[str, str | None]
    property_block: PropertyBlock
    published_on: date | None
    links: tuple[Link, ...]
    attachments: tuple[Attachment, ...]
    footer: Footer
    text_chars: int
    signs: Signs = field(default_factory=Signs)

    def tag(self, name: str) -> str | None:
        """The tag's text without blanks, null when absent or empty."""
        return (self.meta.get(name) or "").strip() or None

    def as_json(self) -> dict[str, Any]:
        """The object of the ``facts`` contract."""
        return facts_as_json(self)


def facts_as_json(facts: PageFacts) -> dict[str, Any]:
    """The object that ``kaoping facts --json`` prints: every key present, unknown is null."""
    block, footer = facts.property_block, facts.footer
    return {
        "url": facts.url,
        "encoding": facts.encoding,
        "title": facts.title,
        "meta": {name: facts.meta.get(name) for name in STANDARD_TAGS},
        "property_block": {
            "index_no": block.index_no,
            "category": block.category,
            "disclosure_mode": block.disclosure_mode,
            "doc_no": block.doc_no,
            "issuer": block.issuer,
            "formed_on": _iso(block.formed_on),
            "published_on": _iso(block.published_on),
            "abolished_on": _iso(block.abolished_on),
            "validity": block.validity,
            "summary": block.summary,
        },
        "published_on": _iso(facts.published_on),
        "links": [{"url": link.url, "text": link.text} for link in facts.links],
        "attachments": [{"url": a.url, "text": a.text, "kind": a.kind} for a in facts.attachments],
        "footer": {
            "site_id_code": footer.site_id_code,
            "icp": footer.icp,
            "police_filing": footer.police_filing,
            "sponsor": footer.sponsor,
            "contact": footer.contact,
        },
        "text_chars": facts.text_chars,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
