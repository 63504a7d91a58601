"""Whose year: an organiser (组织考核的机关) and a year, the key under which a year's things are found.

It stands in addresses, in the names of files, in the ids of polls and acts, in manifests and in the audit log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kaoping.patterns import linear

YEAR: Final = r"20[0-9]{2}"
# An organiser's code as the register writes codes, then the year. Between them stands the last hyphen: codes may have some.
PATTERN: Final = rf"[0-9A-Za-z][0-9A-Za-z.\-]{{0,39}}-{YEAR}"
_KEY: Final = linear(PATTERN)
_ALONE: Final = linear(YEAR)


@dataclass(frozen=True, slots=True, order=True)
class OrganisedYear:
    """One organiser's year; ``organiser`` is its code in the register. Written ``<organiser>-<year>``."""

    organiser: str
    year: int

    def __str__(self) -> str:
        return f"{self.organiser}-{self.year}"

    @property
    def before(self) -> OrganisedYear:
        """The same organiser's year before."""
        return OrganisedYear(self.organiser, self.year - 1)


def organised_year(text: str) -> OrganisedYear | None:
    """The key that ``text`` writes, or null."""
    if not _KEY.fullmatch(text):
        return None
    organiser, _hyphen, year = text.rpartition("-")
    return OrganisedYear(organiser, int(year))


def year_alone(text: str) -> int | None:
    """The year of a text that names nobody, as addresses and lines of earlier releases do; null for any other text."""
    return int(text) if _ALONE.fullmatch(text) else None
