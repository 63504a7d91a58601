"""How an organiser's year stands in addresses: ``CZ0-2025``; a year alone, as before there were organisers, still leads there."""

from __future__ import annotations

from collections.abc import MutableMapping

from django.urls import register_converter

from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.organised import PATTERN, YEAR, OrganisedYear, organised_year, year_alone

# Of an address that names the year alone: whose it is stands in the database, which the reading of addresses does not ask.
NOBODY = ""


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
        """A year alone is not written any more."""
        if not isinstance(value, OrganisedYear):
            raise ValueError(f"an address needs whose year it is, not {value!r}")
        return str(value)


def of_the_main_organiser(arguments: MutableMapping[str, object]) -> None:
    """Of an address that names the year alone: that year of the organiser for whom the installation was set up."""
    key = arguments.get("key")
    if isinstance(key, OrganisedYear) and key.organiser == NOBODY:
        arguments["key"] = main_year(key.year)


def install() -> None:
    """Addresses may say ``<whose:key>`` from now on."""
    register_converter(OrganisedYearConverter, "whose")
