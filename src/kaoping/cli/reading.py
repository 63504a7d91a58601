"""Input files of the pure commands; every error names file, line, field and remedy."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kaoping.calendars import end_of_day
from kaoping.cli.errors import InputError
from kaoping.scoring.observations import FORMAT, Observation, ObservationError, observation_from_json
from kaoping.scoring.units import Unit, UnitsError, read_units_csv
from kaoping.standards.loading import Rulebook, RulebookError, load_rulebook


def read_text(path: str) -> str:
    """A UTF-8 file, with or without BOM."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"读不出（{error.strerror}）", file=path, remedy="核对路径和权限") from None
    except UnicodeDecodeError:
        raise InputError("不是 UTF-8 文本", file=path, remedy="用文本编辑器另存为 UTF-8") from None


def read_rulebook(ref: str) -> Rulebook:
    """A rulebook by id or folder."""
    try:
        return load_rulebook(ref)
    except RulebookError as error:
        raise InputError(
            error.message, file=f"{ref}/{error.file}", line=error.line or None, field=error.field or None
        ) from None


def read_units(path: str) -> tuple[list[Unit], list[str]]:
    """Units and warnings."""
    try:
        return read_units_csv(read_text(path))
    except UnitsError as error:
        raise InputError(error.message, file=path, line=error.line, field=error.field) from None


def read_observations(path: str) -> list[Observation]:
    """One observation a line; blank lines are skipped."""
    return [one for _number, one in read_numbered(path)]


def read_numbered(path: str, version: int = FORMAT) -> list[tuple[int, Observation]]:
    """The observations with their lines, which count from 1; ``version`` is the newest format that a line may be of."""
    found: list[tuple[int, Observation]] = []
    seen: set[str] = set()
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        data = _json_object(line, path, number)
        try:
            one = observation_from_json(data, version)
        except ObservationError as error:
            raise InputError(
                str(error).split("：", 1)[-1], file=path, line=number, field=error.field
            ) from None
        if one.id in seen:
            raise InputError(
                f"编号 {one.id} 出现了两次", file=path, line=number, field="id", remedy="删去重复的一行"
            )
        seen.add(one.id)
        found.append((number, one))
    return found


def _json_object(line: str, path: str, number: int) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except ValueError:
        raise InputError("不是 JSON", file=path, line=number, remedy="每行一个 JSON 对象") from None
    if not isinstance(data, dict):
        raise InputError("不是 JSON 对象", file=path, line=number, remedy="每行一个 JSON 对象")
    return data


def read_as_of(text: str) -> datetime:
    """A date means the end of that day in Asia/Shanghai; an instant is taken as it is."""
    try:
        if len(text) == 10:
            return end_of_day(date.fromisoformat(text))
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"“{text}”不是日期", field="--as-of", remedy="写成 2025-12-31 或带时区的时间"
        ) from None
    if instant.tzinfo is None:
        raise InputError("时间缺时区", field="--as-of", remedy="写成 2025-12-31T18:00:00+08:00")
    return instant
