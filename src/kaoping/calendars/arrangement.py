"""The yearly arrangement (部分节假日安排的通知) as a file: read strictly, everything that is wrong named at once.

Two forms, the same content: JSON ``{"years": [2027], "source": "…", "days": [{"date", "working", "name"}]}`` and CSV with the columns
``date,working,name`` (or 日期,上班,名称). A year is stated whole: the file lists the days that differ from the ordinary week, all others
are ordinary. CSV carries no years: it states those whose 1 January it lists (元旦 always rests), or else the one of most of its dates;
its source stands in a column ``source`` or is given beside the file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from kaoping.calendars.days_sheet import ARRANGEMENT, LONGEST_NAME, LONGEST_SOURCE, lines_of, writable
from kaoping.calendars.festivals import MOON, festivals
from kaoping.calendars.table import SATURDAY, CalendarTable, Day, DayKind, table_of
from kaoping.foreign import strict_csv
from kaoping.foreign.days import day_fault, strict_day
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.sheet import Fault, Offered, Rows, lay_out
from kaoping.foreign.sheet.texts import decoded

FIRST_YEAR: Final = 2004
LAST_YEAR: Final = 2100
MAX_BYTES: Final = 200_000
MAX_DAYS: Final = 2000  # some thirty a year

_WEEKDAYS: Final = "一二三四五六日"


_NO_DAY: Final = "没有一天。请按通知逐日列出放假和补班的日期"
_HOW: Final = "第一行写 日期,上班,名称，或者不写这一行、从第一天写起"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what to do about it, with the line (CSV) and the field."""

    text: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = "，".join(
            part
            for part in (
                f"第 {self.line} 行" if self.line is not None else "",
                self.field or "",
            )
            if part
        )
        return f"{place}：{self.text}" if place else self.text


class ArrangementError(ValueError):
    """The file states no arrangement; ``problems`` names everything at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("；".join(str(one) for one in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the notice says of its years. ``source`` is its number, '' while nobody named it."""

    years: tuple[int, ...]
    source: str
    days: tuple[Day, ...]

    @property
    def years_words(self) -> str:
        """Its years as they are said: 2026、2027."""
        return "、".join(map(str, self.years))

    def table(self) -> CalendarTable:
        """The years in the form that a calendar reads."""
        return table_of(self.years, self.days)

    def warnings(self) -> list[str]:
        """What is unlikely, though possible: festivals that work, rest that is too short or too long, days without a name."""
        return [words for year in self.years for words in _warnings(self.table(), year)]


def read_arrangement(content: bytes, *, source: str = "") -> Arrangement:
    """An uploaded or typed file, JSON or CSV, in UTF-8 (with or without BOM) or GB18030. Raises ``ArrangementError``."""
    if len(content) > MAX_BYTES:
        raise ArrangementError([Problem(f"文件超过 {MAX_BYTES // 1000} KB，不像一年的放假安排。请核对文件")])
    text = _text(content)
    if not glyphs(text):
        raise ArrangementError([Problem("没有内容。请按通知逐日列出放假和补班的日期")])
    found = _from_json(text) if text.lstrip().startswith(("{", "[")) else _from_csv(text)
    given = source.strip()
    if not writable(given, LONGEST_SOURCE):
        raise ArrangementError([Problem(f"依据应为一行文字，不超过 {LONGEST_SOURCE} 个字", field="source")])
    return Arrangement(found.years, given or found.source, found.days)


def table_from_json(data: Mapping[str, Any]) -> CalendarTable:
    """The table of an arrangement in its JSON form. Raises ``ArrangementError`` naming the fields."""
    return _arrangement(data).table()


def table_to_json(table: CalendarTable, source: str | None = None) -> dict[str, Any]:
    """The file form of a table, as ``read_arrangement`` reads it."""
    return {
        "years": sorted(table.years),
        "source": source,
        "days": [
            {"date": day.isoformat(), "working": entry.works, "name": entry.name}
            for day, entry in sorted(table.exceptions.items())
        ],
    }


def days_as_csv(days: Sequence[Day]) -> str:
    """The days one a line, for a form that somebody goes on writing in."""
    lines = [f"{day.date.isoformat()},{'上班' if day.works else '放假'},{day.name or ''}" for day in days]
    return "\n".join(["日期,上班,名称", *lines]) + "\n"


def _text(content: bytes) -> str:
    text = decoded(content)
    if text is None:
        raise ArrangementError([Problem("文字编码读不懂。请另存为 UTF-8 的 CSV 或 JSON")])
    return text


