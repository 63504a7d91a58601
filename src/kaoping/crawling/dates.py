"""Dates as Chinese government pages print them. A day that does not exist is null, never mended."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_FULL_WIDTH = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")
_IS_FULL_WIDTH = re.compile(r"[０-９－／．]")
_NUMERALS = {character: str(number) for number, character in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "O": "0",
}
DATE = re.compile(
    # The look behind stands after two digits, so that only places with a 1 or a 2 are tried.
    r"((?:19|20)(?<!\d\d\d)\d{2})(?:\s{0,2}[-/.]\s{0,2}(\d{1,2})\s{0,2}[-/.]\s{0,2}(\d{1,2})(?!\d)"
    r"|\s{0,2}年\s{0,2}(\d{1,2})\s{0,2}月\s{0,2}(\d{1,2})\s{0,2}日)"
)
_COMPACT = re.compile(r"^\s*((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_CHINESE = re.compile(
    r"([二一][〇○零O一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_IN_URL = re.compile(
    r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/|[/_]t?((?:19|20)\d{2})(\d{2})(\d{2})[_/.]"
    r"|/((?:19|20)\d{2})-(\d{1,2})[-/](\d{1,2})/"
)


def read_date(text: str | None) -> date | None:
    """The first date in ``text`` (2020-12-07, 2020年12月7日, 20201207, 二〇二〇年十二月七日), or null."""
    if not text:
        return None
    plain = text[:200].translate(_FULL_WIDTH)
    if match := DATE.search(plain):
        return _day(*(part for part in match.groups() if part))
    if match := _COMPACT.match(plain):
        return _day(*match.groups())
    if match := _CHINESE.search(plain):
        year, month, day = match.groups()
        return _day("".join(_NUMERALS[c] for c in year), str(_number(month)), str(_number(day)))
    return None


def dates_in(text: str) -> list[date]:
    """Every valid date written in digits in ``text``, in the order of the text."""
    if "20" not in text and "19" not in text and "２" not in text:
        return []
    plain = text.translate(_FULL_WIDTH) if _IS_FULL_WIDTH.search(text) else text
    found = [
        _day(year, month or month_cn, day or day_cn)
        for year, month, day, month_cn, day_cn in DATE.findall(plain)
    ]
    return [day for day in found if day]


@lru_cache(maxsize=65_536)
def date_in_url(url: str) -> date | None:
    """The day that a content system wrote into an address (…/2020/12/14/…, …/t20190918_1.shtml), or null."""
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
