"""How an organiser's year stands in addresses: ``CZ0-2025``; a year alone, as before there were organisers, still leads there."""

from __future__ import annotations

from typing import Final

from django.urls import register_converter

from kaoping.scoring.organised import PATTERN, YEAR, OrganisedYear, organised_year, year_alone

# Of an address that names the year alone: reading addresses asks neither database nor files whose it is.
NOBODY: Final = ""


class OrganisedYearConverter:
    """``<whose:key>`` in an address."""

    regex = rf"{PATTERN}|{YEAR}"

    def to_python(self, value: str) -> OrganisedYear:
        """The key that the address writes."""
        alone = year_alone(value)
        found = organised_year(value) if alone is None else OrganisedYear(NOBODY, alone)
        if found is None:
            raise ValueError(value)
        return found

    def to_url(self, value: OrganisedYear) -> str:
        """The year alone is written only where nobody knows whose it is."""
        if not isinstance(value, OrganisedYear):
            raise ValueError(f"an address needs whose year it is, not {value!r}")
        return str(value.year) if value.organiser == NOBODY else str(value)


register_converter(OrganisedYearConverter, "whose")
