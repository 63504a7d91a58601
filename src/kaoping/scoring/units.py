"""Units: who is assessed, as a CSV file of outsiders and officials alike."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from kaoping.foreign import strict_csv
from kaoping.foreign.codes import code_fault, unseen_fault
from kaoping.foreign.days import day_fault, strict_day

COLUMNS: Final = (
    "code",
    "name",
    "short_name",
    "kind",
    "parent",
    "leading_department",
    "group",
    "valid_from",
    "valid_to",
    "participates",
    "successor",
    "site_url",
    "site_id_code",
)
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


_OUTSIDE: Final = "。不参评的上级可以不列，不影响计分；如是笔误请改正"
_LINKS: Final = ("parent", "leading_department", "successor")


class UnitsError(ValueError):
    """A units file that cannot be used: ``line`` (1 is the header) and ``field`` say where, ``remedy`` what to do."""

    def __init__(self, line: int, field: str, message: str, remedy: str = "改正这一格") -> None:
        super().__init__(f"第 {line} 行 {field}：{message}")
        self.line, self.field, self.message, self.remedy = line, field, message, remedy


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
    """Units and warnings (columns that are kept but not understood). A BOM is accepted. Raises ``UnitsError``."""
    numbered, warnings = read_numbered_units(text)
    return [unit for _line, unit in numbered], warnings


def read_numbered_units(text: str) -> tuple[list[tuple[int, Unit]], list[str]]:
    """Units with the lines where their rows begin, and warnings. Raises ``UnitsError``."""
    try:
        table = list(strict_csv.rows(text))
    except strict_csv.CsvFault as error:
        raise UnitsError(error.line, "", error.message, error.remedy) from None
    header = [name.strip() for name in table[0][1]] if table else []
    if "code" not in header:
        raise UnitsError(1, "code", "缺这一列", "第一行写列名，至少要有 code")
    doubled = [name for name, times in Counter(header).items() if name and times > 1]
    if doubled:
        raise UnitsError(1, doubled[0], "这一列出现了两次", "删去一列")
    unknown = [name for name in header if name and name not in COLUMNS]
    warnings = [f"不认识的列 {name}，原样保留{_meant(name, header)}" for name in unknown]
    units: list[tuple[int, Unit]] = []
    seen: set[str] = set()
    for number, cells in table[1:]:
        if len(cells) > len(header):
            raise UnitsError(
                number,
                "",
                f"有 {len(cells)} 格，表头只有 {len(header)} 列，后面的单元格都错了位",
                "含逗号的文字整格加引号",
            )
        if any(cell.strip() for name, cell in zip(header, cells, strict=False) if not name):
            raise UnitsError(
                number, "", "有一格在没有列名的列里", "给那一列写上列名，或清空；含逗号的文字整格加引号"
            )
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
        unit = _unit(number, row, unknown)
        if unit.code in seen:
            raise UnitsError(number, "code", f"代码 {unit.code} 重复", "每个单位只留一行")
        seen.add(unit.code)
        units.append((number, unit))
    return units, warnings


def refuse_slips(numbered: Sequence[tuple[int, Unit]], *, whole: bool) -> list[str]:
    """Refuse what a list that somebody writes today may not say; frozen lists are read without this. Raises ``UnitsError``.

    Codes that only look like codes, an end before the beginning, a link to itself or round to itself, and, when the list
    is the ``whole`` register, a link to a unit that is not in it. Otherwise such links come back as warnings, but for the
    ``parent`` that most of them name: the list of a bundle holds the assessed units, and the government above them is none.
    """
    units = {unit.code: unit for _line, unit in numbered}
    loose: dict[tuple[str, str], list[int]] = {}
    for line, unit in numbered:
        for name in ("code", *_LINKS):
            code = getattr(unit, name)
            fault = code_fault(code) if code is not None else None
            if fault:
                raise UnitsError(line, name, f"代码{fault}", "代码只用文字、数字、横线和点")
        fault = unseen_fault(unit.site_id_code or "")
        if fault:
            raise UnitsError(line, "site_id_code", fault, "写 10 位网站标识码")
        if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
            raise UnitsError(
                line, "valid_to", f"{unit.valid_to} 早于 valid_from {unit.valid_from}", "核对两个日期"
            )
        for name in _LINKS:
            code = getattr(unit, name)
            if code is not None and code not in units:
                if whole:
                    raise UnitsError(
                        line,
                        name,
                        f"单位表里没有代码 {code}",
                        "改正代码，补上这个单位（不参评的写 participates=no），或留空",
                    )
                loose.setdefault((name, code), []).append(line)
            elif code is not None and _comes_back(units, name, unit.code):
                raise UnitsError(line, name, f"{code} 又绕回了 {unit.code}", "改成真正的单位，或留空")
    above = max((key for key in loose if key[0] == "parent"), key=lambda key: len(loose[key]), default=None)
    return [
        f"{_of_lines(lines)} {name}：单位表里没有 {code}{_OUTSIDE if name == 'parent' else ''}"
        for (name, code), lines in loose.items()
        if (name, code) != above
    ]


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


def _meant(name: str, header: Sequence[str]) -> str:
    """The known column that a misspelt one resembles, unless the file has that too."""
    close = get_close_matches(name.lower(), [one for one in COLUMNS if one not in header], n=1, cutoff=4 / 5)
    return f"；是不是 {close[0]}" if close else ""


def _unit(line: int, row: dict[str, str], unknown: list[str]) -> Unit:
    if not row.get("code"):
        raise UnitsError(line, "code", "不能空", "每个单位要有一个代码")
    if row.get("kind", "") not in ("", *KINDS):
        raise UnitsError(line, "kind", f"应为 {'、'.join(KINDS)} 之一")
    participates = _YES.get(row.get("participates", "").lower())
    if participates is None:
        raise UnitsError(line, "participates", "应为 yes 或 no")
    return Unit(
        code=row["code"],
        name=row.get("name") or row["code"],
        short_name=row.get("short_name") or row.get("name") or row["code"],
        kind=row.get("kind", ""),
        parent=row.get("parent") or None,
        leading_department=row.get("leading_department") or None,
        group=row.get("group") or None,
        valid_from=_date(line, "valid_from", row.get("valid_from")),
        valid_to=_date(line, "valid_to", row.get("valid_to")),
        participates=participates,
        successor=row.get("successor") or None,
        site_url=row.get("site_url") or None,
        site_id_code=row.get("site_id_code") or None,
        extra=tuple((name, row.get(name, "")) for name in unknown),
    )


def _date(line: int, field: str, value: str | None) -> date | None:
    if not value:
        return None
    day = strict_day(value)
    if day is None:
        raise UnitsError(line, field, day_fault(value, "日期应形如 2025-01-31"))
    return day


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