def _from_json(text: str) -> Arrangement:
    doubled: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _value in found]
        doubled.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(found)

    try:
        data = json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise ArrangementError([Problem("不是 JSON。请核对括号、引号和逗号", line=line)]) from None
    if doubled:
        raise ArrangementError(
            [Problem("同一个键写了两次。请只留一个", field=_shown(name)) for name in doubled]
        )
    if not isinstance(data, dict):
        raise ArrangementError([Problem('应为 JSON 对象，如 {"years": [2027], "source": "…", "days": []}')])
    return _arrangement(data)


def _arrangement(data: Mapping[str, Any]) -> Arrangement:
    """Everything wrong with the object, or what it says."""
    problems = [
        Problem("不认识这个键。可用的是 years、source、days", field=_shown(str(key)))
        for key in data
        if key not in ("years", "source", "days")
    ]
    years = data.get("years")
    if (
        not isinstance(years, list)
        or not years
        or not all(isinstance(year, int) and not isinstance(year, bool) for year in years)
    ):
        problems.append(Problem("应为年份的数组，如 [2027]", field="years"))
        years = []
    problems += _wrong_years(years)
    source = data.get("source")
    if source is not None and not isinstance(source, str):
        problems.append(Problem("应为文本，写明通知的文号", field="source"))
        source = None
    if source is not None and not writable(source, LONGEST_SOURCE):
        problems.append(Problem(f"应为一行文字，不超过 {LONGEST_SOURCE} 个字", field="source"))
    entries = data.get("days", [])
    if not isinstance(entries, list):
        problems.append(Problem("应为数组", field="days"))
        entries = []
    if len(entries) > MAX_DAYS:
        raise ArrangementError([Problem(f"超过 {MAX_DAYS} 天，不像放假安排。请核对文件", field="days")])
    days: list[tuple[str, int | None, Day]] = []
    for number, entry in enumerate(entries, start=1):
        place = f"days 第 {number} 项"
        found = _json_day(entry, place)
        if isinstance(found, Day):
            days.append((place, None, found))
        else:
            problems += found
    elsewhere = (
        "通知跨年的，把 {year} 也写进 years，并列全该年的安排（kaoping calendar show {year} --json 可以导出）"
    )
    problems += _wrong_days(days, frozenset(years), elsewhere)
    if problems:
        raise ArrangementError(problems)
    return Arrangement(
        tuple(sorted(years)), (source or "").strip(), tuple(day for _place, _line, day in days)
    )


def _json_day(entry: Any, place: str) -> Day | list[Problem]:
    if not isinstance(entry, Mapping):
        return [Problem('应为对象，如 {"date": "2027-01-01", "working": false, "name": "元旦"}', field=place)]
    wrong = [
        Problem("不认识这个键。可用的是 date、working、name", field=f"{place}的 {_shown(str(key))}")
        for key in entry
        if key not in ("date", "working", "name")
    ]
    working, name = entry.get("working"), entry.get("name")
    if not isinstance(working, bool):
        wrong.append(Problem("应为 true（上班）或 false（放假）", field=f"{place}的 working"))
    if name is not None and not (isinstance(name, str) and writable(name, LONGEST_NAME)):
        wrong.append(Problem(f"应为一行文字，不超过 {LONGEST_NAME} 个字", field=f"{place}的 name"))
    given = entry.get("date")
    day = strict_day(given)
    if day is None:
        wrong.append(Problem(day_fault(given, "应为日期，如 2027-01-01"), field=f"{place}的 date"))
    if wrong or day is None:
        return wrong
    return _day(day, bool(working), name)


def _from_csv(text: str) -> Arrangement:
    try:
        lines = lines_of(text)
    except strict_csv.CsvFault as error:
        raise ArrangementError([Problem(f"{error.message}。请{error.remedy}", line=error.line)]) from None
    if not lines:
        raise ArrangementError([Problem(_NO_DAY)])
    if len(lines) > MAX_DAYS + 1:
        raise ArrangementError([Problem(f"超过 {MAX_DAYS} 行，不像放假安排。请核对文件")])
    found = lay_out(Offered(lines=lines), ARRANGEMENT)
    if found.faults and not found.rows:
        raise ArrangementError([_problem(one, found) for one in found.faults])
    cells = dict(lines)
    width = len(cells[found.head.number])
    problems = [_problem(one, found) for one in found.faults]
    days: list[tuple[str, int | None, Day]] = []
    sources: dict[str, int] = {}
    for row in found.rows:
        if len(cells[row.number]) < width:
            words = f"有 {len(cells[row.number])} 格，应为 {width} 格"
            problems = [one for one in problems if one.line != row.number]
            problems.append(Problem(words, line=row.number))
            continue
        if source := row.values.get("source"):
            sources.setdefault(source, row.number)
        if row.sound:
            day = _day(row.values["date"], row.values["working"], row.values.get("name"))
            days.append((found.head.written["date"], row.number, day))
    if len(sources) > 1:
        words = "同一个文件写了两个依据。请分成两个文件"
        problems.append(Problem(words, line=max(sources.values()), field=found.head.written["source"]))
    years = _stated_years([day.date for _place, _line, day in days])
    elsewhere = "跨年的通知，{year} 年那几天到 {year} 年的安排里录入；请核对年份"
    problems += [*_wrong_years(years, "年份"), *_wrong_days(days, frozenset(years), elsewhere)]
    if not found.rows:
        problems.append(Problem(_NO_DAY))
    if problems:
        raise ArrangementError(problems)
    return Arrangement(tuple(years), next(iter(sources), ""), tuple(day for _place, _line, day in days))


