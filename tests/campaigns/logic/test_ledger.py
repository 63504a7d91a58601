"""Which days a ledger kept elsewhere may speak of."""

from __future__ import annotations

from datetime import date

import pytest

from kaoping.campaigns.logic import ledger

RUNNING = ledger.Days(2025, date(2024, 12, 1), date(2025, 11, 30))
BEFORE = ledger.Days(2024, date(2023, 12, 1), date(2024, 11, 30))
TODAY = date(2025, 12, 9)


@pytest.mark.parametrize(
    ("day", "closed", "today", "words"),
    [
        (date(2025, 3, 1), False, TODAY, None),
        (date(2025, 3, 1), True, TODAY, None),  # late lines of the own year are kept
        (date(2024, 3, 1), True, TODAY, "2024年3月1日属于 2024 年度，该年度评审已经结束"),
        (date(2024, 3, 1), False, TODAY, None),  # two years at work at once
        (date(1990, 6, 30), False, TODAY, "不在 2025 年度的考核期内（2024年12月1日至2025年11月30日）"),
        (date(2025, 12, 5), False, TODAY, None),  # the next year's, not planned yet
        (date(2023, 11, 30), False, date(2024, 11, 20), None),  # the plan came before its period
    ],
)
def test_a_typing_slip_in_the_year_is_met(day: date, closed: bool, today: date, words: str | None) -> None:
    told = ledger.refusal_of_day(day, RUNNING, [BEFORE], closed=closed, today=today)
    assert (told is None) if words is None else (words in (told or ""))
