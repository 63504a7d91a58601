"""The second person's signature on the latest sheet; after it nothing changes but by a correction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.campaigns import policy
from kaoping.campaigns.logic import sign_off as logic
from kaoping.campaigns.models import Campaign, SignOff
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as reads
from kaoping.campaigns.queries.sign_off import check, sheet_to_sign
from kaoping.campaigns.services.doors import hold, require, stop


@signing
def sign_off(*, actor: Actor, campaign: Campaign, typed_year: str, now: datetime) -> SignOff:
    """Sign the latest sheet, which another prepared. The year is typed because the act cannot be undone."""
    require(
        policy.can_sign_off(actor),
        logic.ONLY_SIGNER,
        actor=actor,
        verb="sign_off",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db()
    correction = corrections.under_way(campaign)
    latest = sheet_to_sign(campaign)
    words = check(actor, campaign, typed_year=typed_year, now=now)
    stop(words, actor=actor, verb="sign_off", campaign=campaign, now=now)
    assert latest is not None
    assert latest.prepared_by is not None
    with transaction.atomic():
        hold(campaign, lambda: reads.sign_off_of(latest) is None and reads.latest(campaign) == latest)
        row = SignOff.objects.create(
            sheet=latest,
            prepared_by=latest.prepared_by,
            signed_by=Person.objects.get(pk=actor.id),
            at=now,
        )
        record_act(
            actor,
            "sign_off",
            "campaign",
            campaign.year,
            f"{actor.name} 签发 {campaign.year} 年度{'更正' if correction else ''}计分表，校验值 {latest.digest[:8]}…。",
            now=now,
        )
    return row
