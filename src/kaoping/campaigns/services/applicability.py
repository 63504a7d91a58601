"""The office decides claims 不涉及 before scoring; only its decision counts (a claim never moves a point)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.campaigns import policy
from kaoping.campaigns.logic import review as logic
from kaoping.campaigns.logic.items import refusal_to_self_review
from kaoping.campaigns.logic.self_review import SUBMITTED
from kaoping.campaigns.models import Answer, Applicability
from kaoping.campaigns.queries.items import item as item_of
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services.doors import hold, require, stop
from kaoping.evidence.services import Entry, record


@signing
def decide_claim(
    *, actor: Actor, answer: Answer, accepted: bool, reason: str, now: datetime
) -> Applicability:
    """Decide one claim. Accepted, it enters the ledger as source ``office``, and the item's points are redistributed.

    Refused, nothing enters the ledger: the item is scored like any other.
    """
    review = answer.self_review
    campaign = review.campaign
    require(
        policy.can_decide_claim(actor),
        "“不涉及”由市政务公开办经办审定。",
        actor=actor,
        verb="decide_claim",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db(fields=["stage"])
    decided = Applicability.objects.filter(answer=answer).exists()
    words = logic.refusal_to_decide_claim(
        campaign.stage, review.state == SUBMITTED, answer.not_applicable, decided
    )
    words = words or refusal_to_self_review(item_of(campaign, answer.item))
    if words is None and not reason.strip():
        words = "审定要写明理由，单位会看到。"
    stop(words, actor=actor, verb="decide_claim", campaign=campaign, now=now)
    unit = review.organisation
    with transaction.atomic():
        hold(campaign, lambda: not Applicability.objects.filter(answer=answer).exists())
        decision = Applicability.objects.create(
            answer=answer,
            accepted=accepted,
            reason=reason.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        if accepted:
            record(
                [
                    Entry(
                        unit=unit.code,
                        item=answer.item,
                        source="office",
                        observed_at=instant_of(campaign, answer.item, now),
                        kind="verdict",
                        value="not_applicable",
                        reason=reason.strip(),
                    )
                ],
                actor=actor,
                now=now,
            )
        word = "认定不涉及" if accepted else "不认定不涉及"
        record_act(
            actor,
            "decide_claim",
            "campaign",
            campaign.year,
            f"{unit.short_name} {answer.item} {word}：{reason.strip()}",
            now=now,
        )
    return decision
