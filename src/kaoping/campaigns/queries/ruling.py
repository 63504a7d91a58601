"""Reads of rulings on points (审定改分)."""

from __future__ import annotations

from django.db.models import QuerySet

from kaoping.accounts.actor import Actor, Who
from kaoping.accounts.logic import already
from kaoping.campaigns.logic import ruling as logic
from kaoping.campaigns.models import Campaign, PointsRulingEnd
from kaoping.campaigns.models import PointsRuling as PointsRuling  # what a view hands from a query to a verb
from kaoping.campaigns.queries.appeal import open_on


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


def refusal_to_second(actor: Actor, ruling: PointsRuling, agreed: bool) -> str | None:
    """Why ``actor`` cannot answer a proposed ruling like this, or null."""
    end = PointsRulingEnd.objects.select_related("by").filter(ruling=ruling).first()
    if end is not None:
        done = "同意" if end.agreed else "答复（不同意）"
        return already(f"{ruling.organisation.short_name} {ruling.item} 的审定", done, end.by.name, end.at)
    words = logic.refusal_to_second(ruling.campaign.stage, Who(str(ruling.by_id)), actor.who, agreed)
    if words is None and agreed:
        open_appeal = open_on(ruling.campaign, ruling.organisation.code, ruling.item)
        words = logic.refusal_while_appealed(open_appeal)
    return words
