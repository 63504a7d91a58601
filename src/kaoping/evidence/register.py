"""A ledger kept elsewhere (依申请台账、要点分解表 …) as a table of observations of source ``register``. Pure.

Columns: 单位代码, 指标, 种类, 取值, 观察日期, 理由, 依据网址. An indicator whose module does not exist yet is fed this way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final, TypeAlias

from kaoping.arithmetic import plain
from kaoping.beijing import BEIJING, day_of
from kaoping.foreign.days import day_fault, table_day
from kaoping.foreign.sheet.headings import find_heading
from kaoping.foreign.width import half_width
from kaoping.patterns import linear
from kaoping.scoring.observations import ObservationError, check_value

COLUMNS: Final[dict[str, str]] = {
    "单位代码": "unit",
    "指标": "item",
    "种类": "kind",
    "取值": "value",
    "观察日期": "observed_on",
    "理由": "reason",
    "依据网址": "url",
}
KINDS: Final[dict[str, str]] = {
    "结论": "verdict",
    "件数": "count",
    "比例": "ratio",
    "档次": "level",
    "得分": "points",
}
VERDICTS: Final[dict[str, str]] = {
    "符合": "met",
    "不符合": "not_met",
    "无法判定": "undecided",
    "不涉及": "not_applicable",
}
# What a cell of each kind holds: on the page beside the table, and in what is said of a cell that holds something else.
WANTED: Final[dict[str, str]] = {
    "verdict": f"应写{'、'.join(list(VERDICTS)[:-1])}或{list(VERDICTS)[-1]}",
    "count": "应写整数，如 3；没有写 0",
    "ratio": "应写 做到数/应做数，如 18/20，前数不大于后数",
    "level": "应写档次的代码，见规则集",
    "points": "应写得分，如 1.5，不是负数",
}
# Of these an item has one value at a time; faults are counted, however many there are on one day.
_ONE_A_DAY: Final = ("ratio", "level", "points")
_RATIO: Final = linear(r"([0-9]{1,9})[\s\p{Z}]*[/／][\s\p{Z}]*([0-9]{1,9})")
_ADDRESS: Final = linear("https?://")
_NEEDED: Final = ("单位代码", "指标", "种类", "取值", "观察日期")
_DIGITS: Final = 30  # a longer number is no count, and reading it would take time
_NOON: Final = time(12, tzinfo=BEIJING)


DayRefusal: TypeAlias = Callable[[str, date], str | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One row that can be recorded."""

    number: int
    unit: str
    item: str
    kind: str
    value: Any
    observed_at: datetime
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row and what to write instead."""

    number: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"第 {self.number} 行，{self.column}：{self.message}"


def read_register(
    lines: Sequence[tuple[int, Sequence[Any]]],
    *,
    units: Iterable[str],
    items: Mapping[str, tuple[str, ...]],
    today: date,
    most: Mapping[str, Fraction] | None = None,
    levels: Mapping[str, Mapping[str, str]] | None = None,
    elsewhere: Mapping[str, str] | None = None,
    refusal_of_day: DayRefusal = lambda _item, _day: None,
) -> tuple[list[Line], list[Fault]]:
    """Rows and faults. ``items`` maps a code to the kinds it takes from source register; nothing after ``today``.

    ``most`` maps a code to the points that the item is worth: more would be cut without a word. ``levels`` maps a code to
    its levels with their names: another would count for nothing without a word. ``elsewhere`` maps a code that no ledger
    brings in to the words that say where it is entered. ``refusal_of_day`` says of an item and a day why nothing of that day
    is brought in any more.
    """
    if not lines:
        return [], [Fault(1, "文件", "没有内容。第一行写列名：" + "、".join(COLUMNS))]
    at, names = find_heading(lines, {name: name for name in COLUMNS}, _NEEDED)
    first, headings = lines[at]
    where = "第一行" if at == 0 else "表头"
    faults = [Fault(first, name, f"{where}缺“{name}”这一列") for name in _NEEDED if name not in names]
    faults += [Fault(first, name, "这一列出现了两次") for name in COLUMNS if names.count(name) > 1]
    if faults:
        return [], faults
    known = set(units)
    rules = _Rules(items, most or {}, levels or {}, elsewhere or {}, refusal_of_day)
    found: list[Line] = []
    for number, cells in lines[at + 1 :]:
        if list(cells) == list(headings):  # a heading over two rows, or said again on each printed page
            continue
        if len(cells) > len(names):
            faults.append(Fault(number, "行", "格数多于列名，含逗号的文字要整格加引号"))
            continue
        row = {
            COLUMNS[name]: _text(cell) for name, cell in zip(names, cells, strict=False) if name in COLUMNS
        }
        line, wrong = _row(number, row, known, rules, today)
        faults += wrong
        if line is not None:
            found.append(line)
    if not found and not faults:
        faults.append(Fault(first, "文件", "列名下面没有内容，每件写一行"))
    return found, faults


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the rulebook says of the items, by code."""

    items: Mapping[str, tuple[str, ...]]
    most: Mapping[str, Fraction]
    levels: Mapping[str, Mapping[str, str]]
    elsewhere: Mapping[str, str]
    refusal_of_day: DayRefusal

    def refusal_of_item(self, item: str) -> str | None:
        """Why no ledger brings this item in, or null."""
        if item in self.elsewhere:
            return self.elsewhere[item]
        return None if item in self.items else f"规则集里没有“{item}”，或这一项不收台账"

    def refusal_of_value(self, item: str, kind: str, value: Any) -> str | None:
        """Why a value of good shape does not fit the item's own scale, or null."""
        if kind == "points" and item in self.most and Fraction(value) > self.most[item]:
            return f"{item} 最高 {plain(self.most[item])} 分，不能登记 {value} 分；请核对小数点"
        if kind == "level" and item in self.levels and value not in self.levels[item]:
            known = "、".join(f"{code}（{name}）" for code, name in self.levels[item].items())
            return f"{item} 没有“{value}”这一档，可写 {known}"
        return None


