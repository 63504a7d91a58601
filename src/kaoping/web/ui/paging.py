"""Tables whose rows stay in the database: one page is fetched, and the ways to the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from kaoping.web.ui.numbers import whole
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Column, DataTable, PageLink, Value, table_of

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)
PER_PAGE = 50
# A last page of so few rows is not worth a click: they stand on the page before.
ORPHANS = 5


class Countable(Protocol[Row_co]):
    """What a query's answer offers here: how many rows, and a slice of them (``kaoping.support.rows.Rows``)."""

    def count(self) -> int:
        """How many rows there are."""

    def __getitem__(self, part: slice, /) -> Iterable[Row_co]: ...


def paged_table(
    *,
    columns: Sequence[str | Column],
    rows: Countable[Row],
    cells: Callable[[Row], Sequence[Value]],
    params: Mapping[str, str],
    caption: str,
    empty: Empty | str,
    files: bool = True,
    fold: bool = True,
) -> DataTable:
    """One page of 50 with totals; page numbers outside the table show the nearest page. Two queries.

    With ``files`` the foot links to the same address with ``format=csv`` and ``format=xlsx``. With ``fold`` each row becomes a
    card on a phone.
    """
    total = rows.count()
    pages = max(1, -(-total // PER_PAGE))
    page = asked_page(params, pages)
    first = (page - 1) * PER_PAGE
    shown = list(rows[first : first + PER_PAGE])
    return table_of(
        caption=caption,
        columns=columns,
        rows=[cells(row) for row in shown],
        total=total,
        first=first + 1 if shown else 0,
        last=first + len(shown),
        page=page,
        pages=page_links(params, _near(page, pages)),
        empty=empty,
        csv=address(params, page=None, format="csv") if files else "",
        xlsx=address(params, page=None, format="xlsx") if files else "",
        fold=fold,
    )


def asked_page(params: Mapping[str, str], pages: int) -> int:
    """The page that an address asks for: the nearest one there is, the first where it names none."""
    return min(max(whole(params.get("page") or "") or 1, 1), pages)


def paged_rows(
    rows: Countable[Row], params: Mapping[str, str], *, caption: str, files: bool = False
) -> tuple[list[Row], DataTable]:
    """One page of rows that a template draws by itself, with the table whose foot leads to the others."""
    kept: list[Row] = []

    def cells(row: Row) -> Sequence[Value]:
        kept.append(row)
        return [""]

    table = paged_table(
        columns=[""], rows=rows, cells=cells, params=params, caption=caption, empty="", files=files
    )
    return kept, table


def page_count(total: int) -> int:
    """Pages of a heat table; fifty-one units are one page."""
    return max(1, -(-(total - ORPHANS) // PER_PAGE))


def rows_of(rows: Sequence[Row], page: int) -> Sequence[Row]:
    """The rows of a page of a heat table, the last one with its orphans."""
    last = page >= page_count(len(rows))
    return rows[(page - 1) * PER_PAGE : None if last else page * PER_PAGE]


def page_links(params: Mapping[str, str], numbers: Iterable[int]) -> tuple[PageLink, ...]:
    """The ways to these pages; none where there is only one."""
    links = tuple(PageLink(number, address(params, page=number)) for number in numbers)
    return links if len(links) > 1 else ()


def address(params: Mapping[str, str], **changes: str | int | None) -> str:
    """The query string with some parameters changed; null and empty ones are left out."""
    merged = {**{key: params.get(key) for key in params}, **changes}
    return "?" + urlencode({key: value for key, value in merged.items() if value not in (None, "")})


def _near(page: int, pages: int) -> list[int]:
    return sorted({1, pages, *(n for n in range(page - 3, page + 4) if 1 <= n <= pages)})
