"""信息属性表头: finds labels and values in lines of text or in table cells, in any of their local spellings.

Spellings come from pages of Jiangsu, Hebei and central organs; blanks inside labels (索 引 号), full-width
colons and brackets are accepted. A list page that repeats 索引号 for every row has no block of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kaoping.checks import PropertyBlock
from kaoping.crawling.dates import read_date
from kaoping.crawling.text import FlatText
from kaoping.patterns import linear

LABELS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("信息名称", "文件名称", "文件标题", "信息标题", "名称", "标题"),
    "index_no": ("信息索引号", "公开索引号", "信息索引", "索引号", "索引"),
    "category": (
        "法定主动公开分类",
        "法定主动公开内容",
        "主题分类",
        "组配分类",
        "信息分类",
        "信息类别",
        "公开类别",
        "所属主题",
        "主题词分类",
        "分类",
    ),
    "disclosure_mode": ("公开方式", "公开属性", "公开类型"),
    "doc_no": ("文件编号", "发文字号", "发文文号", "文件字号", "公文文号", "文件文号", "文号"),
    "issuer": (
        "发布机构",
        "发文机关",
        "发布机关",
        "公开机构",
        "发文单位",
        "发布单位",
        "制发机关",
        "发文机构",
        "公开主体",
    ),
    "formed_on": (
        "生成日期",
        "产生日期",
        "成文日期",
        "形成日期",
        "制发日期",
        "发文日期",
        "生成时间",
        "成文时间",
    ),
    "published_on": ("公开日期", "发布日期", "公开时间", "发布时间", "公布日期"),
    "abolished_on": ("废止日期", "失效日期", "废止时间", "失效时间"),
    "validity": ("效力状况", "效力状态", "信息有效性", "时效性", "有效性", "是否有效", "时效"),
    "summary": ("内容概述", "内容概要", "信息概述", "内容摘要", "信息摘要"),
    # Read past, so that a neighbour's value ends here.
    "_other": (
        "体裁分类",
        "公开时限",
        "公开形式",
        "公开范围",
        "有效期",
        "公开程序",
        "关键词",
        "主题词",
        "文件下载",
        "来源",
        "信息来源",
    ),
}
# A decision's own number, printed in the table of the decision rather than in a header.
_DECISION_LABELS: Final = frozenset(
    f"{kind}{paper}文号" for kind in ("", "行政", "行政处罚", "行政许可") for paper in ("决定", "决定书")
)
DOC_NO_SHAPE: Final = linear(
    r"[一-龥]{1,20}[〔\[（(【][\s\p{Z}]?(?:19|20)?\p{Nd}{2}[\s\p{Z}]?[〕\]）)】][\s\p{Z}]?第?\p{Nd}{1,5}号"
)
_INDEX_SHAPE: Final = linear(r"[0-9A-Za-z]{4,20}/[\p{Nd}-]{5,20}")
_DATE_SHAPE: Final = linear(r"[\p{Nd}年月日/. :-]{8,24}")
_ISSUER_SHAPE: Final = linear(r"[一-龥()（）、]{3,40}(?:局|委|办公室|政府|厅|部|中心|会|院)")
_FIELD: Final = {variant: name for name, variants in LABELS.items() for variant in variants}
_LAST_CHARACTERS: Final = frozenset(variant[-1] for variant in _FIELD)
_LONGEST: Final = max(map(len, _FIELD))
_MAX_BLANKS: Final = 4
_CORE: Final = frozenset(
    ("category", "disclosure_mode", "doc_no", "issuer", "formed_on", "validity", "abolished_on", "summary")
)
_MAX_LINE, _MAX_VALUE = 3000, 500


@dataclass(frozen=True, slots=True)
class _Label:
    """A label of the block with its colon as it stands in a line, from its bracket to behind the colon."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class BlockReading:
    """The block and how it was printed. ``values`` holds the text behind every label seen, empty included."""

    block: PropertyBlock
    exists: bool
    values: dict[str, str]


def read_block(text: FlatText) -> BlockReading:
    """The property block of a page; ``exists`` is false when the page has none."""
    values: dict[str, str] = {}
    index_numbers: set[str] = set()
    for name, value in _pairs(text):
        if name == "index_no" and value:
            index_numbers.add(value)
        if not values.get(name):
            values[name] = value
    filled = {name for name, value in values.items() if value}
    exists = len(index_numbers) <= 1 and (
        "index_no" in filled
        and len(values) >= 2
        or len(_CORE & values.keys()) >= 3
        and len(_CORE & filled) >= 2
    )
    if not exists:
        return BlockReading(PropertyBlock(doc_no=_decision_number(text)), False, {})
    return BlockReading(_block(values), True, values)


def _pairs(text: FlatText) -> Iterator[tuple[str, str]]:
    yield from _from_rows(text.rows)
    yield from _from_lines(text.lines)


