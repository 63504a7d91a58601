"""Input files of the pure commands; every error names file, line, field and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from kaoping.beijing import end_of_day
from kaoping.calendars import MAX_BYTES, Arrangement, ArrangementError, read_arrangement
from kaoping.cli.errors import InputError
from kaoping.foreign import strict_json
from kaoping.foreign.days import day_fault, strict_day, strict_instant, strict_local
from kaoping.foreign.opening import MEGABYTE, Unreadable, as_text, read_bytes
from kaoping.foreign.sheet.texts import decoded
from kaoping.scoring.observations import (
    FORMAT,
    Observation,
    ObservationError,
    observation_from_json,
    refuse_unseen,
)
from kaoping.scoring.units import Unit, UnitsError, read_numbered_units, refuse_slips
from kaoping.standards.loading import Rulebook, RulebookError, load_rulebook

# Bounds far beyond a province's year, so that a wrong file is refused before it fills the memory.
MAX_LINES: Final = 2048 * MEGABYTE
MAX_TABLE: Final = 64 * MEGABYTE
MAX_PAGE: Final = 64 * MEGABYTE
FIRST_YEAR, LAST_YEAR = 1900, 9000
# So many faults of a table are told beside the first one; who mends those sees the others.
MOST_TOLD: Final = 20


def read_file(path: str, *, most: int = MAX_TABLE) -> bytes:
    """The bytes of an ordinary file."""
    try:
        return read_bytes(path, most=most)
    except Unreadable as error:
        raise InputError(error.message, file=path, remedy=error.remedy) from None


def read_text(path: str, *, most: int = MAX_TABLE) -> str:
    """A UTF-8 file, with or without BOM."""
    try:
        return as_text(read_file(path, most=most))
    except Unreadable as error:
        raise InputError(error.message, file=path, remedy=error.remedy) from None


def read_calendar(path: str, *, source: str = "") -> Arrangement:
    """The yearly arrangement of working days, JSON or CSV. The first thing that is wrong gives the place, all give the words."""
    content = read_file(path, most=MAX_BYTES)
    try:
        return read_arrangement(content, source=source)
    except ArrangementError as error:
        first, *more = error.problems
        words = "；".join([first.text, *map(str, more)])
        raise InputError(
            words,
            file=path,
            line=first.line,
            field=first.field,
            remedy="按 docs/reference/commands.md 的 kaoping calendar 改好后再导入",
        ) from None


def read_rulebook(ref: str) -> Rulebook:
    """A rulebook by id or folder."""
    try:
        return load_rulebook(ref)
    except RulebookError as error:
        raise rulebook_refusal(ref, error) from None


def rulebook_refusal(ref: str, error: RulebookError) -> InputError:
    """What is wrong in a file of the rulebook, for the terminal."""
    message, _, remedy = error.message.partition("。办法：")
    return InputError(
        message,
        file=f"{ref}/{error.file}",
        line=error.line or None,
        field=error.field or None,
        remedy=remedy or "按说明改正；写法见 docs/reference/rulebook.md",
    )


def read_units(path: str) -> tuple[list[Unit], list[str]]:
    """Units and warnings; every fault at once. A table in GBK or UTF-16, as Excel and WPS save it here, is read and said."""
    content = read_file(path)
    notes: list[str] = []
    try:
        text = as_text(content)
    except Unreadable as error:
        found = decoded(content)
        if found is None:
            raise InputError(error.message, file=path, remedy=error.remedy) from None
        text = found
        read_as = "UTF-16" if b"\0" in content else "GBK"
        notes.append(f"不是 UTF-8，按 {read_as} 读；名称如有乱码，请另存为 UTF-8")
    try:
        numbered, warnings = read_numbered_units(text)
        # The list of a bundle holds the assessed units alone: their parents need not be among them.
        loose = refuse_slips(numbered, whole=not Path(path).with_name("manifest.json").is_file())
    except UnitsError as error:
        _first, *more = error.faults
        also = [str(one) for one in more[:MOST_TOLD]]
        if len(more) > MOST_TOLD:
            also.append(f"还有 {len(more) - MOST_TOLD} 处")
        words = "；".join(one.rstrip("。") for one in (error.message, *also))
        raise InputError(words, file=path, line=error.line, field=error.field, remedy=error.remedy) from None
    return [unit for _line, unit in numbered], [*notes, *warnings, *loose]


def read_numbered(path: str, version: int = FORMAT) -> list[tuple[int, Observation]]:
    """The observations with their lines, which count from 1; ``version`` is the newest format that a line may be of."""
    found: list[tuple[int, Observation]] = []
    seen: set[str] = set()
    for number, data in json_lines(path):
        try:
            one = observation_from_json(data, version)
            refuse_unseen(one)
        except ObservationError as error:
            raise InputError(
                str(error).split("：", 1)[-1],
                file=path,
                line=number,
                field=error.field,
                remedy="按说明改正这一行；写法见 docs/reference/schemas/observation.schema.json",
            ) from None
        if one.id in seen:
            raise InputError(
                f"编号 {one.id} 出现了两次", file=path, line=number, field="id", remedy="删去重复的一行"
            )
        seen.add(one.id)
        found.append((number, one))
    return found


def json_lines(path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with one JSON object a line, each with its line; blank lines are skipped."""
    for number, line in strict_json.lines(read_text(path, most=MAX_LINES)):
        try:
            yield number, strict_json.loads_object(line)
        except strict_json.JsonFault as error:
            grammar = isinstance(error, strict_json.NotJson)
            raise InputError(
                error.message,
                file=path,
                line=number,
                field=error.field,
                remedy=f"每行一个 JSON 对象，{error.remedy}" if grammar else error.remedy,
            ) from None


def read_as_of(text: str, *, field: str = "--as-of") -> datetime:
    """A date means the end of that day in Asia/Shanghai; an instant is taken as it is."""
    if len(text) == len("2025-12-31"):
        return end_of_day(read_day(text, field=field))
    if strict_local(text) is not None:
        raise InputError("时间缺时区", field=field, remedy="写成 2025-12-31T18:00:00+08:00")
    instant = strict_instant(text)
    if instant is None:
        raise InputError(
            f"“{text}”不是日期", field=field, remedy="写成 2025-12-31 或 2025-12-31T18:00:00+08:00"
        )
    _within(instant.year, text, field)
    return instant


def read_day(text: str, *, field: str = "--as-of") -> date:
    """A day of a year that calendars can count in."""
    day = strict_day(text)
    if day is None:
        raise InputError(f"“{text}”{day_fault(text, '不是日期')}", field=field, remedy="写成 2025-12-31")
    _within(day.year, text, field)
    return day


def read_year(text: str, *, field: str = "--year") -> int:
    """The year of an assessment, as the command line gives it."""
    if not (text.isascii() and text.isdecimal() and len(text) == len("2025")):
        raise InputError(f"“{text}”不是年度", field=field, remedy="写四位半角数字，如 2025")
    _within(int(text), text, field)
    return int(text)


def _within(year: int, text: str, field: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(
            f"“{text}”的年份不在 {FIRST_YEAR} 与 {LAST_YEAR} 之间", field=field, remedy="核对年份"
        )
