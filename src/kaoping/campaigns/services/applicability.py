"""The office decides claims 不涉及 before scoring; only its decision counts (a claim never moves a point)."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import review as logic
from kaoping.campaigns.logic.items import refusal_to_self_review
from kaoping.campaigns.logic.self_review import SUBMITTED
from kaoping.campaigns.models import Answer, Applicability
from kaoping.campaigns.queries.items import item as item_of
from kaoping.campaigns.queries.period import instant_of
from kaoping.evidence.services import Entry, record
from kaoping.foreign.glyphs import glyphs


def _not_to_decide(answer: Answer) -> str | None:
    review = answer.self_review
    words = logic.refusal_to_decide_claim(
        review.campaign.stage,
        review.state == SUBMITTED,
        answer.not_applicable,
        Applicability.objects.filter(answer=answer).exists(),
    )
    return words or refusal_to_self_review(item_of(review.campaign, answer.item))


@verb(
    "decide_claim",
    "审定不涉及",
    kind="campaign",
    thing="answer.self_review.campaign",
    signs=True,
    door=policy.can_decide_claim,
    whose="answer.self_review.campaign",
    denied="“不涉及”由政务公开办经办审定。",
    refusal=_not_to_decide,
    lock=("answer.self_review", "answer.self_review.campaign"),
    said="{unit} {item} {word}：{reason}",
    news="审定“不涉及” {n} 件",
    room="claims",
    final="审定了的不改；得分有误的，由单位申请复核。",
)
def decide_claim(
    act: Act, *, actor: Actor, answer: Answer, accepted: bool, reason: str, now: datetime
) -> Applicability:
    """Decide one claim. Accepted, it enters the ledger as source ``office``, and the item's points are redistributed.

    Refused, nothing enters the ledger: the item is scored like any other.
    """
    if not glyphs(reason):
        raise Refused("审定要写明理由，单位会看到。")
    with act.writing():
        campaign, unit = answer.self_review.campaign, answer.self_review.organisation
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
                whose=campaign,
                now=now,
            )
        act.done(
            unit=unit.short_name,
            item=answer.item,
            word="认定不涉及" if accepted else "不认定不涉及",
            reason=reason.strip(),
        )
    return decision
