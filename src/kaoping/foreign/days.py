"""Days and instants that somebody else wrote: the one reader of every file, form and option.

Python's own readers also take the days of ISO weeks, days without hyphens, and any sign between day and time: a slip of the
pen would be read as another day without a word. Each function answers null for what it does not read; who asks says in
words what to write.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from kaoping.patterns import linear

NO_SUCH_DAY: Final = "没有这一天"
_DAY: Final = linear(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
_LOCAL: Final = linear(_TIME)
_INSTANT: Final = linear(rf"{_TIME}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})")
_IN_TABLES: Final = tuple(
    linear(rf"([0-9]{{4}}){first}([0-9]{{1,2}}){second}([0-9]{{1,2}}){last}")
    for first, second, last in (("-", "-", ""), ("/", "/", ""), (r"\.", r"\.", ""), ("年", "月", "日"))
)


def strict_day(text: object) -> date | None:
    """The day of a text ``2025-01-31``, and of nothing else."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_fault(text: object, otherwise: str = "日期请写成 2025-01-31 的样子，数字用半角") -> str:
    """Why a text was read as no day, in words without full stop: a day that does not exist, or ``otherwise``."""
    written = isinstance(text, str) and any(one.fullmatch(text.strip()) for one in _IN_TABLES)
    return NO_SUCH_DAY if written and table_day(str(text)) is None else otherwise


def strict_instant(text: object) -> datetime | None:
    """The instant of a text ``2025-01-31T18:00:00+08:00``: seconds may be absent, the zone (or Z) may not."""
    return _read(text) if isinstance(text, str) and _INSTANT.fullmatch(text) else None


def strict_local(text: object) -> datetime | None:
    """The time ``2025-01-31T18:00`` of a field whose zone its label says; a text that says a zone itself is none."""
    return _read(text) if isinstance(text, str) and _LOCAL.fullmatch(text) else None


def table_day(text: str) -> date | None:
    """A day as people and spreadsheets write it, in half-width digits: 2025-3-1, 2025/3/1, 2025.3.1, 2025年3月1日."""
    found = next((hit for one in _IN_TABLES if (hit := one.fullmatch(text.strip()))), None)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
