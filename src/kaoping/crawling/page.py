"""Reads one stored page, HTML or plain text, into ``PageFacts``. Never executes anything, never fetches.

Scripts are not run and external entities do not exist in HTML parsing; sizes, depths and counts are bounded.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kaoping.checks import STANDARD_TAGS, Attachment, Footer, Link, PageFacts, PageKind, PropertyBlock, Signs
from kaoping.crawling.addresses import ATTACHMENT_KINDS, Base, absolute, file_kind, site_of
from kaoping.crawling.bounds import bounded
from kaoping.crawling.charset import decoded
from kaoping.crawling.dates import date_in_url, dates_and_rest, read_date
from kaoping.crawling.footer import read_footer, read_marks
from kaoping.crawling.guide import guide_elements, is_guide
from kaoping.crawling.property_block import BlockReading, read_block
from kaoping.crawling.text import Elements, FlatText, elements, flatten, lines_of, squeeze
from kaoping.patterns import linear

MAX_BYTES: Final = 20_000_000
MAX_LINKS: Final = 20_000
MAX_ITEM_DATES: Final = 50
_MARKUP: Final = tuple(
    b"<" + tag
    for tag in (
        *(b"!doctype", b"html", b"head", b"body", b"meta", b"title", b"div", b"table", b"p", b"a", b"script"),
        b"br",
    )
)
_TAGS: Final = {tag.lower(): tag for tag in STANDARD_TAGS}
_VISIBLE_DATE = linear(
    r"(?:(?:发布|发表|发稿|公开|公布)(?:日期|时间)|发布于|(?:^|[ \[【(（|])(?:时间|日期))"
    r"[\s\p{Z}]?[:：][\s\p{Z}]?(.{8,30})"
)
_WEEKDAYS: Final = tuple(f"星期{day}" for day in "一二三四五六日")
_EMPTY = linear(r"(?:暂无|没有|尚无|无)(?:相关)?(?:内容|信息|数据|记录|文章)|栏目建设中|正在建设")
_REPORT = linear(
    r"((?:19|20)\p{Nd}{2})[\s\p{Z}]?年(?:度)?.{0,30}信息公开(?:工作)?(?:年度|年度工作)?(?:报告|年报)"
)
_HOME_FILES: Final = frozenset(
    (
        "",
        "index.html",
        "index.htm",
        "index.shtml",
        "index.jsp",
        "index.asp",
        "index.aspx",
        "index.php",
        "default.html",
    )
)


def read_page(data: bytes, url: str, content_type: str | None = None) -> PageFacts:
    """What is on the page at ``url``: found or null, nothing guessed. Raises nothing for any bytes.

    A page at which the reader itself breaks is a page that says nothing, with ``signs.unread``: one page must not cost
    the look at a site.
    """
    try:
        return _read(data[:MAX_BYTES], url, content_type)
    except Exception as error:  # whatever it is, it is ours, and this page's alone
        return _unread(url, f"读取程序出错（{type(error).__name__}），是本平台的原因")


def _read(data: bytes, url: str, content_type: str | None) -> PageFacts:
    text, encoding, fault = decoded(data, content_type)
    if not is_html(data, content_type):
        return _read_plain(text.replace("\r\n", "\n"), url, encoding, fault)
    tree = LexborHTMLParser(bounded(text.replace("\x00", "")))
    return _read_html(tree, text, url, encoding, fault)


def _unread(url: str, why: str) -> PageFacts:
    """A page of which nothing is known."""
    return PageFacts(
        url=url,
        encoding="",
        title=None,
        meta=dict.fromkeys(STANDARD_TAGS),
        property_block=PropertyBlock(),
        published_on=None,
        links=(),
        attachments=(),
        footer=Footer(),
        text_chars=0,
        signs=Signs(unread=why),
    )


def is_html(data: bytes, content_type: str | None) -> bool:
    """Whether bytes are a page of markup and not plain text."""
    if content_type and content_type.lower().startswith("text/plain"):
        return False
    return _has_markup(data[:2_000].lower()) or _has_markup(data[:200_000].lower())


def _has_markup(head: bytes) -> bool:
    at = head.find(b"<")
    while at >= 0:
        for tag in _MARKUP:
            if head.startswith(tag, at):
                behind = head[at + len(tag) : at + len(tag) + 1]
                if not behind.isalnum() and behind != b"_":
                    return True
        at = head.find(b"<", at + 1)
    return False


def _read_plain(text: str, url: str, encoding: str, fault: str) -> PageFacts:
    flat = FlatText(lines_of(text), ())
    reading = read_block(flat)
    visible = reading.block.published_on or _visible_date(flat)
    return PageFacts(
        url=url,
        encoding=encoding,
        title=reading.values.get("name") or None,
        meta=dict.fromkeys(STANDARD_TAGS),
        property_block=reading.block,
        published_on=visible,
        links=(),
        attachments=(),
        footer=read_footer(flat.lines),
        text_chars=_chars(flat),
        signs=_signs(url, None, {}, reading, flat, (), "", is_html=False, fault=fault),
    )


def _read_html(tree: LexborHTMLParser, html: str, url: str, encoding: str, fault: str) -> PageFacts:
    found = elements(tree)
    flat = flatten(tree, found)
    meta = _meta(found["meta"])
    reading = read_block(flat)
    links = _links(found, url)
    title = squeeze(found["title"][0].text())[:500] or None if found["title"] else None
    headings = tuple(heading for node in found["h1"][:3] if (heading := squeeze(node.text_lexbor())[:300]))
    footer = read_footer(flat.lines)
    signs = _signs(url, title, meta, reading, flat, links, html, is_html=True, headings=headings, fault=fault)
    return PageFacts(
        url=url,
        encoding=encoding,
        title=title,
        meta=meta,
        property_block=reading.block,
        published_on=reading.block.published_on or read_date(meta["PubDate"]) or signs.visible_date,
        links=links,
        attachments=_attachments(links),
        footer=footer,
        text_chars=_chars(flat),
        signs=signs,
    )


def _meta(nodes: list[LexborNode]) -> dict[str, str | None]:
    """Standard tags by their standard spelling; of repeated tags the first that is not empty."""
    found: dict[str, str | None] = dict.fromkeys(STANDARD_TAGS)
    for node in nodes[:500]:
        name = _TAGS.get((node.attrs.get("name") or "").strip().lower())
        if name and not found[name]:
            found[name] = squeeze(node.attrs.get("content") or "")[:1000]
    return found


def _links(found: Elements, url: str) -> tuple[Link, ...]:
    first = found["base"][0].attrs.get("href") if found["base"] else None
    base = Base(absolute(url, first) or url if first else url)
    links = []
    for node in found["a"][:MAX_LINKS]:
        if address := base.absolute(node.attrs.get("href") or ""):
            links.append(Link(address, squeeze(node.text_lexbor())[:200]))
    return tuple(links)


def _attachments(links: tuple[Link, ...]) -> tuple[Attachment, ...]:
    found = []
    for link in links:
        kind = file_kind(link.url)
        if kind in ATTACHMENT_KINDS:
            found.append(Attachment(link.url, link.text, kind))
        elif (
            kind is None
            and "." in link.text
            and (named := file_kind(f"http://x/{link.text[-60:]}")) in ATTACHMENT_KINDS
        ):
            found.append(Attachment(link.url, link.text, named))  # a download script: the name is in the text
    return tuple(found)


def _signs(
    url: str,
    title: str | None,
    meta: dict[str, str | None],
    reading: BlockReading,
    flat: FlatText,
    links: tuple[Link, ...],
    html: str,
    *,
    is_html: bool,
    headings: tuple[str, ...] = (),
    fault: str = "",
) -> Signs:
    name = reading.values.get("name") or None
    item_dates, item_count = _items(url, flat, links)
    visible = _visible_date(flat)
    article = meta.get("ArticleTitle") or None
    names = (article, name, title, *headings)
    guide = is_guide(*names) or (is_guide(meta.get("ColumnName")) and not article)
    year = _report_year(*names)
    marks = read_marks(html)
    return Signs(
        kind=_kind(
            url,
            meta,
            reading,
            visible,
            item_count,
            guide=guide,
            report=year is not None,
            headed=bool(headings),
        ),
        is_html=is_html,
        has_block=reading.exists,
        name=name,
        labels=tuple(sorted(reading.values)),
        formed_text=reading.values.get("formed_on"),
        published_text=reading.values.get("published_on"),
        headings=headings,
        visible_date=visible,
        item_dates=item_dates,
        item_count=item_count,
        says_empty=_EMPTY.search("\n".join(line for line in flat.lines if len(line) < 40)) is not None,
        has_site_map=marks.site_map,
        has_find_error=marks.find_error,
        guide_elements=guide_elements("\n".join(flat.lines)) if guide else (),
        report_year=year,
        encoding_fault=fault,
    )


def _kind(
    url: str,
    meta: dict[str, str | None],
    reading: BlockReading,
    visible: date | None,
    items: int,
    *,
    guide: bool,
    report: bool,
    headed: bool,
) -> PageKind:
    parts = urlsplit(url)
    if parts.path.lstrip("/").lower() in _HOME_FILES and not parts.query:
        return PageKind.HOME
    is_content = bool(meta.get("ArticleTitle") or meta.get("PubDate") or reading.exists)
    if report and is_content:
        return PageKind.ANNUAL_REPORT
    if guide:
        return PageKind.GUIDE
    if is_content:
        return PageKind.CONTENT
    if meta.get("ColumnName") or items >= 5:
        return PageKind.COLUMN
    if report:
        return PageKind.ANNUAL_REPORT
    return PageKind.CONTENT if headed and visible else PageKind.OTHER


def _visible_date(flat: FlatText) -> date | None:
    for line in flat.lines:
        if len(line) < 400 and (day := read_date(_labelled(line))):
            return day
    return None


def _labelled(line: str) -> str | None:
    """What stands behind the label of a date."""
    if ":" not in line and "：" not in line:
        return None
    if "日期" not in line and "时间" not in line and "发布于" not in line:  # no label without one of them
        return None
    match = _VISIBLE_DATE.search(line)
    return match[1] if match else None


def _speaks_of_today(line: str) -> bool:
    """True for a line whose date is that of the day on which somebody reads it, or of a deadline."""
    return (
        "今天" in line
        or "今日" in line
        or "现在" in line
        or "当前时间" in line
        or "截止" in line
        or "截至" in line
        or ("星期" in line and any(day in line for day in _WEEKDAYS))
    )


def _items(url: str, flat: FlatText, links: tuple[Link, ...]) -> tuple[tuple[date, ...], int]:
    """Dates of listed items: beside a link's words, in the addresses of the site's own links, or in a row of lines."""
    words = {link.text for link in links if len(link.text) >= 4}
    listed: list[date] = []
    loose: list[date] = []
    for line in flat.lines:
        if len(line) > 250:
            continue
        days, rest = dates_and_rest(line)
        if len(days) == 1 and not (_speaks_of_today(line) or _labelled(line)):
            rest = rest.strip(" []()【】（）·•:：")
            (listed if rest in words else loose).append(days[0])
    site = site_of(url)
    linked = [day for link in links if (day := date_in_url(link.url)) and site_of(link.url) == site]
    if not listed and not linked and len(loose) >= 3:
        listed = loose
    newest = tuple(sorted({*listed, *linked}, reverse=True)[:MAX_ITEM_DATES])
    return newest, max(len(listed), len(linked))


def _report_year(*names: str | None) -> int | None:
    for name in names:
        if name and "信息公开" in name and (match := _REPORT.search(name[:300])):
            return int(match[1])
    return None


def _chars(flat: FlatText) -> int:
    text = "".join(flat.lines)
    return len(text) - text.count(" ")
