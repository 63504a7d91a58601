"""Units: who is assessed, as a CSV file of outsiders and officials alike."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kaoping.foreign import strict_csv
from kaoping.foreign.codes import code_fault, unseen_fault
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.sheet import Column, Fault, Offered, Place, Sheet, lay_out
from kaoping.foreign.sheet.texts import delimiter_of

KINDS: Final = (
    "government",
    "district_government",
    "department",
    "field_office",
    "authorised_body",
    "institution",
    "public_institution",
    "public_enterprise",
    "township",
    "subdistrict",
    "vertical",
)
_YES: Final = {
    "yes": True,
    "true": True,
    "1": True,
    "是": True,
    "": True,
    "no": False,
    "false": False,
    "0": False,
    "否": False,
}


def _text(key: str) -> Column:
    return Column(key, (key,), lines=True)


UNITS: Final = Sheet(
    "单位表",
    (
        Column("code", ("code",), required=True, filled=True, lines=True, remedy="每个单位要有一个代码。"),
        _text("name"),
        _text("short_name"),
        Column("kind", ("kind",), "choice", words={kind: kind for kind in KINDS}),
        _text("parent"),
        _text("leading_department"),
        _text("group"),
        Column("valid_from", ("valid_from",), "date", exact=True, empty=None),
        Column("valid_to", ("valid_to",), "date", exact=True, empty=None),
        Column("participates", ("participates",), "yes-no", words=_YES, empty=True),
        _text("successor"),
        _text("site_url"),
        _text("site_id_code"),
    ),
    row="",
    unknown="原样保留",
)
COLUMNS: Final = tuple(one.key for one in UNITS.columns)
_OUTSIDE: Final = "。不参评的上级可以不列，不影响计分；如是笔误请改正"
_LINKS: Final = ("parent", "leading_department", "successor")


class UnitsError(ValueError):
    """A units file that cannot be used: everything that is wrong with it.

    ``line`` (1 is the header), ``field``, ``message`` and ``remedy`` are those of the first fault, ``faults`` has all.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        self.line, self.field, self.message = first.place.number or 1, first.key, first.message
        self.remedy = first.remedy.removesuffix("。") or "改正这一格"
        self.faults = tuple(faults)
        super().__init__(f"第 {self.line} 行 {self.field}：{self.message}")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit; dates are null when open-ended. ``kind`` is empty when the file does not say it.

    ``extra`` are columns that this program does not know, kept as they are.
    """

    code: str
    name: str
    short_name: str
    kind: str
    parent: str | None = None
    leading_department: str | None = None
    group: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    participates: bool = True
    successor: str | None = None
    site_url: str | None = None
    site_id_code: str | None = None
    extra: tuple[tuple[str, str], ...] = ()


def read_units_csv(text: str) -> tuple[list[Unit], list[str]]:
    """Units and warnings (columns that are kept but not understood) of a file as this program writes it. Raises ``UnitsError``.

    Its first row bears the names and commas part the cells: whoever else reads a bundle finds no other units in it.
    """
    numbered, warnings = _read(text, ",", titles=False)
    return [unit for _line, unit in numbered], warnings


def read_numbered_units(text: str) -> tuple[list[tuple[int, Unit]], list[str]]:
    """Units of a file that somebody wrote, with the lines where their rows begin, and warnings. Raises ``UnitsError``."""
    return _read(text, delimiter_of(text, UNITS.headings), titles=True)


def _read(text: str, delimiter: str, *, titles: bool) -> tuple[list[tuple[int, Unit]], list[str]]:
    try:
        lines = list(strict_csv.rows(text, delimiter))
    except strict_csv.CsvFault as error:
        raise UnitsError([Fault(Place(number=error.line), "", error.message, f"{error.remedy}。")]) from None
    found = lay_out(Offered(lines=lines), UNITS)
    cells = dict(lines)
    others = _others(cells.get(found.head.number, ()), {at for at, _name in found.head.columns.values()})
    faults = [*found.faults, *_twice(found.head.number, others)]
    if not titles and lines and found.head.number != lines[0][0]:
        faults.append(_wrong(lines[0][0], "code", "第一行没有列名 code", "第一行写列名，至少要有 code。"))
    units: list[tuple[int, Unit]] = []
    first: dict[str, int] = {}
    for row in found.rows:
        code = row.values.get("code")
        if code in first:
            faults.append(row.fault("code", f"代码 {code} 与第 {first[code]} 行重复", "每个单位只留一行。"))
        elif code:
            first[code] = row.number
        if row.sound:
            units.append((row.number, _unit(row.values, _extra(cells[row.number], others))))
    if faults:
        raise UnitsError(sorted(faults, key=lambda one: one.place.number or 1))
    return units, [one.removesuffix("。") for one in found.notes]


def _others(header: Sequence[str], known: set[int]) -> list[tuple[int, str]]:
    """The columns that are not declared, by their name as it is written: it leaves the program as it came."""
    return [(at, cell.strip()) for at, cell in enumerate(header) if at not in known and glyphs(cell)]


def _twice(line: int, others: Sequence[tuple[int, str]]) -> list[Fault]:
    return [
        Fault(Place(number=line, heading="列名"), name, "这一列出现了两次", "删去一列。")
        for name, times in Counter(name for _at, name in others).items()
        if times > 1
    ]


def _extra(cells: Sequence[str], others: Sequence[tuple[int, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, cells[at].strip() if at < len(cells) else "") for at, name in others)


def refuse_slips(numbered: Sequence[tuple[int, Unit]], *, whole: bool) -> list[str]:
    """Refuse what a list that somebody writes today may not say; frozen lists are read without this. Raises ``UnitsError``.

    Codes that only look like codes, an end before the beginning, a link to itself or round to itself, and, when the list
    is the ``whole`` register, a link to a unit that is not in it. Otherwise such links come back as warnings, but for the
    ``parent`` that most of them name: the list of a bundle holds the assessed units, and the government above them is none.
    """
    units = {unit.code: unit for _line, unit in numbered}
    faults: list[Fault] = []
    loose: dict[tuple[str, str], list[int]] = {}
    for line, unit in numbered:
        faults += _slips(line, unit)
        for name in _LINKS:
            code = getattr(unit, name)
            if code is not None and code not in units:
                loose.setdefault((name, code), []).append(line)
            elif code is not None and _comes_back(units, name, unit.code):
                faults.append(_wrong(line, name, f"{code} 又绕回了 {unit.code}", "改成真正的单位，或留空。"))
    if whole:
        faults += [
            _wrong(
                line,
                name,
                f"单位表里没有代码 {code}",
                "改正代码，补上这个单位（不参评的写 participates=no），或留空。",
            )
            for (name, code), lines in loose.items()
            for line in lines
        ]
    if faults:
        raise UnitsError(sorted(faults, key=lambda one: one.place.number or 1))
    above = max((key for key in loose if key[0] == "parent"), key=lambda key: len(loose[key]), default=None)
    return [
        f"{_of_lines(lines)} {name}：单位表里没有 {code}{_OUTSIDE if name == 'parent' else ''}"
        for (name, code), lines in loose.items()
        if (name, code) != above
    ]


def _slips(line: int, unit: Unit) -> Iterable[Fault]:
    """What one unit says wrongly by itself."""
    for name in ("code", *_LINKS):
        code = getattr(unit, name)
        fault = code_fault(code) if code is not None else None
        if fault:
            yield _wrong(line, name, f"代码{fault}", "代码只用文字、数字、横线和点。")
    fault = unseen_fault(unit.site_id_code or "")
    if fault:
        yield _wrong(line, "site_id_code", fault, "写 10 位网站标识码。")
    if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
        words = f"{unit.valid_to} 早于 valid_from {unit.valid_from}"
        yield _wrong(line, "valid_to", words, "核对两个日期。")


def _wrong(line: int, name: str, message: str, remedy: str) -> Fault:
    return Fault(Place(number=line, heading=name), name, message, remedy)


def _of_lines(lines: Sequence[int]) -> str:
    return f"第 {lines[0]} 行" + (f"等 {len(lines)} 行" if len(lines) > 1 else "")


def _comes_back(units: Mapping[str, Unit], name: str, start: str) -> bool:
    """Whether following one kind of link from a unit comes back to it."""
    seen: set[str] = set()
    code = getattr(units[start], name)
    while code in units and code not in seen:
        if code == start:
            return True
        seen.add(code)
        code = getattr(units[code], name)
    return False


def _unit(values: Mapping[str, Any], extra: tuple[tuple[str, str], ...]) -> Unit:
    code: str = values["code"]
    links = {name: values.get(name) or None for name in (*_LINKS, "group", "site_url", "site_id_code")}
    return Unit(
        code=code,
        name=values.get("name") or code,
        short_name=values.get("short_name") or values.get("name") or code,
        kind=values.get("kind", ""),
        valid_from=values.get("valid_from"),
        valid_to=values.get("valid_to"),
        participates=values.get("participates", True),
        extra=extra,
        **links,
    )


def write_units_csv(units: Iterable[Unit]) -> str:
    """The file form, without BOM, lines ended by a newline; unknown columns come last."""
    rows = list(units)
    extra = list(dict.fromkeys(name for unit in rows for name, _value in unit.extra))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *extra])
    for unit in rows:
        more = dict(unit.extra)
        writer.writerow(
            [*(_cell(getattr(unit, name)) for name in COLUMNS), *(more.get(name, "") for name in extra)]
        )
    return out.getvalue()


def _cell(value: str | date | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return value or ""
