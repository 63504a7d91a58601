"""Which page of a table is shown, whatever stands in the address."""

from __future__ import annotations

import pytest

from kaoping.web.ui.listing import data_table
from kaoping.web.ui.paging import asked_page, paged_table

ROWS = [f"u{number:03}" for number in range(130)]


class Stored(list[str]):
    def count(self) -> int:  # type: ignore[override]
        return len(self)


@pytest.mark.parametrize(
    ("asked", "page"),
    [("", 1), ("1", 1), ("2", 2), ("3", 3), ("4", 3), ("99", 3), ("0", 1), ("999999999", 3)],
)
def test_outside_the_table_the_nearest_page_is_shown(asked, page):
    assert asked_page({"page": asked} if asked else {}, 3) == page


@pytest.mark.parametrize("asked", ["-1", "x", "²", "２", "1e3", "1.0", "1" + "0" * 30, "9" * 5000])
def test_what_is_no_number_of_a_page_shows_the_first(asked):
    assert asked_page({"page": asked}, 3) == 1


@pytest.mark.parametrize("asked", ["2", "77", "x", "9" * 5000])
def test_both_tables_answer_alike(asked):
    stored = paged_table(
        columns=["单位"],
        rows=Stored(ROWS),
        cells=lambda row: [row],
        params={"page": asked},
        caption="",
        empty="",
    )
    at_hand = data_table(columns=["单位"], rows=ROWS, cells=lambda row: [row], params={"page": asked})
    assert (stored.page, stored.first, stored.last) == (at_hand.page, at_hand.first, at_hand.last)
