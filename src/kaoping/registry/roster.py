"""Read a roster (CSV or XLSX) into rows and problems. Nothing is stored here; every problem names line, field and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from kaoping.foreign.days import day_fault, table_day
from kaoping.foreign.sheet.headings import find_heading
from kaoping.foreign.visible import visible
from kaoping.patterns import linear
from kaoping.registry.logic import KINDS, cycle
from kaoping.support.tables import MAX_BYTES, SheetError, read_table

# Field of the file format: what the office calls it.
FIELDS: Final[dict[str, str]] = {
    "code": "单位代码",
    "name": "单位名称",
    "short_name": "简称",
    "kind": "类别",
    "parent": "上级单位代码",
    "leading_department": "主管部门代码",
    "group": "分组",
    "valid_from": "设立日期",
    "valid_to": "撤销日期",
    "participates": "参评",
    "successor": "承接单位代码",
    "site_url": "网站地址",
    "site_id_code": "网站标识码",
}
_ALIASES: Final = {label: name for name, label in FIELDS.items()} | {name: name for name in FIELDS}
_NEEDED: Final = ("code", "name", "kind")
_LINKS: Final = ("parent", "leading_department", "successor")
_WHO: Final = {"parent": "上级单位", "leading_department": "主管部门", "successor": "承接单位"}
_LENGTHS: Final = {"code": 40, "name": 120, "short_name": 60, "group": 60, "site_url": 300}
_KINDS_BY_LABEL: Final = {label: kind for kind, label in KINDS.items()}
_YES_NO: Final = {"yes": True, "no": False, "是": True, "否": False, "true": True, "false": False}
_CODE: Final = linear(r"[0-9A-Za-z][0-9A-Za-z._-]*")
__all__ = [
    "FIELDS",
    "MAX_BYTES",
    "Problem",
    "Roster",
    "Row",
    "cross_check",
    "out_of_order",
    "parse",
    "read_roster",
]
_SITE_CODE: Final = linear(r"[0-9A-Za-z]{10}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a roster: where, what, and what to write instead. ``line`` is null for the whole file."""

    line: int | None
    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"第 {self.line} 行，" if self.line is not None else ""
        return f"{place}{FIELDS.get(self.field, self.field)}：{self.message}。{self.remedy}"


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation as the file gives it. ``values`` holds only the columns that the file has."""

    line: int | None
    code: str
    values: dict[str, Any]
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file holds: rows in order, problems, warnings in words."""

    rows: list[Row]
    problems: list[Problem]
    warnings: list[str]


def read_roster(filename: str, content: bytes) -> Roster:
    """Read a file by itself; ``cross_check`` then compares it with the register."""
    try:
        lines = read_table(filename, content)
    except SheetError as error:
        return Roster([], [Problem(None, "文件", error.message, error.remedy)], [])
    if not lines:
        return Roster([], [Problem(None, "文件", "没有内容", "第一行写字段名，以下每行一个单位。")], [])
    return _rows(lines)


def _rows(lines: list[tuple[int, list[Any]]]) -> Roster:
    at, names = find_heading(lines, _ALIASES, _NEEDED)
    first, headings = lines[at]
    where = "第一行" if at == 0 else f"第 {first} 行（表头）"
    problems = [
        Problem(first, name, f"{where}缺这个字段", f"请加一列，列名写 {name} 或 {FIELDS[name]}。")
        for name in _NEEDED
        if name not in names
    ]
    problems += [
        Problem(first, name, "字段名出现两次", "请删去一列。") for name in FIELDS if names.count(name) > 1
    ]
    if problems:
        return Roster([], problems, [])
    unknown = [name for name in names if name and name not in FIELDS]
    warnings = [f"字段“{name}”不认识，原样保留在备注里，不参与考核。" for name in unknown]
    if at:
        warnings.append(f"表头在第 {first} 行，上面的 {at} 行是标题或说明，没有读。")
    rows = []
    for line, cells in lines[at + 1 :]:
        if list(cells) == list(headings):  # a heading over two rows, or said again on each printed page
            continue
        if len(cells) > len(names):
            problems.append(
                Problem(line, "行", "格数多于字段数", "请检查是否多了逗号，含逗号的文字要加引号。")
            )
            continue
        padded = [*cells, *[""] * (len(names) - len(cells))]
        if any(_text(cell) for name, cell in zip(names, padded, strict=False) if not name):
            problems.append(
                Problem(
                    line,
                    "行",
                    "有一格在没有字段名的列里",
                    "请给那一列写上字段名，或清空；含逗号的文字要加引号。",
                )
            )
            continue
        given = dict(zip(names, padded, strict=False))
        values, wrong = parse({name: given[name] for name in names if name in FIELDS}, line=line)
        problems += wrong
        extra = {name: _text(given[name]) for name in unknown if _text(given[name])}
        rows.append(Row(line, str(values.get("code", "")), values, extra))
    return Roster(rows, problems, warnings)


