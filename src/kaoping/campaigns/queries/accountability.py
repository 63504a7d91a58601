"""What units state of 责任追究 for their annual reports; the newest statement of a unit counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kaoping.campaigns.logic import accountability as logic
from kaoping.campaigns.models import AccountabilityStatement as AccountabilityStatement
from kaoping.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Statement:
    """One unit's newest statement, by whom and when."""

    unit: str
    choice: str
    cases: int | None
    ways: str
    authority: str
    by: str
    at: datetime

    def sentence(self, year: int) -> str:
        """As the report prints it."""
        return logic.sentence(asdict(self), year)


def statements(campaign: Campaign) -> Mapping[str, Statement]:
    """By unit, what counts; one query."""
    rows = AccountabilityStatement.objects.filter(campaign=campaign).select_related("organisation", "by")
    return {row.organisation.code: _statement(row) for row in rows.order_by("id")}


def history(campaign: Campaign, unit: str) -> QuerySet[AccountabilityStatement, AccountabilityStatement]:
    """Every statement of a unit, the newest first."""
    return (
        AccountabilityStatement.objects.filter(campaign=campaign, organisation__code=unit)
        .select_related("by")
        .order_by("-id")
    )


def said(campaign: Campaign, unit: str) -> dict[str, str]:
    """What counts for a unit, as one text: what the edition of its form is made of."""
    newest = history(campaign, unit).first()
    return logic.said(asdict(_statement(newest)) if newest else None)


def _statement(row: Any) -> Statement:
    return Statement(
        row.organisation.code, row.choice, row.cases, row.ways, row.authority, row.by.name, row.at
    )
