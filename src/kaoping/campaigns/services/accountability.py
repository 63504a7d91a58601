"""The verb by which a unit states 责任追究 for its own annual report (政府信息公开条例 第五十条)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.models import Person
from kaoping.accounts.queries import written_by
from kaoping.accounts.services import merged
from kaoping.campaigns import policy
from kaoping.campaigns.logic import accountability as logic
from kaoping.campaigns.models import AccountabilityStatement, Campaign
from kaoping.campaigns.queries import accountability as reads
from kaoping.campaigns.queries.campaign import organisation_of
from kaoping.campaigns.services.doors import require, stop


def state_accountability(
    *,
    actor: Actor,
    campaign: Campaign,
    unit: str,
    choice: str,
    cases: int | None = None,
    ways: str = "",
    authority: str = "",
    opened: Opened = NOT_SAID,
    now: datetime,
) -> AccountabilityStatement:
    """Keep what the unit confirms of itself; a later statement replaces an earlier one, which stays readable.

    Raises ``Refused`` in words, and ``Stale`` when a colleague or another tab stated something else meanwhile.
    """
    verb = "state_accountability"
    require(
        policy.can_state_accountability(actor, unit),
        "责任追究情况由本单位联络员填写、确认。",
        actor=actor,
        verb=verb,
        campaign=campaign,
        now=now,
    )
    organisation = organisation_of(campaign, unit)
    if organisation is None:
        raise refuse(actor, verb, "organisation", unit, "本单位不参加这一年的考核。", now=now)
    words = logic.refusal_to_state(
        choice, kind=organisation.kind, cases=cases, ways=ways, authority=authority
    )
    stop(words, actor=actor, verb=verb, campaign=campaign, now=now)
    some = choice == logic.SOME
    with transaction.atomic():
        # Who sends the form again because its answer was lost states it once.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        told = {
            "choice": choice,
            "cases": cases if some else None,
            "ways": ways.strip() if some else "",
            "authority": authority.strip() if some else "",
        }
        newest = reads.history(campaign, unit).first()
        stored = reads.said(campaign, unit)
        values = merged(
            opened=opened,
            mine=logic.said(told),
            stored=stored,
            last=lambda: written_by(newest),
        )
        if newest is not None and values == stored:
            return newest
        statement = AccountabilityStatement.objects.create(
            campaign=campaign, organisation=organisation, by=Person.objects.get(pk=actor.id), at=now, **told
        )
        record_act(
            actor,
            "state_accountability",
            "organisation",
            unit,
            f"填写 {campaign.year} 年责任追究情况：{logic.CHOICES[choice]}。",
            now=now,
        )
    return statement
