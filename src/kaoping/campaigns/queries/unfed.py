"""Which checks count for nothing in a year."""

from __future__ import annotations

from kaoping.campaigns.logic import stages
from kaoping.campaigns.models import Campaign
from kaoping.standards import unfed
from kaoping.standards.queries import is_in_force, rulebook_of


def words(campaign: Campaign) -> str:
    """The checks of the program that no item of the year's rulebook takes, in words; '' when all count, or all is published.

    One query; two while the plan is made: a plan that is signed, and not yet at work, holds already.
    """
    if campaign.stage == stages.PUBLISHED:
        return ""
    signed = campaign.stage != stages.PLAN or is_in_force(campaign.key)
    return unfed.words(unfed.unfed(rulebook_of(campaign.rulebook_id), signed=signed))
