"""The running numbers by which the ledger and the papers call acts of a year: given once, for ever."""

from __future__ import annotations

from kaoping.campaigns.models import Appeal, Campaign, Correction, PointsRuling, SevereRuling

Numbered = type[PointsRuling] | type[SevereRuling] | type[Appeal] | type[Correction]


def next_number(acts: Numbered, campaign: Campaign) -> int:
    """The number of the next act of this sort. Call while the campaign is held, or two get the same.

    A year that was voided and made again goes on counting: the lines of the first stay in the ledger under their numbers.
    Acts are never deleted, so that their count is the highest number given.
    """
    return (
        acts.objects.filter(campaign__organiser=campaign.organiser, campaign__year=campaign.year).count() + 1
    )
