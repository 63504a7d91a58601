"""Reads of rulings on points (裁定改分)."""

from __future__ import annotations

from django.db.models import QuerySet

from kaoping.campaigns.models import Campaign, PointsRuling


def rulings(campaign: Campaign) -> QuerySet[PointsRuling]:
    """All of the year, newest first, with both persons."""
    rows = PointsRuling.objects.filter(campaign=campaign).order_by("-id")
    return rows.select_related("organisation", "by", "end", "end__by")


def by_id(campaign: Campaign, ruling_id: int) -> PointsRuling | None:
    """One of the year's."""
    return rulings(campaign).filter(pk=ruling_id).first()


def waiting(campaign: Campaign) -> QuerySet[PointsRuling]:
    """Those that wait for their second person."""
    return rulings(campaign).filter(end=None)