def _from_rows(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for cells in rows:
        fields = [_FIELD.get(_bare(cell)) if len(cell) <= 24 else None for cell in cells]
        if all(fields):  # a heading row of a list
            continue
        for place, name in enumerate(fields):
            if name and name != "_other" and place + 1 < len(cells):
                yield name, "" if fields[place + 1] else _cut(cells[place + 1])


def _from_lines(lines: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        if ":" not in line and "：" not in line:
            continue
        if len(line) > _MAX_LINE:
            line = line[:_MAX_LINE]
        found = [label for label in _labels(line) if _stands_alone(line, label)]
        for place, label in enumerate(found):
            name = _FIELD[label.words]
            end = found[place + 1].start if place + 1 < len(found) else len(line)
            value = _cut(line[label.end : end])
            if not value and place + 1 == len(found) and number + 1 < len(lines):
                value = _from_next_line(name, lines[number + 1])
            if name != "_other":
                yield name, value


def _labels(line: str) -> Iterator[_Label]:
    """Labels from left to right, found from their colons backwards: at each colon the longest that ends there."""
    behind = 0
    for colon, character in enumerate(line):
        if character in ":：":
            if label := _label_before(line, behind, colon):
                yield label
            behind = colon + 1


def _label_before(line: str, start: int, colon: int) -> _Label | None:
    """The label whose colon stands at ``colon`` and which begins at ``start`` or later."""
    at = _before_blanks(line, start, colon)
    if at > start and line[at - 1] in "】]":
        at -= 1
        if at > start and line[at - 1] == " ":
            return None
    if at == start or line[at - 1] not in _LAST_CHARACTERS:
        return None
    words, found = "", None
    while at > start and len(words) < _LONGEST and line[at - 1] != " ":
        at -= 1
        words = line[at] + words
        if words in _FIELD:
            found = _Label(at, colon + 1, words)
        at = _before_blanks(line, start, at)
    if found and found.start > start and line[found.start - 1] in "【[":
        return _Label(found.start - 1, found.end, found.words)
    return found


def _before_blanks(line: str, start: int, at: int) -> int:
    """Where up to four blanks before ``at`` begin."""
    for _ in range(_MAX_BLANKS):
        if at == start or line[at - 1] != " ":
            break
        at -= 1
    return at


def _stands_alone(line: str, label: _Label) -> bool:
    """A short label counts only at the start of a word; a long one also right behind another value."""
    before = line[label.start - 1] if label.start else " "
    return before in " \t|｜,，;；【[(（•·" or len(label.words) >= 4


def _from_next_line(name: str, line: str) -> str:
    """The value of a label that ends its line: taken only when its shape proves that it is one."""
    if len(line) > 60 or any(_labels(line)):
        return ""
    shaped = (
        (name == "index_no" and _INDEX_SHAPE.fullmatch(line))
        or (name == "doc_no" and DOC_NO_SHAPE.fullmatch(line))
        or (name.endswith("_on") and _DATE_SHAPE.fullmatch(line))
        or (name == "disclosure_mode" and line in ("主动公开", "依申请公开", "不予公开"))
        or (name == "issuer" and _ISSUER_SHAPE.fullmatch(line))
    )
    return line if shaped else ""


def _block(values: dict[str, str]) -> PropertyBlock:
    abolished = values.get("abolished_on", "")
    abolished_on = read_date(abolished)
    return PropertyBlock(
        index_no=_word(values.get("index_no")),
        category=values.get("category") or None,
        disclosure_mode=values.get("disclosure_mode") or None,
        doc_no=values.get("doc_no") or None,
        issuer=values.get("issuer") or None,
        formed_on=read_date(values.get("formed_on")),
        published_on=read_date(values.get("published_on")),
        abolished_on=abolished_on,
        # 废止日期：有效 is common: one field for a date or a status.
        validity=values.get("validity") or (abolished if abolished and abolished_on is None else None),
        summary=values.get("summary") or None,
    )


def _decision_number(text: FlatText) -> str | None:
    for cells in text.rows:
        for place in range(len(cells) - 1):
            label = _bare(cells[place])
            if (label in _DECISION_LABELS or _FIELD.get(label) == "doc_no") and (
                match := DOC_NO_SHAPE.search(cells[place + 1])
            ):
                return str(match[0])
    for line in text.lines:
        if "号" not in line:
            continue
        for found in _labels(line[:200]):
            if _FIELD[found.words] == "doc_no" and (number := DOC_NO_SHAPE.match(line[found.end :].strip())):
                return str(number[0])
    return None


_BARE: Final = str.maketrans("", "", " :：【】[]")


def _bare(cell: str) -> str:
    return cell[:40].translate(_BARE)


def _cut(text: str) -> str:
    return text.strip(" \t|｜,，;；【[")[:_MAX_VALUE].strip()


def _word(text: str | None) -> str | None:
    return text.split(" ")[0] if text else None