def _problem(fault: Fault, found: Rows) -> Problem:
    """A fault of the table, said under the heading that the file itself has."""
    above = fault.place.number == found.head.number
    remedy = _HOW if above and fault.key and fault.key not in found.head.written else fault.remedy
    words = f"{fault.message}。{remedy}".rstrip("。")
    field = None if above else found.head.written.get(fault.key)
    return Problem(words, line=fault.place.number or None, field=field)


def _stated_years(dates: Sequence[date]) -> list[int]:
    """A stray day of the year before must not restate that year as one without holidays."""
    begun = {day.year for day in dates if (day.month, day.day) == (1, 1)}
    return sorted(begun) or [year for year, _n in Counter(day.year for day in dates).most_common(1)]


def _shown(text: str) -> str:
    """Somebody's words inside a message that may reach a terminal."""
    return "".join(one if one.isprintable() else "�" for one in text[:20])


def _day(day: date, working: bool, name: str | None) -> Day:
    weekend = day.weekday() >= SATURDAY
    name = (name or "").strip() or None
    if working:
        return Day(day, DayKind.MAKE_UP if weekend else DayKind.WORKING, name)
    return Day(day, DayKind.WEEKEND if weekend and not name else DayKind.HOLIDAY, name)


def _wrong_years(years: Sequence[int], field: str = "years") -> list[Problem]:
    wrong = [
        Problem(f"{year} 年不在 {FIRST_YEAR} 到 {LAST_YEAR} 年之间", field=field)
        for year in dict.fromkeys(years)
        if not FIRST_YEAR <= year <= LAST_YEAR
    ]
    return wrong + [
        Problem(f"{year} 年写了两次", field=field) for year in dict.fromkeys(years) if years.count(year) > 1
    ]


def _wrong_days(
    days: Sequence[tuple[str, int | None, Day]], years: frozenset[int], elsewhere: str
) -> Iterator[Problem]:
    """Days stated twice, outside the years (``elsewhere``: where they go), and "make-up" work on a day that works anyway."""
    seen: set[date] = set()
    for place, line, entry in days:
        day = entry.date
        if day in seen:
            yield Problem(f"{day.isoformat()} 列了两次。请只留一次", line, place)
        seen.add(day)
        if day.year not in years:
            yield Problem(
                f"{day.isoformat()} 不在所写的年份里。{elsewhere.format(year=day.year)}",
                line,
                place,
            )
        if entry.kind is DayKind.WORKING:
            weekday = _WEEKDAYS[day.weekday()]
            yield Problem(
                f"{day.isoformat()} 是星期{weekday}，本来就上班，不能列为补班。请核对日期", line, place
            )


def _warnings(table: CalendarTable, year: int) -> Iterator[str]:
    if year in MOON:
        for day, name in festivals(year):
            if table.day(day).works:
                yield f"{day.isoformat()} 是{name}，法定放假，安排里却上班。请核对"
    elif year > FIRST_YEAR and table.day(date(year, 1, 1)).works:
        yield f"{year}-01-01 是元旦，法定放假，安排里却上班。请核对"
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    rest = sum(not table.day(day).works and day.weekday() < SATURDAY for day in days if day.year == year)
    work = sum(table.day(day).works and day.weekday() >= SATURDAY for day in days if day.year == year)
    if year in MOON and rest - work != len(festivals(year)):
        yield (
            f"{year} 年放假占用的工作日减去补班是 {rest - work} 天，法定节日是 {len(festivals(year))} 天，对不上。"
            "请核对是否漏列放假或补班"
        )
    nameless = [day.date.isoformat() for day in table.days_of(year) if not day.name]
    if nameless:
        yield f"没有写节日名称：{'、'.join(nameless[:5])}{' 等' if len(nameless) > 5 else ''}"
