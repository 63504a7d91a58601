"""Words for dates, numbers, digests and deadlines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.calendars import calendar_from_seed
from kaoping.web.ui import countdown, wording
from kaoping.web.ui.parts.head import Deadline


def test_dates_are_written_as_on_paper() -> None:
    instant = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert wording.cn_date(instant) == "2026年11月23日"
    assert wording.cn_datetime(instant) == "2026年11月23日 01:30"
    assert wording.cn_short_datetime("2026-11-22T17:30:00+00:00") == "11月23日 01:30"
    assert wording.cn_short_date(date(2026, 1, 5)) == "1月5日"
    assert wording.cn_short_date("2026-01-05") == "1月5日"
    assert wording.cn_weekday(date(2026, 10, 10)) == "星期六"
    assert wording.cn_date(None) == "—"
    assert wording.cn_date("昨天") == "—"


def test_a_decision_that_moves_nothing_keeps_the_points() -> None:
    assert wording.points_moved("5.56", "5.560") == "维持原分 5.56 分"
    assert wording.points_moved("4", "5.5") == "由 4.00 分改为 5.50 分"


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (1058, None, "1,058"),
        (Decimal("4.50"), None, "4.50"),
        (Decimal("-0.5"), None, "−0.5"),
        (Fraction(7, 3), 2, "2.33"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 1000), 2, "0.00"),
        ("7/3", "1", "2.3"),
        ("62.90", None, "62.90"),
        (None, 2, "—"),
        ("无", None, "无"),
    ],
)
def test_numbers_are_exact_and_have_a_true_minus(value: object, places: object, expected: str) -> None:
    assert wording.points(value, places) == expected  # type: ignore[arg-type]


@given(st.decimals(min_value=-9999, max_value=9999, places=3), st.integers(0, 3))
@settings(max_examples=50, deadline=None)
def test_rounding_for_people_errs_by_half_a_unit_at_most(value: Decimal, places: int) -> None:
    shown = Decimal(wording.points(value, places).replace("−", "-").replace(",", ""))
    assert abs(shown - value) <= Decimal(1).scaleb(-places) / 2


@pytest.mark.parametrize(
    ("value", "words", "tone"),
    [
        (9, "剩 9 个工作日", "plain"),
        (5, "剩 5 个工作日", "cau"),
        (0, "今天 24:00 止", "cau"),
        (-6, "逾期 6 个工作日", "neg"),
        (Deadline(2, until=date(2026, 10, 15)), "10月15日 24:00 止，剩 2 个工作日", "cau"),
        (Deadline(state="stopped"), "已停表", "line"),
        (Deadline(until=date(2026, 10, 15)), "10月15日 24:00 止", "plain"),
        (Deadline(), "没有期限", "plain"),
    ],
)
def test_a_deadline_says_working_days_and_24_00(value: Deadline | int, words: str, tone: str) -> None:
    assert countdown.deadline(value).words == countdown.deadline_words(value) == words
    assert countdown.deadline(value).tone == tone


def test_digests_and_sizes() -> None:
    digest = "0123456789abcdef" * 4
    assert wording.hash_groups(digest).split(" ") == ["01234567", "89abcdef"] * 4
    assert wording.short_hash(digest) == "01234567 …… 89abcdef"
    assert wording.hash_groups(None) == "—"
    assert wording.code_groups("7K4M-Q2XD-9H") == ["7K4M", "Q2XD", "9H"]
    assert [wording.size_words(n) for n in (900, 49152, 2202009, None)] == ["900 B", "48 KB", "2.1 MB", "—"]


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2025, 12, 4), "12月5日 24:00 止，剩 1 个工作日"),
        (date(2025, 12, 5), "今天 24:00 止"),
        (date(2025, 12, 6), "已逾期"),  # Saturday
        (date(2025, 12, 8), "已逾期"),  # Monday, of which nothing has gone by
        (date(2025, 12, 9), "逾期 1 个工作日"),
        (date(2025, 12, 13), "逾期 5 个工作日"),
    ],
)
def test_overdue_days_are_those_that_have_gone_by(today: date, words: str) -> None:
    chip = countdown.countdown(calendar_from_seed(), today, date(2025, 12, 5))
    assert countdown.deadline_words(chip) == words


def test_a_free_day_before_a_free_last_day_is_not_the_last_day() -> None:
    chip = countdown.countdown(calendar_from_seed(), date(2025, 12, 6), date(2025, 12, 7))
    assert countdown.deadline_words(chip) == "12月7日 24:00 止"
