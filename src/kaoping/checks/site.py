"""A site as columns: what a site check sees instead of HTML, so that a million pages fit on a small machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Table:
    """Named columns of equal length. ``load`` is asked for one column at a time and may read lazily."""

    names: tuple[str, ...]
    load: Callable[[str], Sequence[Any]]
    _held: dict[str, Sequence[Any]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[Any]]) -> Table:
        """A table over columns already in memory."""
        return cls(tuple(columns), columns.__getitem__)

    def column(self, name: str) -> Sequence[Any]:
        """One column; an unknown name is a ``KeyError``."""
        if name not in self.names:
            raise KeyError(name)
        if name not in self._held:
            self._held[name] = self.load(name)
        return self._held[name]

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """The named columns side by side."""
        return zip(*(self.column(name) for name in names), strict=True)

    def __len__(self) -> int:
        return len(self.column(self.names[0])) if self.names else 0


@dataclass(frozen=True)
class SiteFacts:
    """Everything known about one site at one crawl.

    ``pages`` has the columns of ``PAGE_COLUMNS``; ``links`` has ``on`` and ``url``. ``complete`` is false
    when the page limit cut the crawl short: then absence proves nothing.
    """

    root: str
    fetched_on: date
    pages: Table
    links: Table
    complete: bool = True


PAGE_COLUMNS: tuple[str, ...] = (
    "url",
    "sha256",
    "title",
    "kind",
    "column_name",
    "column_type",
    "published_on",
    "doc_no",
    "item_dates",
    "item_count",
    "says_empty",
    "text_chars",
    "attachments",
    "guide_elements",
    "report_year",
    "site_id_code",
    "icp",
    "police_filing",
    "sponsor",
    "contact",
    "has_site_map",
    "has_find_error",
)
