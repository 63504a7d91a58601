"""Sorting and paging by the address."""

from __future__ import annotations

from typing import Any

from kaoping.web.ui.listing import data_table

ROWS = [{"name": f"u{n:02}", "total": (n * 7) % 13 if n % 5 else None} for n in range(23)]


def listing(**params: str) -> dict[str, Any]:
    return data_table(
        columns=[{"label": "单位", "key": "name"}, {"label": "总分", "key": "total"}],
        rows=ROWS,
        cells=lambda row: [row["name"], row["total"]],
        params=params,
        keys={"name": lambda row: row["name"], "total": lambda row: row["total"]},
        per_page=10,
    )


def test_pages_cover_every_row_once() -> None:
    names = [row["cells"][0] for page in ("1", "2", "3") for row in listing(page=page)["rows"]]
    assert names == [row["name"] for row in ROWS]
    assert (listing(page="3")["first"], listing(page="3")["last"], listing()["total"]) == (21, 23, 23)


def test_a_column_sorts_both_ways_and_says_so() -> None:
    up = [row["cells"][1] for row in listing(sort="total")["rows"]]
    assert up == sorted(up)
    down = listing(sort="-total")["columns"][1]["sort"]
    assert down == {"url": "?sort=total", "state": "descending"}
    assert listing(q="x", page="2")["columns"][0]["sort"]["url"] == "?q=x&sort=name"


def test_nonsense_in_the_address_is_ignored() -> None:
    for page in ("0", "99", "-1", "x", "²"):
        assert listing(page=page)["page"] == 1
    assert listing(sort="password")["rows"] == listing()["rows"]
