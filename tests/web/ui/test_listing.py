"""Sorting and paging by the address."""

from __future__ import annotations

from kaoping.web.ui.listing import data_table
from kaoping.web.ui.parts.table import Column, DataTable, Sort

ROWS = [{"name": f"u{n:02}", "total": (n * 7) % 13 if n % 5 else None} for n in range(23)]


def listing(**params: str) -> DataTable:
    return data_table(
        columns=[Column("单位", key="name"), Column("总分", key="total")],
        rows=ROWS,
        cells=lambda row: [row["name"], row["total"]],
        params=params,
        keys={"name": lambda row: row["name"], "total": lambda row: row["total"]},
        per_page=10,
    )


def test_pages_cover_every_row_once() -> None:
    names = [row.cells[0].text for page in ("1", "2", "3") for row in listing(page=page).rows]
    assert names == [row["name"] for row in ROWS]
    assert (listing(page="3").first, listing(page="3").last, listing().total) == (21, 23, 23)


def test_a_column_sorts_both_ways_and_says_so() -> None:
    up = [row.cells[1].text for row in listing(sort="total").rows]
    assert up == sorted(up)
    down = listing(sort="-total").columns[1].sort
    assert down == Sort("?sort=total", "descending")
    assert listing(q="x", page="2").columns[0].sort == Sort("?q=x&sort=name")


def test_nonsense_in_the_address_is_ignored() -> None:
    for page in ("0", "-1", "x", "²"):
        assert listing(page=page).page == 1
    assert listing(page="99").page == 3
    assert listing(sort="password").rows == listing().rows