def parse(given: Mapping[str, Any], *, line: int | None = None) -> tuple[dict[str, Any], list[Problem]]:
    """Turn the cells of one organisation into values, each by its field's rule; only the fields given."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, cell in given.items():
        try:
            values[name] = _PARSERS.get(name, _plain)(name, cell)
        except _Wrong as wrong:
            problems.append(Problem(line, name, wrong.message, wrong.remedy))
    if "short_name" in values and not values["short_name"]:
        values["short_name"] = str(values.get("name", ""))[:60]
    start, end = values.get("valid_from"), values.get("valid_to")
    if start and end and end < start:
        problems.append(Problem(line, "valid_to", "早于设立日期", "请核对两个日期。"))
    if values.get("successor") and "valid_to" in values and end is None:
        problems.append(
            Problem(line, "valid_to", "有承接单位却没有撤销日期", "请填撤销日期，或删去承接单位。")
        )
    return values, problems


def cross_check(rows: list[Row], stored: Mapping[str, Mapping[str, str]]) -> list[Problem]:
    """Problems between rows, and between rows and the register (``stored``: code to its link fields)."""
    problems = []
    lines: dict[str, int | None] = {}
    for row in rows:
        if row.code and row.code in lines:
            problems.append(Problem(row.line, "code", f"与第 {lines[row.code]} 行重复", "每个单位只留一行。"))
        lines.setdefault(row.code, row.line)
    known = set(stored) | set(lines)
    merged = {
        name: {code: links.get(name, "") for code, links in stored.items()}
        | {row.code: row.values[name] for row in rows if name in row.values}
        for name in _LINKS
    }
    for row in rows:
        for name in _LINKS:
            target = row.values.get(name)
            if target and target not in known:
                problems.append(
                    Problem(row.line, name, f"名录里没有代码 {target}", "请先加入该单位，或改正代码。")
                )
            elif target and cycle(merged[name], row.code):
                problems.append(Problem(row.line, name, "绕回了自己", f"请改成真正的{_WHO[name]}。"))
    return problems


def out_of_order(rows: list[Row], stored: Mapping[str, tuple[date | None, date | None]]) -> list[Problem]:
    """Rows that bring one date only, which comes before or after the other one in the register (``stored``: from, to)."""
    problems = []
    for row in rows:
        given = {"valid_from", "valid_to"} & row.values.keys()
        start, end = stored.get(row.code, (None, None))
        start, end = row.values.get("valid_from", start), row.values.get("valid_to", end)
        if len(given) == 1 and start and end and end < start:
            problems.append(
                Problem(row.line, "valid_to", f"撤销日期 {end} 早于设立日期 {start}", "请核对名录里的日期。")
            )
    return problems


class _Wrong(Exception):
    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _plain(name: str, cell: Any) -> str:
    text = _text(cell)
    longest = _LENGTHS.get(name, 60)
    if len(text) > longest:
        raise _Wrong(f"超过 {longest} 个字", "请缩短。")
    if visible(text) != text:
        raise _Wrong("含有换行或看不见的字符", "请在这一格里重新输入，不要换行。")
    return text


def _name(name: str, cell: Any) -> str:
    text = _plain(name, cell)
    if not text:
        raise _Wrong("没有填", "请填单位全称。")
    return text


def _code(name: str, cell: Any) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise _Wrong("这一格是数字，前面的零可能已经丢了", "请把这一列设成文本格式，重新填写代码。")
    text = _plain(name, cell)
    if name == "code" and not text:
        raise _Wrong("没有填", "每个单位要有一个代码，例如 CZ-D03。")
    if text and (len(text) > 40 or not _CODE.fullmatch(text)):
        raise _Wrong(f"“{text}”不能作代码", "代码只用字母、数字、横线、点，不超过 40 个字符。")
    return text


def _kind(_name: str, cell: Any) -> str:
    text = _text(cell)
    kind = _KINDS_BY_LABEL.get(text, text)
    if kind not in KINDS:
        raise _Wrong(
            f"没有“{text}”这个类别" if text else "没有填", f"请写 {'、'.join(KINDS.values())} 之一。"
        )
    return kind


def _day(_name: str, cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if not text:
        return None
    day = table_day(text)
    if day is None:
        raise _Wrong(f"“{text}”{day_fault(text, '不是日期')}", "请写成 2025-01-31。")
    return day


def _yes_no(_name: str, cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    text = _text(cell).lower()
    if not text:
        return True
    if text not in _YES_NO:
        raise _Wrong(f"“{text}”看不懂", "请写 yes 或 no（是、否）。")
    return _YES_NO[text]


def _site(name: str, cell: Any) -> str:
    text = _plain(name, cell)
    try:
        parts = urlsplit(text)
        good = not text or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        good = False
    if not good:
        raise _Wrong(f"“{text}”不是网址", "请写完整网址，以 http:// 或 https:// 开头。")
    return text


def _site_code(name: str, cell: Any) -> str:
    text = _text(cell)
    if text and not _SITE_CODE.fullmatch(text):
        raise _Wrong(f"“{text}”不是网站标识码", "网站标识码是 10 位，见网站底部。")
    return text


_PARSERS: Final = {
    "code": _code,
    "name": _name,
    "kind": _kind,
    "parent": _code,
    "leading_department": _code,
    "successor": _code,
    "valid_from": _day,
    "valid_to": _day,
    "participates": _yes_no,
    "site_url": _site,
    "site_id_code": _site_code,
}
