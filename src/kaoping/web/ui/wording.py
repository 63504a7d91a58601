"""How dates, numbers, digests and deadlines are written in Chinese (pure).

Decimals in one column keep one number of places; minus is U+2212; thousands take a comma from four digits.
A deadline is 24:00 of its working day and always says so.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from kaoping.arithmetic import half_up
from kaoping.beijing import BEIJING
from kaoping.calendars import YearState

NOTHING: Final = "—"
WEEKDAYS: Final = "一二三四五六日"
# Stands beside every date that was counted through a year whose arrangement nobody entered.
PROVISIONAL: Final = YearState.PROVISIONAL.label


def as_moment(value: object) -> date | datetime | None:
    """A date or datetime from a value or ISO text; instants are turned to Asia/Shanghai; null when unreadable."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(BEIJING) if value.tzinfo else value
    return value if isinstance(value, date) else None


def draws_title(committed: int, drawn: int) -> str:
    """How often a draw was laid down and how often one was drawn: the same words inside and outside."""
    return f"随机抽取布置 {committed} 次，|已抽 {drawn} 次"


def cn_date(value: object) -> str:
    """2026年11月23日; the sign — when there is no date."""
    day = as_moment(value)
    return f"{day.year}年{day.month}月{day.day}日" if day else NOTHING


def cn_short_date(value: object) -> str:
    """11月23日, for tables."""
    day = as_moment(value)
    return f"{day.month}月{day.day}日" if day else NOTHING


def cn_datetime(value: object) -> str:
    """2026年11月23日 09:30, Beijing time."""
    moment = as_moment(value)
    if isinstance(moment, datetime):
        return f"{cn_date(moment)} {moment:%H:%M}"
    return cn_date(moment)


def cn_short_datetime(value: object) -> str:
    """11月23日 09:30, for tables and timelines."""
    moment = as_moment(value)
    if isinstance(moment, datetime):
        return f"{cn_short_date(moment)} {moment:%H:%M}"
    return cn_short_date(moment)


def cn_weekday(value: object) -> str:
    """星期一 … 星期日."""
    day = as_moment(value)
    return f"星期{WEEKDAYS[day.weekday()]}" if day else NOTHING


def iso(value: object) -> str:
    """The machine form for ``<time datetime>``; empty when there is none."""
    moment = as_moment(value)
    return moment.isoformat() if moment else ""


def exact(value: object) -> Fraction | None:
    """The exact number behind an int, Decimal, Fraction or text such as ``7/3``; null when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction | str):
        return None
    try:
        return Fraction(str(value) if isinstance(value, float) else value)
    except (ValueError, OverflowError, InvalidOperation, ZeroDivisionError):
        return None


def points(value: object, places: int | str | None = None) -> str:
    """A number for people, rounded half up to ``places``; without ``places`` a Decimal keeps its own."""
    number = exact(value)
    if number is None:
        return NOTHING if value in (None, "") else str(value)
    if places is None:
        places = _own_places(value)
    count = int(places)
    return f"{Decimal(half_up(number, count)):,.{count}f}".replace("-", "−")


def points_moved(before: object, after: object) -> str:
    """What a decision did to the points of an item, in the words of the trade: 维持原分 5.56 分; 由 4.00 分改为 5.56 分."""
    if exact(before) == exact(after):
        return f"维持原分 {points(after, 2)} 分"
    return f"由 {points(before, 2)} 分改为 {points(after, 2)} 分"


def _own_places(value: object) -> int:
    if isinstance(value, Fraction):
        return 0 if value.denominator == 1 else 2
    try:
        exponent = Decimal(str(value)).as_tuple().exponent
    except InvalidOperation:
        return 2
    return max(0, -exponent) if isinstance(exponent, int) else 0


def size_words(value: object) -> str:
    """A file size: 48 KB, 2.1 MB."""
    number = exact(value)
    if number is None:
        return NOTHING
    if number < 1024:
        return f"{int(number)} B"
    if number < 1024 * 1024:
        return f"{points(number / 1024, 0)} KB"
    return f"{points(number / (1024 * 1024), 1)} MB"


def hash_groups(value: object) -> str:
    """A hexadecimal digest in groups of eight characters, to be read aloud and compared."""
    text = str(value or "").strip()
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8)) or NOTHING


def short_hash(value: object) -> str:
    """The first and the last eight characters of a digest."""
    text = str(value or "").strip()
    return f"{text[:8]} …… {text[-8:]}" if len(text) > 20 else text or NOTHING


def code_groups(value: object) -> list[str]:
    """The groups of a receipt code, as its hyphens divide it."""
    return [part for part in str(value or "").split("-") if part]
