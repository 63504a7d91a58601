"""The roster (CSV or XLSX) as a declared sheet, and what its rows mean together. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from kaoping.foreign import sheet
from kaoping.foreign.sheet import Column, Fault, Place, Sheet, Wrong, read_cell
from kaoping.patterns import linear
from kaoping.registry.logic import KINDS, cycle
from kaoping.support import tables
from kaoping.support.tables import MAX_BYTES

__all__ = [
    "FIELDS",
    "MAX_BYTES",
    "ROSTER",
    "Roster",
    "Row",
    "cross_check",
    "fault",
    "out_of_order",
    "parse",
    "read_roster",
]
_LINKS: Final = ("parent", "leading_department", "successor")
_WHO: Final = {"parent": "上级单位", "leading_department": "主管部门", "successor": "承接单位"}
_SITE_CODE: Final = linear(r"[0-9A-Za-z]{10}")


def _no_site(text: str) -> str | None:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    return None if good else f"“{sheet.shown(text)}”不是网址"


def _no_site_code(text: str) -> str | None:
    return None if _SITE_CODE.fullmatch(text) else f"“{sheet.shown(text)}”不是网站标识码"


ROSTER: Final = Sheet(
    "单位名录",
    (
        Column(
            "code",
            ("单位代码", "code"),
            "code",
            required=True,
            filled=True,
            remedy="每个单位要有一个代码，只用字母、数字、横线、点，不超过 40 个字符，例如 CZ-D03。",
        ),
        Column("name", ("单位名称", "name"), required=True, filled=True, most=120, remedy="请填单位全称。"),
        Column("short_name", ("简称", "short_name"), most=60),
        Column(
            "kind",
            ("类别", "kind"),
            "choice",
            required=True,
            filled=True,
            words={label: kind for kind, label in KINDS.items()},
        ),
        Column("parent", ("上级单位代码", "parent"), "code"),
        Column("leading_department", ("主管部门代码", "leading_department"), "code"),
        Column("group", ("分组", "group"), most=60),
        Column("valid_from", ("设立日期", "valid_from"), "date", empty=None),
        Column("valid_to", ("撤销日期", "valid_to"), "date", empty=None),
        Column("participates", ("参评", "participates"), "yes-no", empty=True),
        Column("successor", ("承接单位代码", "successor"), "code"),
        Column(
            "site_url",
            ("网站地址", "site_url"),
            most=300,
            refusal=_no_site,
            remedy="请写完整网址，以 http:// 或 https:// 开头。",
        ),
        Column(
            "site_id_code",
            ("网站标识码", "site_id_code"),
            refusal=_no_site_code,
            remedy="网站标识码是 10 位，见网站底部。",
        ),
    ),
    row="每行写一个单位",
    unknown="原样保留在备注里，不参与考核",
)
# Field of the file format: what the office calls it.
FIELDS: Final[dict[str, str]] = {one.key: one.heading for one in ROSTER.columns}


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation as it is given. ``values`` holds only the columns that the file, or the form, has.

    ``row`` is where it stands in the file, null for a form.
    """

    code: str
    values: Mapping[str, Any]
    extra: Mapping[str, str] = field(default_factory=dict)
    row: sheet.Row | None = None

    def fault(self, name: str, message: str, remedy: str) -> Fault:
        """What is wrong with one of its fields."""
        return self.row.fault(name, message, remedy) if self.row else fault(name, message, remedy)


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file holds: rows in order, faults, notes in words."""

    rows: list[Row]
    faults: list[Fault]
    notes: tuple[str, ...]


def fault(name: str, message: str, remedy: str) -> Fault:
    """What is wrong with a field of a form."""
    return Fault(Place(heading=FIELDS.get(name, name)), name, message, remedy)


def read_roster(filename: str, content: bytes) -> Roster:
    """Read a file by itself; ``cross_check`` then compares it with the register."""
    found = tables.read(content, filename, ROSTER)
    faults, rows = list(found.faults), []
    for one in found.rows:
        if one.values:
            values = _with_short_name(one.values)
            row = Row(str(values.get("code", "")), values, one.extra, one)
            faults += _together(row)
            rows.append(row)
    return Roster(rows, faults, found.notes)


def parse(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Turn the fields of one organisation, from a form, into values, each by its column's rule; only the fields given."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, cell in given.items():
        try:
            values[name] = read_cell(ROSTER.column(name), cell)
        except Wrong as wrong:
            faults.append(fault(name, wrong.message, wrong.remedy))
    values = _with_short_name(values)
    return values, [*faults, *_together(Row("", values))]


def _with_short_name(values: Mapping[str, Any]) -> dict[str, Any]:
    """Who has no short name is called by the whole one."""
    if "short_name" in values and not values["short_name"]:
        return {**values, "short_name": str(values.get("name", ""))[:60]}
    return dict(values)


def _together(row: Row) -> list[Fault]:
    """What two fields of one organisation say against each other."""
    faults = []
    start, end = row.values.get("valid_from"), row.values.get("valid_to")
    if start and end and end < start:
        faults.append(row.fault("valid_to", "早于设立日期", "请核对两个日期。"))
    if row.values.get("successor") and "valid_to" in row.values and end is None:
        faults.append(row.fault("valid_to", "有承接单位却没有撤销日期", "请填撤销日期，或删去承接单位。"))
    return faults


def cross_check(rows: list[Row], stored: Mapping[str, Mapping[str, str]]) -> list[Fault]:
    """Faults between rows, and between rows and the register (``stored``: code to its link fields)."""
    faults = []
    first: dict[str, Row] = {}
    for row in rows:
        if row.code and row.code in first:
            there = first[row.code].row
            words = f"与{there.place()}重复" if there else "重复"
            faults.append(row.fault("code", words, "每个单位只留一行。"))
        first.setdefault(row.code, row)
    known = set(stored) | set(first)
    merged = {
        name: {code: links.get(name, "") for code, links in stored.items()}
        | {row.code: row.values[name] for row in rows if name in row.values}
        for name in _LINKS
    }
    for row in rows:
        for name in _LINKS:
            target = row.values.get(name)
            if target and target not in known:
                faults.append(row.fault(name, f"名录里没有代码 {target}", "请先加入该单位，或改正代码。"))
            elif target and cycle(merged[name], row.code):
                faults.append(row.fault(name, "绕回了自己", f"请改成真正的{_WHO[name]}。"))
    return faults


def out_of_order(rows: list[Row], stored: Mapping[str, tuple[date | None, date | None]]) -> list[Fault]:
    """Rows that bring one date only, which comes before or after the other one in the register (``stored``: from, to)."""
    faults = []
    for row in rows:
        given = {"valid_from", "valid_to"} & row.values.keys()
        start, end = stored.get(row.code, (None, None))
        start, end = row.values.get("valid_from", start), row.values.get("valid_to", end)
        if len(given) == 1 and start and end and end < start:
            words = f"撤销日期 {end} 早于设立日期 {start}"
            # Said at the date that the file brings: the other one has no cell.
            faults.append(row.fault(given.pop(), words, "请核对名录里的日期。"))
    return faults
