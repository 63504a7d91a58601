"""The audit log's heads as the public sees them: one a day with its predecessor, in the published folder. No Django.

Each shows that nothing before it was changed since, and says nothing of what the log holds. Whoever saves a copy can
check the log against it later. What was published once is never taken back or replaced.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from kaoping.foreign.days import strict_day
from kaoping.foreign.opening import MEGABYTE, Unreadable, read_text
from kaoping.support import suites
from kaoping.support.files import write_durably

FOLDER: Final = "log"
FILE: Final = "heads.json"
FORMAT: Final = 1
_MOST: Final = 64 * MEGABYTE


@dataclass(frozen=True, slots=True)
class DayHead:
    """At the end of ``day`` the log had ``number`` lines and this ``digest``; the two others are the head before it."""

    day: date
    number: int
    digest: str
    previous_day: date | None
    previous_digest: str | None


def read(shelf: Path) -> list[DayHead]:
    """Every head that was published, oldest first; none where nothing was. Raises ``ValueError`` for a spoilt file."""
    content = raw(shelf)
    return [_head(row) for row in content["heads"]] if content else []


def raw(shelf: Path) -> dict[str, Any] | None:
    """The file as it stands; null where there is none. Raises ``ValueError`` for a spoilt file."""
    path = shelf / FOLDER / FILE
    try:
        path.stat()
        found = json.loads(read_text(path, most=_MOST))
    except FileNotFoundError:
        return None
    except Unreadable as error:
        raise ValueError(f"公开的日志校验值清单读不出：{error.message}") from None
    except (ValueError, RecursionError):
        raise ValueError("公开的日志校验值清单读不出") from None
    if isinstance(found, dict):
        suites.suite_of(found)
    if not isinstance(found, dict) or not isinstance(found.get("heads"), list):
        raise ValueError("公开的日志校验值清单读不出")
    return found


def add(shelf: Path, heads: Sequence[tuple[date, int, str]]) -> int:
    """Publish the heads (day, number, digest) of days that are not there yet; returns how many. Older ones stay."""
    known = read(shelf)
    last = known[-1] if known else None
    made = list(known)
    for day, number, digest in sorted(heads):
        if last is None or (day > last.day and number > last.number):
            last = DayHead(day, number, digest, last.day if last else None, last.digest if last else None)
            made.append(last)
    if len(made) > len(known):
        _write(shelf, made)
    return len(made) - len(known)


def as_json(head: DayHead) -> dict[str, Any]:
    """One entry of the file."""
    return {
        "day": head.day.isoformat(),
        "number": head.number,
        "digest": head.digest,
        "previous_day": head.previous_day.isoformat() if head.previous_day else None,
        "previous_digest": head.previous_digest,
    }


def _head(row: Mapping[str, Any]) -> DayHead:
    try:
        day, previous = strict_day(row["day"]), row["previous_day"]
        before = strict_day(previous) if previous else None
        if day is None or (previous and before is None):
            raise TypeError
        return DayHead(day, int(row["number"]), str(row["digest"]), before, row["previous_digest"])
    except (KeyError, TypeError, AttributeError):
        raise ValueError("公开的日志校验值清单读不出") from None


def _write(shelf: Path, heads: Sequence[DayHead]) -> None:
    folder = shelf / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    listed = {"format": FORMAT, suites.KEY: suites.INTL, "heads": [as_json(one) for one in heads]}
    write_durably(folder / FILE, json.dumps(listed, ensure_ascii=False, indent=1).encode())
