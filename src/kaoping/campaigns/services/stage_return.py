"""Verbs of a stage that goes one back (退回上一阶段): alone while nobody saw points, by two persons afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.campaigns.logic import stage_return as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.models import Campaign, StageEntry, StepBack, StepBackEnd
from kaoping.campaigns.queries import stage_return as reads
from kaoping.campaigns.services.doors import hold, stop

_FIRST = "office_handler"


@signing
def return_stage(
    *,
    actor: Actor,
    campaign: Campaign,
    reason: str,
    stage: str | None = None,
    poll_state: str | None = None,
    now: datetime,
) -> StepBack:
    """Take the stage one back; behind the closed round this only proposes it, and another person answers.

    ``stage`` is the one that the form showed: sent once more it does not take the stage before it back as well. What was
    recorded stays; nothing of the round is opened again. The caller supplies the poll's state. Raises ``Refused`` in words.
    """
    campaign.refresh_from_db()
    words = reads.check_return(actor, campaign, reason, poll_state=poll_state)
    if stage is not None and stage != campaign.stage:
        words = (
            reads.done_already(campaign) or f"现在是“{stages.LABELS[campaign.stage]}”阶段，请刷新本页后再办。"
        )
    stop(words, actor=actor, verb="return_stage", campaign=campaign, now=now)
    wanted = logic.back_to(campaign.stage)
    assert wanted is not None
    alone = campaign.stage not in logic.BY_TWO
    with transaction.atomic():
        hold(campaign, lambda: _stands(campaign) and reads.waiting(campaign) is None)
        made = StepBack.objects.create(
            campaign=campaign,
            back_from=campaign.stage,
            back_to=wanted,
            reason=reason.strip(),
            first_by=Person.objects.get(pk=actor.id),
            first_role=_FIRST,
            first_at=now,
        )
        if alone:
            _go(made, actor, now)
        record_act(
            actor,
            "return_stage",
            "campaign",
            campaign.year,
            f"{'' if alone else '提出'}把 {campaign.year} 年度考核由“{stages.LABELS[made.back_from]}”退回到"
            f"“{stages.LABELS[wanted]}”{'' if alone else '，待第二人确认'}：{reason.strip()}",
            now=now,
        )
    campaign.refresh_from_db()
    return made


@signing
def second_stage_return(
    *, actor: Actor, campaign: Campaign, agreed: bool, poll_state: str | None = None, now: datetime
) -> StepBackEnd:
    """The second person agrees, by which the stage goes back, or does not agree, and nothing changes."""
    campaign.refresh_from_db()
    words = reads.check_second(actor, campaign, agreed=agreed, poll_state=poll_state)
    proposal = reads.waiting(campaign)
    if proposal is None:
        words = reads.done_already(campaign) or words
    stop(words, actor=actor, verb="second_stage_return", campaign=campaign, now=now)
    assert proposal is not None
    with transaction.atomic():
        hold(campaign, lambda: _stands(campaign) and reads.waiting(campaign) == proposal)
        if agreed:
            end = _go(proposal, actor, now)
        else:
            person = Person.objects.get(pk=actor.id)
            end = StepBackEnd.objects.create(step_back=proposal, agreed=False, by=person, at=now)
        record_act(
            actor,
            "second_stage_return",
            "campaign",
            campaign.year,
            f"{'同意' if agreed else '不同意'}{proposal.first_by.name}提出的退回（{campaign.year} 年度考核由"
            f"“{stages.LABELS[proposal.back_from]}”到“{stages.LABELS[proposal.back_to]}”）：{proposal.reason}",
            now=now,
        )
    campaign.refresh_from_db()
    return end


def _stands(campaign: Campaign) -> bool:
    return Campaign.objects.filter(pk=campaign.pk, stage=campaign.stage).exists()


def _go(one: StepBack, actor: Actor, now: datetime) -> StepBackEnd:
    """The stage goes back; the window for 复核申请 is counted anew, and so later, when the preview opens again."""
    person = Person.objects.get(pk=actor.id)
    end = StepBackEnd.objects.create(step_back=one, agreed=True, by=person, at=now)
    changes: dict[str, Any] = {"stage": one.back_to}
    if one.back_to == stages.REVIEW:
        changes["appeals_close_at"] = None
    Campaign.objects.filter(pk=one.campaign_id, stage=one.back_from).update(**changes)
    StageEntry.objects.create(
        campaign_id=one.campaign_id, stage=one.back_to, entered_at=now, by=actor.name, by_id=actor.id
    )
    return end
