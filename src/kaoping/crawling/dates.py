"""Dates as Chinese government pages print them. A day that does not exist is null, never mended."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from kaoping.patterns import linear

_FULL_WIDTH = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")
_WIDE_DIGITS: Final = frozenset("０１２３４５６７８９－／．")
_NUMERALS = {character: str(number) for number, character in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "O": "0",
}
_CHINESE = linear(
    r"([二一][〇○零O一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_IN_URL = linear(
    r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/|[/_]t?((?:19|20)\d{2})(\d{2})(\d{2})[_/.]"
    r"|/((?:19|20)\d{2})-(\d{1,2})[-/](\d{1,2})/"
)
_STROKES: Final = frozenset("-/.")


class Written(NamedTuple):
    """A date in digits as it stands in a text from ``start`` to ``end``; the day may not exist."""

    start: int
    end: int
    year: str
    month: str
    day: str


def written_dates(text: str) -> list[Written]:
    """2020-12-07, 2020/12/7, 2020.12.7, 2020年12月7日, two blanks allowed between the parts; from left to right.

    A scan by hand: what stands before a year and behind a day decides too, which a pattern that walks a text once cannot ask,
    and most lines of a page hold a date. Each century is looked for once from where it was found last: linear.
    """
    found = []
    nineteen, twenty = text.find("19"), text.find("20")
    while nineteen >= 0 or twenty >= 0:
        at = twenty if nineteen < 0 or 0 <= twenty < nineteen else nineteen
        after = at + 1
        if one := _date_at(text, at):
            found.append(one)
            after = one.end
        if 0 <= nineteen < after:
            nineteen = text.find("19", after)
        if 0 <= twenty < after:
            twenty = text.find("20", after)
    return found


def _date_at(text: str, at: int) -> Written | None:
    end = at + 10
    part = text[at:end]
    year = part[:4]
    if len(part) < 8 or not year.isdecimal() or (at and text[at - 1].isdecimal()):
        return None
    if part[4:8:3] == "--":  # 2020-12-07, by far the most
        month, day = part[5:7], part[8:]
        if len(day) == 2 and month.isdecimal() and day.isdecimal() and not text[end : end + 1].isdecimal():
            return Written(at, end, year, month, day)
    place = _past_blanks(text, at + 4)
    mark = text[place : place + 1]
    if mark != "年" and mark not in _STROKES:
        return None
    month, place = _one_or_two(text, _past_blanks(text, place + 1))
    if not month:
        return None
    place = _past_blanks(text, place)
    second = text[place : place + 1]
    if second != "月" if mark == "年" else second not in _STROKES:
        return None
    day, place = _one_or_two(text, _past_blanks(text, place + 1))
    if not day:
        return None
    if mark != "年":
        return None if text[place : place + 1].isdecimal() else Written(at, place, year, month, day)
    place = _past_blanks(text, place)
    return Written(at, place + 1, year, month, day) if text[place : place + 1] == "日" else None


def _past_blanks(text: str, at: int) -> int:
    """Behind up to two blanks."""
    for _ in range(2):
        if not text[at : at + 1].isspace():
            break
        at += 1
    return at


def _one_or_two(text: str, at: int) -> tuple[str, int]:
    """One or two digits and the place behind them."""
    digits = text[at : at + 2]
    if not digits[:1].isdecimal():
        return "", at
    if not digits[1:].isdecimal():
        digits = digits[:1]
    return digits, at + len(digits)


def read_date(text: str | None) -> date | None:
    """The first date in ``text`` (2020-12-07, 2020年12月7日, 20201207, 二〇二〇年十二月七日), or null."""
    if not text:
        return None
    plain = text[:200].translate(_FULL_WIDTH)
    if written := written_dates(plain):
        return _day(written[0].year, written[0].month, written[0].day)
    compact = plain.lstrip()[:9]
    if compact[:2] in ("19", "20") and compact[:8].isdecimal() and not compact[8:].isdecimal():
        return _day(compact[:4], compact[4:6], compact[6:8])
    if match := _CHINESE.search(plain):
        year, month, day = match.groups()
        return _day("".join(_NUMERALS[c] for c in year), str(_number(month)), str(_number(day)))
    return None


@lru_cache(maxsize=8_192)  # the lines of menus and lists come again on every page of a site
def dates_and_rest(text: str) -> tuple[tuple[date, ...], str]:
    """Every valid date written in digits in ``text``, in the order of the text, and the text without written dates."""
    if "20" not in text and "19" not in text and "２" not in text:
        return (), text
    plain = text if text.isascii() or _WIDE_DIGITS.isdisjoint(text) else text.translate(_FULL_WIDTH)
    days, kept, end = [], [], 0
    for written in written_dates(plain):
        if day := _day(written.year, written.month, written.day):
            days.append(day)
        kept.append(text[end : written.start])
        end = written.end
    if not kept:
        return (), text
    return tuple(days), "".join((*kept, text[end:]))


@lru_cache(maxsize=65_536)
def date_in_url(url: str) -> date | None:
    """The day that a content system wrote into an address (…/2020/12/14/…, …/t20190918_1.shtml), or null."""
    if "20" not in url and "19" not in url:
        return None
    match = _IN_URL.search(url[:500])
    return _day(*(part for part in match.groups() if part)) if match else None


@lru_cache(maxsize=4_096)
def _day(*parts: str) -> date | None:
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def _number(chinese: str) -> int:
    """一 to 三十一."""
    tens, ten, units = chinese.rpartition("十")
    if not ten:
        return int(_NUMERALS.get(chinese, "0"))
    return int(_NUMERALS.get(tens, "1") if tens else "1") * 10 + int(
        _NUMERALS.get(units, "0") if units else "0"
    )
