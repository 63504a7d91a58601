"""Ids of polls and of the ledger lines that come of them: never two alike, never too long; and which days a poll may have."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.beijing import BEIJING
from kaoping.evaluation import logic
from kaoping.evaluation.ballotbox.polls import _ID

CODES = st.text(max_size=40)


@given(CODES, st.integers(2000, 2100), st.integers(1, 99))
def test_an_id_fits_file_names_and_addresses(organiser, year, number):
    made = logic.poll_id("abcdefgh", organiser, year, number)
    assert len(made) <= 40 and _ID.match(made)
    assert made.startswith("abcdefgh-") and made.endswith(f"-{year}-{number}")


@given(CODES, CODES)
def test_two_organisers_never_share_an_id(one, other):
    assert (one == other) == (logic.poll_id("a", one, 2025, 1) == logic.poll_id("a", other, 2025, 1))


@pytest.mark.parametrize(
    ("organiser", "signs"),
    [("CZ0", "CZ0"), ("11320400014110315X", "11320400014110315X"), ("常州", "7e88d588")],
)
def test_a_plain_code_stands_as_it_is(organiser, signs):
    assert logic.poll_id("abcdefgh", organiser, 2025, 1) == f"abcdefgh-{signs}-2025-1"


@given(st.text("abc-", max_size=40, min_size=1), st.text(max_size=40), st.sampled_from(["q1", "S5.5"]))
def test_a_ledger_line_of_any_poll_fits_its_column(poll, unit, rest):
    made = logic.line_uid(poll, unit, rest)
    assert len(made) <= logic.LINE_UID
    assert made == logic.line_uid(poll, unit, rest)
    assert made != logic.line_uid(poll, unit, rest + "x")


def test_lines_of_the_first_release_keep_their_ids():
    assert logic.line_uid("poll-2025", "U1", "q1") == "poll-2025:U1:q1"


MORNING = datetime(2025, 11, 1, 9, tzinfo=BEIJING)
LAST = datetime(2027, 1, 1, tzinfo=BEIJING)  # 24:00 of the last day of the next year


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "words"),
    [
        (MORNING + timedelta(seconds=1), LAST, None),
        (MORNING, LAST, "开始时间要晚于现在"),
        (MORNING - timedelta(days=40), LAST, "开始时间要晚于现在"),
        (MORNING - timedelta(days=40), MORNING - timedelta(days=9), "截止时间已经过去"),
        (MORNING + timedelta(days=1), LAST + timedelta(seconds=1), "2025 年的评议最迟到 2026 年 12 月 31 日"),
    ],
)
def test_announcing_and_changing_ask_the_same_of_the_days(opens_at, closes_at, words):
    told = logic.refusal_to_prepare(2025, opens_at, closes_at, 1, MORNING)
    changed = logic.refusal_to_change(
        2025,
        logic.PREPARED,
        MORNING + timedelta(days=3),
        ("标题", opens_at, closes_at),
        changed=True,
        reason="核对",
        now=MORNING,
    )
    assert told == changed
    assert (told is None) if words is None else (words in (told or ""))


def test_days_that_leave_the_stage_are_named_and_nothing_is_said_without_a_plan():
    stage = (date(2025, 10, 1), date(2025, 10, 31))
    assert logic.outside_stage(*stage, stage) is None
    assert logic.outside_stage(date(2025, 9, 30), date(2025, 10, 9), None) is None
    words = logic.outside_stage(date(2025, 9, 30), date(2025, 10, 9), stage)
    assert "2025年9月30日至2025年10月9日" in words and "2025年10月1日至2025年10月31日" in words
