"""Verbs of the way back (退回复核申请): take up a result that was sent back, or take a signature back by two persons.

The signed sheet and its release are kept and can never be published; a new sheet is computed, signed and frozen.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.campaigns.logic import approval, stages
from kaoping.campaigns.logic import step_back as logic
from kaoping.campaigns.models import Approval, Campaign, StageEntry, StepBack, StepBackEnd
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import step_back as reads
from kaoping.campaigns.services.doors import hold, stop


@signing
def bring_back(*, actor: Actor, campaign: Campaign, reason: str, now: datetime) -> StepBack:
    """The handler takes up a result (or a correction) that a signer of the approval sheet sent back.

    The two persons are who sent it back and the handler.
    """
    campaign.refresh_from_db()
    words = reads.check_bring_back(actor, campaign, reason)
    stop(words, actor=actor, verb="bring_back", campaign=campaign, now=now)
    row, sheet = reads.returned(campaign), reads.unpublished(campaign)
    assert row is not None
    with transaction.atomic():
        hold(campaign, lambda: _stands(campaign, sheet) and reads.returned(campaign) == row)
        made = StepBack.objects.create(
            campaign=campaign,
            sheet=sheet,
            back_from=campaign.stage,
            back_to=logic.back_to(campaign.stage),
            reason=reason.strip(),
            returned=row,
            first_by=row.by,
            first_role=logic.RETURNER,
            first_at=row.at,
        )
        _agree(made, actor, now)
        record_act(
            actor,
            "bring_back",
            "campaign",
            campaign.year,
            f"{row.by.name} 退回呈批表后，{actor.name} 把 {campaign.year} 年度{_what(made)}退回重办：{reason.strip()}",
            now=now,
        )
    campaign.refresh_from_db()
    return made


@signing
def propose_back(*, actor: Actor, campaign: Campaign, reason: str, now: datetime) -> StepBack:
    """The second signer or the head of the office proposes to take the signature back; the other one answers."""
    campaign.refresh_from_db()
    words = reads.check_propose(actor, campaign, reason)
    stop(words, actor=actor, verb="propose_back", campaign=campaign, now=now)
    sheet = reads.unpublished(campaign)
    with transaction.atomic():
        hold(campaign, lambda: _stands(campaign, sheet) and reads.proposal(campaign) is None)
        made = StepBack.objects.create(
            campaign=campaign,
            sheet=sheet,
            back_from=campaign.stage,
            back_to=logic.back_to(campaign.stage),
            reason=reason.strip(),
            first_by=Person.objects.get(pk=actor.id),
            first_role=logic.SIGNER if actor.has(logic.SIGNER) else logic.HEAD,
            first_at=now,
        )
        record_act(
            actor,
            "propose_back",
            "campaign",
            campaign.year,
            f"提出把 {campaign.year} 年度{_what(made)}退回重办，待第二人确认：{reason.strip()}",
            now=now,
        )
    return made


@signing
def second_back(*, actor: Actor, campaign: Campaign, agreed: bool, now: datetime) -> StepBackEnd:
    """The other of the two agrees, by which the signature becomes void, or does not agree, and nothing changes."""
    campaign.refresh_from_db()
    words = reads.check_second(actor, campaign, agreed=agreed)
    stop(words, actor=actor, verb="second_back", campaign=campaign, now=now)
    waiting, sheet = reads.proposal(campaign), reads.unpublished(campaign)
    assert waiting is not None
    with transaction.atomic():
        hold(campaign, lambda: _stands(campaign, sheet) and reads.proposal(campaign) == waiting)
        if agreed:
            end = _agree(waiting, actor, now)
        else:
            person = Person.objects.get(pk=actor.id)
            end = StepBackEnd.objects.create(step_back=waiting, agreed=False, by=person, at=now)
        record_act(
            actor,
            "second_back",
            "campaign",
            campaign.year,
            f"{'同意' if agreed else '不同意'}{waiting.first_by.name}提出的退回（{campaign.year} 年度{_what(waiting)}）："
            f"{waiting.reason}",
            now=now,
        )
    campaign.refresh_from_db()
    return end


def _stands(campaign: Campaign, sheet: object) -> bool:
    """Whether the stage and the signed sheet are still those that were decided on."""
    now = campaigns.by_id(campaign.pk)
    return now is not None and now.stage == campaign.stage and reads.unpublished(now) == sheet


def _agree(one: StepBack, actor: Actor, now: datetime) -> StepBackEnd:
    """Write what an agreed step back does. Signatures of the paper that still stand are sent back with it."""
    campaign, person = one.campaign, Person.objects.get(pk=actor.id)
    subject = reads.subject_of(campaign)
    if campaigns.approval_state(campaign, subject).standing:
        Approval.objects.create(
            campaign=campaign,
            subject=subject,
            step=approval.RETURNED,
            opinion=f"签发已经退回：{one.reason}",
            by=person,
            at=now,
        )
    end = StepBackEnd.objects.create(step_back=one, agreed=True, by=person, at=now)
    if one.back_to != one.back_from:
        Campaign.objects.filter(pk=campaign.pk, stage=one.back_from).update(stage=one.back_to)
        StageEntry.objects.create(
            campaign=campaign, stage=one.back_to, entered_at=now, by=actor.name, by_id=actor.id
        )
    return end


def _what(one: StepBack) -> str:
    if one.back_from == stages.PUBLISHED:
        return "结果更正"
    return f"结果（回到“{stages.LABELS[one.back_to]}”）"
