"""Sorting and paging of rows that are at hand, by GET parameters. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from kaoping.web.ui.paging import PER_PAGE, address, asked_page, page_links
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Column, DataTable, Sort, Value, row_of, table_of

Item = TypeVar("Item")


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return (2, "")
    return (1, value) if isinstance(value, str) else (0, value)


def data_table(
    *,
    columns: Sequence[Column | str],
    rows: Iterable[Item],
    cells: Callable[[Item], Sequence[Value]],
    params: Mapping[str, str],
    keys: Mapping[str, Callable[[Item], Any]] | None = None,
    selected: Callable[[Item], bool] = lambda _row: False,
    per_page: int = PER_PAGE,
    caption: str = "",
    empty: Empty | str = "",
    csv: str = "",
    xlsx: str = "",
    fold: bool = False,
) -> DataTable:
    """The page of ``rows`` that was asked for, sorted as it was asked for.

    A column whose ``key`` stands in ``keys`` can be sorted by ``?sort=key`` or ``?sort=-key``. ``cells`` turns one row of the
    asked page into its cells. Unknown sort keys are ignored; page numbers outside the table show the nearest page.
    """
    ordered, keys = list(rows), keys or {}
    asked = str(params.get("sort") or "")
    name, descending = asked.lstrip("-"), asked.startswith("-")
    if name in keys:
        key = keys[name]
        ordered.sort(key=lambda row: _sortable(key(row)), reverse=descending)
    else:
        name = ""
    total = len(ordered)
    pages = max(1, -(-total // per_page))
    page = asked_page(params, pages)
    first = (page - 1) * per_page
    shown = ordered[first : first + per_page]
    return table_of(
        caption=caption,
        columns=[
            _sorted_head(column, name, params, descending=descending)
            if isinstance(column, Column) and column.key in keys
            else column
            for column in columns
        ],
        rows=[row_of(cells(row), selected=selected(row)) for row in shown],
        total=total,
        first=first + 1 if total else 0,
        last=first + len(shown),
        page=page,
        pages=page_links(params, range(1, pages + 1)),
        empty=empty,
        csv=csv,
        xlsx=xlsx,
        fold=fold,
    )


def _sorted_head(column: Column, name: str, params: Mapping[str, str], *, descending: bool) -> Column:
    current = column.key == name
    url = address(params, sort=("-" if current and not descending else "") + column.key, page=None)
    return replace(column, sort=Sort(url, ("descending" if descending else "ascending") if current else ""))
