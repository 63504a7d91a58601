"""Units: who is assessed, as a CSV file of outsiders and officials alike."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

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


class UnitsError(ValueError):
    """A units file that cannot be used: ``line`` (1 is the header) and ``field`` say where."""

    def __init__(self, line: int, field: str, message: str) -> None:
        super().__init__(f"第 {line} 行 {field}：{message}")
        self.line, self.field, self.message = line, field, message


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
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    if "code" not in header:
        raise UnitsError(1, "code", "缺这一列")
    doubled = [name for name, times in Counter(header).items() if times > 1]
    if doubled:
        raise UnitsError(1, doubled[0], "这一列出现了两次")
    unknown = [name for name in header if name and name not in COLUMNS]
    warnings = [f"不认识的列 {name}，原样保留{_meant(name, header)}" for name in unknown]
    units: list[Unit] = []
    seen: set[str] = set()
    for number, row in enumerate(reader, start=2):
        unit = _unit(
            number,
            {
                key: (value or "").strip()
                for key, value in row.items()
                if isinstance(key, str) and not isinstance(value, list)
            },
            unknown,
        )
        if unit.code in seen:
            raise UnitsError(number, "code", f"代码 {unit.code} 重复")
        seen.add(unit.code)
        units.append(unit)
    return units, warnings


def _meant(name: str, header: Sequence[str]) -> str:
    """The known column that a misspelt one resembles, unless the file has that too."""
    close = get_close_matches(name.lower(), [one for one in COLUMNS if one not in header], n=1, cutoff=4 / 5)
    return f"；是不是 {close[0]}" if close else ""


def _unit(line: int, row: dict[str, str], unknown: list[str]) -> Unit:
    if not row.get("code"):
        raise UnitsError(line, "code", "不能空")
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
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UnitsError(line, field, "日期应形如 2025-01-31") from None


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