@dataclass(frozen=True, slots=True)
class Known:
    """A line of the ledger that stands: what a row says, and in ``told`` when and by whom it was brought in."""

    unit: str
    item: str
    kind: str
    value: Any
    on: date
    reason: str
    url: str
    told: str


def repeats(lines: Sequence[Line], known: Iterable[Known]) -> list[Fault]:
    """Rows that say again, or say otherwise, what another row or a standing line of the ledger says.

    Counted twice, one fault would cost twice; of two values of one day the last would count without a word.
    """
    said = {_says(one): one.told for one in known}
    valued = {_place(one): (one.value, one.told) for one in known if one.kind in _ONE_A_DAY}
    faults: list[Fault] = []
    for line in lines:
        row = Known(
            line.unit, line.item, line.kind, line.value, day_of(line.observed_at), line.reason, line.url,
            f"第 {line.number} 行",
        )  # fmt: skip
        first, other = said.get(_says(row)), valued.get(_place(row))
        if first is not None:
            faults.append(
                Fault(line.number, "行", f"与{first}完全相同；确是另一件的，请在理由里写明是哪一件")
            )
        elif line.kind in _ONE_A_DAY and other is not None and other[0] != line.value:
            words = f"与{other[1]}是同一单位、同一指标、同一天，取值不同；只留一行，台账里的先撤回再导入"
            faults.append(Fault(line.number, "取值", words))
        said.setdefault(_says(row), row.told)
        if line.kind in _ONE_A_DAY:
            valued.setdefault(_place(row), (row.value, row.told))
    return faults


def _says(one: Known) -> tuple[str, ...]:
    value = json.dumps(one.value, sort_keys=True)
    return (one.unit, one.item, one.kind, value, one.on.isoformat(), one.reason.strip(), one.url.strip())


def _place(one: Known) -> tuple[str, str, date]:
    return one.unit, one.item, one.on


def _row(
    number: int, row: Mapping[str, str], units: set[str], rules: _Rules, today: date
) -> tuple[Line | None, list[Fault]]:
    faults: list[Fault] = []

    def wrong(column: str, message: str) -> None:
        faults.append(Fault(number, column, message))

    unit, item = row.get("unit", ""), row.get("item", "")
    if unit not in units:
        wrong("单位代码", f"名录里没有“{unit}”")
    kind = KINDS.get(row.get("kind", ""), row.get("kind", ""))
    no_item = rules.refusal_of_item(item)
    if no_item:
        wrong("指标", no_item)
    elif kind not in rules.items[item]:
        names = [name for name, code in KINDS.items() if code in rules.items[item]]
        wrong("种类", f"{item} 只收 {'、'.join(names)}")
    value: Any = None
    if not faults:
        try:
            value = _value(kind, row.get("value", ""))
        except ObservationError as error:
            wrong("取值", str(error).split("：", 1)[-1])
        no_value = rules.refusal_of_value(item, kind, value) if value is not None else None
        if no_value:
            wrong("取值", no_value)
    day = table_day(row.get("observed_on", ""))
    if day is None:
        wrong("观察日期", day_fault(row.get("observed_on", ""), "日期应形如 2025-03-01，数字用半角"))
    elif day > today:
        wrong("观察日期", "不能晚于今天")
    elif no_item is None and (no_day := rules.refusal_of_day(item, day)):
        wrong("观察日期", no_day)
    url = row.get("url", "")
    if url and not _ADDRESS.match(url):
        wrong("依据网址", "应以 http:// 或 https:// 开头")
    if faults or day is None:
        return None, faults
    return Line(number, unit, item, kind, value, datetime.combine(day, _NOON), row.get("reason", ""), url), []


def _value(kind: str, text: str) -> Any:
    """The cell in the form that the ledger keeps. Raises ``ObservationError`` in the words of the table."""
    value = _read(kind, text)
    if value is None:
        wide = "；数字请用半角" if half_width(text) != text else ""
        raise ObservationError("value", f"{WANTED[kind]}，现在是“{text}”{wide}" if text else WANTED[kind])
    return check_value(kind, value)


def _read(kind: str, text: str) -> Any:
    if kind == "verdict":
        word = VERDICTS.get(text, text)
        return word if word in VERDICTS.values() else None
    if kind == "count":
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
    if kind == "ratio":
        found = _RATIO.fullmatch(text)
        whole = found and int(found[1]) <= int(found[2])
        return {"done": int(found[1]), "of": int(found[2])} if found and whole else None
    return text or None


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return str(cell).strip() if cell is not None else ""
