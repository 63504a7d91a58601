"""Whose things a list shows: those of one organiser, about some units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """Things of ``organiser`` (null: of every one) that concern the units ``codes`` (null: every unit)."""

    organiser: str | None = None
    codes: frozenset[str] | None = None

    def narrow(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Rows that have an ``organiser`` and an ``organisation``."""
        if self.organiser is not None:
            rows = rows.filter(organiser=self.organiser)
        return self.about(rows, "organisation__code")

    def about(self, rows: QuerySet[M], column: str) -> QuerySet[M]:
        """Rows whose ``column`` is the code of one of the units, whosoever they are."""
        return rows if self.codes is None else rows.filter(**{f"{column}__in": sorted(self.codes)})

    def of(self, codes: Iterable[str]) -> Scope:
        """The same, about those of its units that are among ``codes``."""
        wanted = frozenset(codes)
        return Scope(self.organiser, wanted if self.codes is None else wanted & self.codes)


EVERYTHING: Final = Scope()


def about(*codes: str) -> Scope:
    """What concerns some units, whoever organises."""
    return Scope(codes=frozenset(codes))
