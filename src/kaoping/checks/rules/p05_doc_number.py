"""文号的写法：机关代字、六角括号里的四位年份、不带“第”和前导零的序号、“号”（GB/T 9704—2012）。"""

from __future__ import annotations

from kaoping.checks.facts import PageFacts
from kaoping.checks.model import (
    Context,
    Verdict,
    date_words,
    met,
    not_applicable,
    not_met,
    page_check,
    undecided,
)
from kaoping.patterns import linear

_RIGHT = linear(r"^[一-龥]{2,20}〔((?:19|20)\p{Nd}{2})〕[1-9]\p{Nd}{0,3}号$")
_NONE = linear(r"^[\s\p{Z}—–\-－/／.。]*$|^(?:无|没有|空|暂无|无文号)$")
_ORDER = linear(r"令|公告|^第?\p{Nd}+号$")
_FAULTS = (
    (
        linear(
            r"[\[\]［］()（）【】][\s\p{Z}]?(?:19|20)?\p{Nd}{2}|(?:19|20)?\p{Nd}{2}[\s\p{Z}]?[\[\]［］()（）【】]"
        ),
        "年份没有用六角括号〔〕",
    ),
    (linear(r"〔\p{Nd}{2}〕"), "年份不是四位"),
    (linear(r"〕[\s\p{Z}]?第"), "序号前多了“第”"),
    (linear(r"〕[\s\p{Z}]?0\p{Nd}"), "序号前多了零"),
    (linear(r"〕[\s\p{Z}]?\p{Nd}{1,4}$"), "末尾缺“号”"),
)
_SAME_DOCUMENT = linear(r"解读|图解|问答|一图读懂|附件|政策说明")


@page_check(
    id="P-05",
    version=1,
    title="文号规范",
    basis="GB/T 9704—2012《党政机关公文格式》",
    confidence="R/P",
    remedy="请按公文原件改正文号：机关代字＋〔四位年份〕＋序号＋号。",
)
def doc_number(page: PageFacts, context: Context) -> Verdict:
    """Shape, agreement of the year with 生成日期, and one number for one document."""
    number = (page.property_block.doc_no or "").replace(" ", "")
    if not number or _NONE.match(number):
        return not_applicable("没有文号")
    match = _RIGHT.match(number)
    if match is None:
        if _ORDER.search(number) and "〔" not in number:
            return not_applicable(f"“{number}”是令、公告一类的编号，另有写法")
        faults = [text for pattern, text in _FAULTS if pattern.search(number)]
        if faults:
            return not_met(f"“{number}”：{'；'.join(faults)}", number)
        return undecided(f"“{number}”不是常见的文号写法，要人工看", number)
    formed = page.property_block.formed_on
    if formed and formed.year != int(match[1]):
        if formed.year - int(match[1]) == 1 and formed.month == 1:
            return undecided(f"“{number}”的年份与生成日期{date_words(formed)}差一年，可能是跨年印发", number)
        return not_met(f"“{number}”的年份与生成日期{date_words(formed)}不一致", number)
    year = "" if formed else "；没有读到生成日期，年份没有核对"
    return _one_document(page, number, year, context)


def _one_document(page: PageFacts, number: str, year: str, context: Context) -> Verdict:
    mine = page.tag("ArticleTitle") or page.title or ""
    others = [title for title in context.doc_no_titles.get(number, ()) if title != mine]
    different = [title for title in others if not _related(mine, title)]
    if different:
        return not_met(f"“{number}”也用在另一篇《{different[0][:60]}》上", number)
    if others:
        return undecided(f"“{number}”也出现在《{others[0][:60]}》上，可能是同一文件，要人工看", number)
    return met(f"“{number}”写法规范{year}", number)


def _related(mine: str, other: str) -> bool:
    """An interpretation or a part of a document rightly bears the document's number."""
    return mine in other or other in mine or bool(_SAME_DOCUMENT.search(mine) or _SAME_DOCUMENT.search(other))
