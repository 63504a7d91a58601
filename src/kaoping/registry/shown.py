"""What screens read of the register: organisations and the columns that their sites promise, as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from kaoping.registry import queries
from kaoping.registry.models import Organisation
from kaoping.support.rows import Rows


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as the register shows it."""

    code: str
    name: str
    short_name: str
    kind: str
    group: str
    parent: str
    leading_department: str
    valid_from: date | None
    valid_to: date | None
    participates: bool
    successor: str
    site_url: str
    site_id_code: str
    extra: Mapping[str, str]

    @property
    def fields(self) -> dict[str, str | bool | date | None]:
        """What the register says, field by field as rosters and forms call them."""
        return {
            "code": self.code,
            "name": self.name,
            "short_name": self.short_name,
            "kind": self.kind,
            "group": self.group,
            "parent": self.parent,
            "leading_department": self.leading_department,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "participates": self.participates,
            "successor": self.successor,
            "site_url": self.site_url,
            "site_id_code": self.site_id_code,
        }


def row_of(one: Organisation) -> OrganisationRow:
    """The row of an organisation."""
    return OrganisationRow(
        one.code,
        one.name,
        one.short_name,
        one.kind,
        one.group,
        one.parent,
        one.leading_department,
        one.valid_from,
        one.valid_to,
        one.participates,
        one.successor,
        one.site_url,
        one.site_id_code,
        one.extra,
    )


def listed(rows: QuerySet[Organisation]) -> Rows[OrganisationRow]:
    """Organisations for a list, as frozen rows."""
    return Rows(rows, row_of)


def entry(code: str) -> OrganisationRow | None:
    """What the register says of one organisation, or null."""
    found = queries.organisation(code)
    return row_of(found) if found else None


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column that a unit's site promises."""

    name: str
    url: str
    kind: str
    period_days: int


def column_rows(code: str) -> list[ColumnRow]:
    """The column plan of a unit's site, as frozen rows."""
    return [ColumnRow(one.name, one.url, one.kind, one.period_days) for one in queries.columns_of(code)]
