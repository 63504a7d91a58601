"""A ledger kept elsewhere (依申请台账、要点分解表 …) as a table of observations of source ``register``. Pure.

An indicator whose module does not exist yet is fed this way.
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
from kaoping.foreign.days import strict_day
from kaoping.foreign.sheet import Column, Fault, Row, Rows, Sheet, shown
from kaoping.foreign.width import half_width
from kaoping.patterns import linear
from kaoping.scoring.observations import ObservationError, check_value

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
_DIGITS: Final = 30  # a longer number is no count, and reading it would take time
_NOON: Final = time(12, tzinfo=BEIJING)


def _no_address(text: str) -> str | None:
    return None if _ADDRESS.match(text) else f"“{shown(text)}”不是网址"


LEDGER: Final = Sheet(
    "台账",
    (
        Column("unit", ("单位代码",), required=True, filled=True, remedy="请填名录里的单位代码。"),
        Column("item", ("指标",), required=True, filled=True, remedy="请填指标的代码。"),
        # Which kinds an item takes, and what a value of each is, the rulebook says: see ``_Rules``.
        Column("kind", ("种类",), required=True, filled=True, remedy=f"请写 {'、'.join(KINDS)} 之一。"),
        Column("value", ("取值",), required=True, lines=True),
        Column(
            "observed_on",
            ("观察日期",),
            "date",
            required=True,
            filled=True,
            remedy="日期应形如 2025-03-01，数字用半角。",
        ),
        Column("reason", ("理由",), lines=True),
        Column(
            "url", ("依据网址",), lines=True, refusal=_no_address, remedy="应以 http:// 或 https:// 开头。"
        ),
    ),
    row="每件写一行",
    beside=True,
)

DayRefusal: TypeAlias = Callable[[str, date], str | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One row that can be recorded, and where it stands."""

    row: Row
    unit: str
    item: str
    kind: str
    value: Any
    observed_at: datetime
    reason: str
    url: str

    @property
    def number(self) -> int:
        """Its line in the file."""
        return self.row.number


def read_register(
    rows: Rows,
    *,
    units: Iterable[str],
    items: Mapping[str, tuple[str, ...]],
    today: date,
    most: Mapping[str, Fraction] | None = None,
    levels: Mapping[str, Mapping[str, str]] | None = None,
    elsewhere: Mapping[str, str] | None = None,
    refusal_of_day: DayRefusal = lambda _item, _day: None,
) -> tuple[list[Line], list[Fault]]:
    """Lines and faults of a table that was read as ``LEDGER``.

    ``items`` maps a code to the kinds it takes from source register; nothing after ``today``.
    ``most`` maps a code to the points that the item is worth: more would be cut without a word. ``levels`` maps a code to
    its levels with their names: another would count for nothing without a word. ``elsewhere`` maps a code that no ledger
    brings in to the words that say where it is entered. ``refusal_of_day`` says of an item and a day why nothing of that day
    is brought in any more.
    """
    known = set(units)
    rules = _Rules(items, most or {}, levels or {}, elsewhere or {}, refusal_of_day)
    found: list[Line] = []
    faults = list(rows.faults)
    for row in rows.rows:
        line, wrong = _line(row, known, rules, today)
        faults += wrong
        if line is not None:
            found.append(line)
    return found, sorted(faults, key=lambda one: one.place.number or 0)


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
            str(line.row.place()),
        )  # fmt: skip
        first, other = said.get(_says(row)), valued.get(_place(row))
        if first is not None:
            faults.append(line.row.fault("", f"与{first}完全相同", "确是另一件的，请在理由里写明是哪一件。"))
        elif line.kind in _ONE_A_DAY and other is not None and other[0] != line.value:
            words = f"与{other[1]}是同一单位、同一指标、同一天，取值不同"
            faults.append(line.row.fault("value", words, "只留一行，台账里的先撤回再导入。"))
        said.setdefault(_says(row), row.told)
        if line.kind in _ONE_A_DAY:
            valued.setdefault(_place(row), (row.value, row.told))
    return faults


def _says(one: Known) -> tuple[str, ...]:
    value = json.dumps(one.value, sort_keys=True)
    return (one.unit, one.item, one.kind, value, one.on.isoformat(), one.reason.strip(), one.url.strip())


def _place(one: Known) -> tuple[str, str, date]:
    return one.unit, one.item, one.on


def _line(row: Row, units: set[str], rules: _Rules, today: date) -> tuple[Line | None, list[Fault]]:
    """What a row says, and what the year says against it; cells that could not be read have their faults already."""
    faults: list[Fault] = []

    def wrong(key: str, message: str, remedy: str = "") -> None:
        faults.append(row.fault(key, message, remedy))

    texts: Mapping[str, str] = {key: row.values.get(key, "") for key in ("unit", "item", "kind")}
    unit, item, kind = texts["unit"], texts["item"], KINDS.get(texts["kind"], texts["kind"])
    day: date | None = row.values.get("observed_on")
    if unit and unit not in units:
        wrong("unit", f"名录里没有“{shown(unit)}”", "请改正代码，或先在单位名录里加入。")
    no_item = rules.refusal_of_item(item) if item else None
    known = bool(item) and no_item is None
    value: Any = None
    if no_item:
        wrong("item", no_item)
    if known and kind and kind not in rules.items[item]:
        names = [name for name, code in KINDS.items() if code in rules.items[item]]
        wrong("kind", f"{item} 只收 {'、'.join(names)}")
    elif known and kind:
        value, words = _value_or_words(rules, item, kind, row.texts["value"])
        if words:
            wrong("value", words)
    if day is not None and day > today:
        wrong("observed_on", "不能晚于今天")
    elif day is not None and known and (no_day := rules.refusal_of_day(item, day)):
        wrong("observed_on", no_day)
    if faults or not row.sound or day is None:
        return None, faults
    reason, url = row.values.get("reason", ""), row.values.get("url", "")
    return Line(row, unit, item, kind, value, datetime.combine(day, _NOON), reason, url), []


def _value_or_words(rules: _Rules, item: str, kind: str, text: str) -> tuple[Any, str | None]:
    try:
        value = _value(kind, text)
    except ObservationError as error:
        return None, str(error).split("：", 1)[-1]
    return value, rules.refusal_of_value(item, kind, value)


def _value(kind: str, text: str) -> Any:
    """The cell in the form that the ledger keeps. Raises ``ObservationError`` in the words of the table."""
    value = _read(kind, text)
    if value is None:
        wide = "；数字请用半角" if half_width(text) != text else ""
        if strict_day(text) is not None:
            wide = "；表格软件把它当成了日期，请把这一列设成文本格式再填"
        raise ObservationError(
            "value", f"{WANTED[kind]}，现在是“{shown(text)}”{wide}" if text else WANTED[kind]
        )
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
