"""Ids of polls and of the ledger lines that come of them: never two alike, never too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
