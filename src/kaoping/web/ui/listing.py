"""Sorting and paging of plain rows by GET parameters, for the data table. Rows are dictionaries; nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from kaoping.web.ui.parts.notice import Empty

PER_PAGE = 50


def _query(params: Mapping[str, Any], **changes: Any) -> str:
    kept = {key: value for key, value in params.items() if value not in (None, "")}
    kept.update(changes)
    return "?" + urlencode({key: value for key, value in kept.items() if value is not None})


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return (2, "")
    return (1, value) if isinstance(value, str) else (0, value)


def data_table(
    *,
    columns: Sequence[Mapping[str, Any]],
    rows: Iterable[Any],
    cells: Callable[[Any], Sequence[Any]],
    params: Mapping[str, Any],
    keys: Mapping[str, Callable[[Any], Any]] | None = None,
    per_page: int = PER_PAGE,
    caption: str = "",
    empty: Empty | str | None = None,
    csv: str = "",
    fold: bool = False,
) -> dict[str, Any]:
    """The dictionary that ``{% data_table %}`` draws.

    ``columns`` are ``{"label", "key", "num", "abbr"}``; a column whose ``key`` stands in ``keys`` can be sorted by
    ``?sort=key`` or ``?sort=-key``. ``cells`` turns one row of the asked page into its cells. Unknown sort keys and page
    numbers outside the table are ignored: the first page in the given order is shown.
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
    number = str(params.get("page") or "1")
    page = int(number) if number.isascii() and number.isdigit() and 1 <= int(number) <= pages else 1
    heads = []
    for column in columns:
        head = dict(column)
        if column.get("key") in keys:
            current = column["key"] == name
            head["sort"] = {
                "url": _query(
                    params, sort=("-" if current and not descending else "") + column["key"], page=None
                ),
                "state": ("descending" if descending else "ascending") if current else "",
            }
        heads.append(head)
    shown = ordered[(page - 1) * per_page : page * per_page]
    return {
        "caption": caption,
        "columns": heads,
        "rows": [_row(row, cells(row)) for row in shown],
        "total": total,
        "first": (page - 1) * per_page + 1 if total else 0,
        "last": (page - 1) * per_page + len(shown),
        "page": page,
        "pages": [{"number": n, "url": _query(params, page=n)} for n in range(1, pages + 1)]
        if pages > 1
        else [],
        "empty": empty,
        "csv": csv,
        "fold": fold,
    }


def _row(row: Any, cells: Sequence[Any]) -> dict[str, Any]:
    selected = row.get("selected", False) if isinstance(row, Mapping) else False
    return {"cells": list(cells), "selected": selected}
