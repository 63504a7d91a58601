"""Small made-up sites of the demonstration's units, ``<code>.kaoping.test``, with faults that begin and end on known days.

``answer`` is a pure function of host, path and instant, so that a crawl in a simulated year sees that year's pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Final

from kaoping.beijing import day_of

SUFFIX: Final = ".kaoping.test"
# What a fault changes on the page; each answers to one check.
LATE, NO_BLOCK, BAD_NUMBER, NO_META, WRONG_META, STALE, BLANK_COLUMN, NO_FOOTER, DOWN = (
    "late",
    "no_block",
    "bad_number",
    "no_meta",
    "wrong_meta",
    "stale",
    "blank_column",
    "no_footer",
    "down",
)
COLUMNS: Final = (
    ("dt", "工作动态", "动态要闻", 5),
    ("tz", "通知公告", "通知公告", 30),
    ("wj", "政策文件", "政策文件", 45),
    ("jd", "政策解读", "政策解读", 45),
    ("nb", "政府信息公开年报", "年报", 365),
)
PER_COLUMN: Final = 3
FORMED_DAYS: Final = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one site between two days (the last day still has it; null: it stays)."""

    kind: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the site has the fault on ``day``."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Site:
    """One unit's site."""

    code: str
    name: str
    site_id_code: str
    index_prefix: str
    faults: Sequence[Fault] = ()

    @property
    def host(self) -> str:
        """The host name under ``kaoping.test``."""
        return f"{self.code.lower()}{SUFFIX}"

    @property
    def url(self) -> str:
        """The front page."""
        return f"http://{self.host}/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends."""

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class _Article:
    column: str
    column_name: str
    kind: str
    number: int
    formed_on: date
    published_on: date
    title: str
    doc_no: str


def answer(sites: Mapping[str, Site], host: str, path: str, now: datetime) -> Answer:
    """The response of the site ``host`` to ``path`` as of ``now``."""
    site = sites.get(host.split(":")[0].lower())
    if site is None:
        return Answer(404, "没有这个网站".encode())
    if path == "/robots.txt":
        return Answer(200, b"User-agent: *\nAllow: /\n", "text/plain; charset=utf-8")
    day = day_of(now)
    kinds = {fault.kind for fault in site.faults if fault.holds(day)}
    if DOWN in kinds:
        return Answer(503, "服务维护中".encode())
    body = _route(site, path, day, kinds)
    return Answer(404, "没有这个页面".encode()) if body is None else Answer(200, body.encode())


def _route(site: Site, path: str, day: date, kinds: set[str]) -> str | None:
    parts = [part for part in path.split("?")[0].split("/") if part]
    if not parts:
        return _home(site, day, kinds)
    column = next((one for one in COLUMNS if one[0] == parts[0]), None)
    if column is None:
        return None
    if len(parts) == 1:
        return _list(site, column, day, kinds)
    found = next(
        (one for one in _articles(site, column, day, kinds) if f"{one.number}.html" == parts[1]), None
    )
    return _article(site, found, kinds) if found else None


