"""A site as government sites are: about 55 KB and 100 links a page, columns, 信息属性表头, dead links, attachments, some GBK.

The same bytes for the same number of pages, with what is true of them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

_BODY = (
    "为落实《中华人民共和国政府信息公开条例》，规范和深入推进政务公开工作，结合本市实际，制定本办法。"
    "政务公开工作考核坚持客观公正、科学合理、注重实效、促进工作的原则。"
    "采取在线大数据分析、实地查看、随机抽查等方式，对政务公开工作开展情况进行抽查检查，及时发现问题、督促整改。"
)
_STYLE = "".join(
    f".c{n}{{margin:{n % 9}px {n % 7}px;background:url(/images/bg{n % 12}.png) no-repeat}}\n"
    for n in range(90)
)
_SCRIPT = "".join(
    f"function f{n}(a,b){{var x=document.getElementById('tab'+a);if(x&&b<{n}){{x.className='on'+b}}return x}}\n"
    for n in range(60)
)
_COLUMNS = ("政策文件", "政策解读", "通知公告", "财政预决算", "人事信息", "规划计划", "统计信息", "行政许可")
_NAV, _PER_LIST = 24, 20
_FOOT = (
    '<div class="footer"><a href="/index.html">网站首页</a><p>主办：样例市人民政府办公室 苏ICP备05003616号 '
    "网站标识码：3204000002 苏公网安备 32040402000000号</p></div>"
)


@dataclass(slots=True)
class Site:
    """``files`` by path; what a crawler must find: titles and index numbers by path, dead links as (page, target)."""

    files: dict[str, bytes] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    index_numbers: dict[str, str | None] = field(default_factory=dict)
    dead: set[tuple[str, str]] = field(default_factory=set)
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class _Article:
    path: str
    title: str
    day: date
    column: int
    index_no: str


def make_site(pages: int, seed: int = 7) -> Site:
    """A site of exactly ``pages`` HTML pages (at least 50), all of them reachable from ``/index.html``."""
    chance, site = random.Random(seed), Site()
    columns = max(8, pages // 60)
    articles = _articles(chance, pages - 1 - columns, columns)
    lists = [[one for one in articles if one.column == column] for column in range(columns)]
    # Lists have one page: what they do not hold is linked from its neighbours, as every article is.
    attachments = [
        f"/files/{n % 20}/att_{n}.{('pdf', 'docx', 'xlsx')[n % 3]}" for n in range(max(5, pages // 10))
    ]
    dead = [f"/art/2019/{1 + n % 12}/{1 + n % 28}/art_dead_{n}.html" for n in range(max(5, pages // 20))]
    maker = _Maker(chance, site, columns, articles, dead)
    column_links = [(f"/col/col{n}/index.html", _COLUMNS[n % len(_COLUMNS)]) for n in range(columns)]
    newest = [(one.path, one.title) for one in articles[:40]]
    maker.page("/index.html", "首页", None, "", [*column_links, *newest])
    for number, (path, name) in enumerate(column_links):
        shown = lists[number][:_PER_LIST]
        items = [(one.path, one.title) for one in shown]
        maker.page(path, name, None, f'<meta name="ColumnName" content="{name}">', items, dates=shown)
    for number, one in enumerate(articles):
        near = [articles[at] for at in (number - 1, number + 1) if 0 <= at < len(articles)]
        more = [(other.path, other.title) for other in near]
        if number % 3 == 0:
            more.append((attachments[number // 3 % len(attachments)], "附件"))
        maker.page(one.path, one.title, one.index_no, _meta(one), more, block=_block(one))
    for path in attachments[: max(1, len(articles) // 3)]:
        site.files[path] = b"%PDF-1.4\n" + bytes(20_000)
        site.attachments += 1
    site.files["/robots.txt"] = b"User-agent: *\nAllow: /\n"
    return site


def _articles(chance: random.Random, count: int, columns: int) -> list[_Article]:
    made = []
    for number in range(count):
        day = date(2025, 11, 1) - timedelta(days=chance.randrange(1800))
        made.append(
            _Article(
                f"/art/{day.year}/{day.month}/{day.day}/art_{number % columns}_{100_000 + number}.html",
                f"市政府办公室关于印发《{day.year}年政务公开工作要点（{number}）》的通知",
                day,
                number % columns,
                f"0141{chance.randrange(10_000, 99_999)}/{day.year}-{number:05d}",
            )
        )
    return made


def _meta(one: _Article) -> str:
    return (
        f'<meta name="ColumnName" content="{_COLUMNS[one.column % len(_COLUMNS)]}">'
        f'<meta name="ArticleTitle" content="{one.title}"><meta name="PubDate" content="{one.day} 09:30">'
        '<meta name="ContentSource" content="样例市人民政府办公室">'
    )


def _block(one: _Article) -> str:
    return (
        f'<table id="property"><tr><td>信息名称：</td><td colspan="3">{one.title}</td></tr>'
        f"<tr><td>索 引 号：</td><td>{one.index_no}</td><td>公开方式：</td><td>主动公开</td></tr>"
        f"<tr><td>发布机构：</td><td>市政府办公室</td><td>生成日期：</td><td>{one.day}</td></tr>"
        f"<tr><td>公开日期：</td><td>{one.day}</td><td>废止日期：</td><td>有效</td></tr></table>"
    )


@dataclass(slots=True)
class _Maker:
    chance: random.Random
    site: Site
    columns: int
    articles: list[_Article]
    dead: list[str]

    def page(
        self,
        path: str,
        title: str,
        index_no: str | None,
        meta: str,
        links: list[tuple[str, str]],
        *,
        block: str = "",
        dates: list[_Article] | None = None,
    ) -> None:
        """Write one page to about 40 to 70 KB and note what is true of it."""
        navigation = "".join(
            f'<li class="c{n}"><a href="/col/col{n % self.columns}/index.html">{_COLUMNS[n % len(_COLUMNS)]}</a></li>\n'
            for n in range(_NAV)
        )
        main = "".join(
            f"<li><span>{dates[n].day if dates else ''}</span>{self._link(path, target, text, keep=True)}</li>\n"
            for n, (target, text) in enumerate(links)
        )
        side = "".join(
            f'<li class="c{n}"><span class="date">{one.day}</span>{self._link(path, one.path, one.title)}</li>\n'
            for n, one in enumerate(self.chance.choices(self.articles, k=self.chance.randint(40, 100)))
        )
        paragraphs = "".join(
            f'<p style="text-indent:2em" class="MsoNormal"><span style="font-size:16px">{_BODY}</span></p>\n'
            for _ in range(self.chance.randint(20, 70))
        )
        heading = f"<h1>{title}</h1><p>发布日期：2025-01-01 浏览次数：<span>1</span></p>" if block else ""
        encoding = "gb18030" if self.chance.random() < 0.02 else "utf-8"
        declared = "gb2312" if encoding == "gb18030" else "UTF-8"
        html = (
            f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="{declared}"><title>{title}</title>\n'
            f'<meta name="SiteName" content="样例市人民政府"><meta name="SiteIDCode" content="3204000002">{meta}\n'
            f"<style>{_STYLE}</style></head>\n<body><div><ul>{navigation}</ul></div>\n{block}{heading}"
            f'<ul class="list">{main}</ul><div id="zoom">{paragraphs}</div>\n<div class="side"><ul>{side}</ul></div>\n'
            f"{_FOOT}\n<script>{_SCRIPT}</script></body></html>\n"
        )
        self.site.files[path] = html.encode(encoding)
        self.site.titles[path] = title
        self.site.index_numbers[path] = index_no

    def _link(self, on: str, target: str, text: str, *, keep: bool = False) -> str:
        if not keep and self.chance.random() < 0.01:
            target = self.chance.choice(self.dead)
            self.site.dead.add((on, target))
        shown = target
        if self.chance.random() < 0.3:
            shown = "../" * (on.count("/") - 1) + target[1:]
        return f'<a href="{shown}" target="_blank" title="{text}">{text}</a>'
