"""What a verb that is not yet declared holds while it writes."""

from __future__ import annotations

from collections.abc import Callable

from kaoping.accounts.actor import Refused
from kaoping.campaigns.logic.stages import MEANWHILE
from kaoping.campaigns.models import Campaign


def hold(campaign: Campaign, still: Callable[[], bool]) -> None:
    """Inside a transaction: wait for whoever holds the campaign, then see whether what was decided still stands.

    Two clicks at once, or two people, must not do one act twice.
    """
    standing = Campaign.objects.select_for_update().filter(pk=campaign.pk).first()
    if standing is None or not still():
        raise Refused(MEANWHILE)
