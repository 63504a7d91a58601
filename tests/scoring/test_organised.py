"""Whose year: how the key is written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.scoring.organised import OrganisedYear, organised_year, year_alone

CODES = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,39}", fullmatch=True)


@given(CODES, st.integers(2000, 2099))
def test_what_is_written_is_read_back(organiser: str, year: int) -> None:
    key = OrganisedYear(organiser, year)
    assert organised_year(str(key)) == key
    assert year_alone(str(key)) is None and key.before.year == year - 1


@pytest.mark.parametrize(
    "text", ["", "2025", "-2025", "CZ0-", "CZ0-1999", "CZ0-2025-1", "常州-2025", "CZ0-２０２５"]
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert organised_year(text) is None


def test_a_year_alone_names_nobody() -> None:
    assert year_alone("2025") == 2025
    assert [year_alone(one) for one in ("1999", "20255", "２０２５", "CZ0-2025", "")] == [None] * 5
