"""The second person's signature on the latest sheet; after it nothing changes but by a correction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.accounts.services import record_act
from kaoping.campaigns import policy
from kaoping.campaigns.logic.sign_off import refusal_to_sign_off
from kaoping.campaigns.models import Campaign, SignOff
from kaoping.campaigns.queries import appeal
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as reads
from kaoping.campaigns.services.doors import hold, require, stop


@signing
def sign_off(*, actor: Actor, campaign: Campaign, typed_year: str, now: datetime) -> SignOff:
    """Sign the latest sheet, which another prepared. The year is typed because the act cannot be undone."""
    require(
        policy.can_sign_off(actor),
        "签发由第二签发人办理，不能由经办自己签发。",
        actor=actor,
        verb="sign_off",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db()
    correction = corrections.under_way(campaign)
    latest = reads.latest(campaign) if correction is None else corrections.sheet_of(correction)
    words = refusal_to_sign_off(
        campaign.stage,
        correction=correction is not None,
        year=campaign.year,
        typed_year=typed_year,
        has_sheet=latest is not None,
        prepared_by=str(latest.prepared_by_id) if latest and latest.prepared_by_id else None,
        signer=actor.id,
        already=latest is not None and reads.sign_off_of(latest) is not None,
        is_latest=latest is not None and reads.is_latest(latest),
        open_appeals=appeal.open_count(campaign),
        open_cells=reads.open_cells(latest) if latest else 0,
        unchanged=correction is not None and latest is not None and not corrections.facts(correction).changed,
    )
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
