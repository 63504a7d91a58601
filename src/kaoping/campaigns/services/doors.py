"""What every verb begins with: the policy's answer and the logic's answer, as a logged refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import refuse
from kaoping.campaigns.models import Campaign


def require(
    allowed: bool, words: str, *, actor: Actor, verb: str, campaign: Campaign | int, now: datetime
) -> None:
    """Raise the logged refusal unless ``allowed``. Call outside a transaction."""
    if not allowed:
        raise refuse(actor, verb, "campaign", _year(campaign), words, now=now)


def stop(words: str | None, *, actor: Actor, verb: str, campaign: Campaign | int, now: datetime) -> None:
    """Raise the logged refusal when the logic has ``words`` against it. Call outside a transaction."""
    if words:
        raise refuse(actor, verb, "campaign", _year(campaign), words, now=now)


def hold(campaign: Campaign, still: Callable[[], bool]) -> None:
    """Inside a transaction: wait for whoever holds the campaign, then see whether what was decided still stands.

    Two clicks at once, or two people, must not do one act twice.
    """
    standing = Campaign.objects.select_for_update().filter(pk=campaign.pk).first()
    if standing is None or not still():
        raise Refused("刚刚已有人办理，请刷新后看现在的情况。")


def _year(campaign: Campaign | int) -> int:
    return campaign if isinstance(campaign, int) else campaign.year