def _articles(
    site: Site, column: tuple[str, str, str, int], day: date, kinds: set[str], most: int = PER_COLUMN
) -> list[_Article]:
    """The newest articles of a column: published every ``every`` days since the start of the year before."""
    code, name, kind, every = column
    if BLANK_COLUMN in kinds and code in ("jd", "tz"):
        return []
    if kind == "年报":
        return [_report(site, year) for year in (day.year - 1, day.year - 2) if date(year + 1, 1, 25) <= day]
    start = date(day.year - 1, 1, 6) + timedelta(days=sum(map(ord, site.code)) % 5)
    last = day - timedelta(days=40) if STALE in kinds else day
    count = max((last - start).days // every, 0)
    made = []
    for number in range(count, max(count - most, 0), -1):
        published = start + timedelta(days=number * every)
        formed = published - timedelta(days=60 if LATE in kinds and code == "wj" else FORMED_DAYS)
        year = formed.year
        doc_no = f"常{site.name[3:5]}发〔{year}〕{number}号"
        if BAD_NUMBER in kinds and code == "wj":
            doc_no = f"常{site.name[3:5]}发[{year}]第0{number}号"
        title = f"{site.name}{'关于印发第' + str(number) + '号工作安排的通知' if code == 'wj' else name + '第' + str(number) + '期'}"
        made.append(
            _Article(
                code, name, kind, number, formed, published, title, doc_no if code in ("wj", "tz") else ""
            )
        )
    return made


def _report(site: Site, year: int) -> _Article:
    published = date(year + 1, 1, 25)
    title = f"{site.name}{year}年政府信息公开工作年度报告"
    return _Article(
        "nb", "政府信息公开年报", "年报", year, published - timedelta(days=3), published, title, ""
    )


def _home(site: Site, day: date, kinds: set[str]) -> str:
    newest = [one for column in COLUMNS for one in _articles(site, column, day, kinds)[:2]]
    newest.sort(key=lambda one: one.published_on, reverse=True)
    items = "".join(_item(one) for one in newest)
    nav = "".join(f'<li><a href="/{code}/">{name}</a></li>' for code, name, _kind, _every in COLUMNS)
    body = f"<h1>{site.name}</h1><ul class=nav>{nav}</ul><ul class=list>{items}</ul>"
    return _page(site, site.name, _site_metas(site), body, kinds)


def _list(site: Site, column: tuple[str, str, str, int], day: date, kinds: set[str]) -> str:
    articles = _articles(site, column, day, kinds)
    items = "".join(_item(one) for one in articles) or "<li>栏目建设中</li>"
    metas = [
        *_site_metas(site),
        ("ColumnName", column[1]),
        ("ColumnType", column[2]),
        ("ColumnDescription", f"{site.name}{column[1]}栏目"),
        ("ColumnKeywords", column[1]),
    ]
    return _page(site, column[1], metas, f"<h1>{column[1]}</h1><ul class=list>{items}</ul>", kinds)


def _item(one: _Article) -> str:
    return (
        f'<li><a href="/{one.column}/{one.number}.html">{escape(one.title)}</a>'
        f"<span>{one.published_on.isoformat()}</span></li>"
    )


def _article(site: Site, one: _Article, kinds: set[str]) -> str:
    metas = [
        *_site_metas(site),
        ("ColumnName", one.column_name),
        ("ColumnType", one.kind),
        ("ArticleTitle", one.title),
        ("PubDate", f"{one.published_on.isoformat()} 09:30"),
        ("ContentSource", site.name),
        ("Keywords", one.column_name),
    ]
    if WRONG_META in kinds:
        shifted = (one.published_on - timedelta(days=12)).isoformat()
        metas = [(name, f"{shifted} 09:30" if name == "PubDate" else value) for name, value in metas]
    if NO_META in kinds:
        metas = [pair for pair in metas if pair[0] not in ("ContentSource", "ColumnType", "ArticleTitle")]
    block = "" if NO_BLOCK in kinds else _property_block(site, one)
    text = "为做好政务公开工作，现将有关事项公布如下，欢迎社会各界监督并提出意见。" * 3
    body = (
        f"<h1>{escape(one.title)}</h1>{block}<p>发布日期：{one.published_on.isoformat()}</p>"
        f"<div class=text><p>{text}</p><p>（此件主动公开）</p></div>"
    )
    return _page(site, one.title, metas, body, kinds)


def _property_block(site: Site, one: _Article) -> str:
    serial = one.number % 100000
    rows = (
        ("索引号", f"{site.index_prefix}/{one.formed_on.year}-{serial:05d}"),
        ("信息名称", one.title),
        ("法定主动公开分类", one.column_name),
        ("公开方式", "主动公开"),
        ("文件编号", one.doc_no),
        ("发布机构", site.name),
        ("生成日期", one.formed_on.isoformat()),
        ("公开日期", one.published_on.isoformat()),
        ("废止日期", "有效"),
        ("内容概述", f"{one.column_name}：{one.published_on.year}年第{serial}号事项的安排、依据和联系方式"),
    )
    cells = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f"<table class=xxgk>{cells}</table>"


def _site_metas(site: Site) -> list[tuple[str, str]]:
    return [("SiteName", site.name), ("SiteDomain", site.host), ("SiteIDCode", site.site_id_code)]


def _page(site: Site, title: str, metas: Sequence[tuple[str, str]], body: str, kinds: set[str]) -> str:
    heads = "".join(f'<meta name="{name}" content="{escape(value, quote=True)}">' for name, value in metas)
    parts = [f"<p>主办单位：{site.name}</p>", "<p>联系电话：0519-00000000（示例）</p>"]
    if NO_FOOTER not in kinds:
        parts += [
            f"<p>网站标识码：{site.site_id_code}</p>",
            "<p>苏ICP备00000000号-1</p>",
            "<p>苏公网安备 32040200000000号</p>",
            '<p><a href="/">我为政府网站找错</a> <a href="/">网站地图</a></p>',
        ]
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>{heads}</head>'
        f"<body><p>示例网站，内容由演示数据生成</p>{body}<footer>{''.join(parts)}</footer></body></html>"
    )
