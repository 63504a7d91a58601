"""Verbs of the way back (退回复核申请): take up a result that was sent back, or take a signature back by two persons.

The signed sheet and its release are kept and can never be published; a new sheet is computed, signed and frozen.
"""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import approval, stages
from kaoping.campaigns.logic import step_back as step_back_logic
from kaoping.campaigns.models import Approval, Campaign, StageEntry, StepBack, StepBackEnd
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import step_back as step_backs
from kaoping.foreign.glyphs import glyphs


@verb(
    "bring_back",
    "退回重办",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_bring_back,
    denied=step_back_logic.ONLY_HANDLER,
    refusal=step_backs.refusal_to_bring_back,
    lock="campaign",
    said="{first} 退回呈批表后，{who} 把 {year} 年度{what}退回重办：{reason}",
    news="退回重办 {n} 次",
    room="publication",
    final="签发作废就不恢复：重新计算，由第二签发人重新签发。",
)
def bring_back(act: Act, *, actor: Actor, campaign: Campaign, reason: str, now: datetime) -> StepBack:
    """The handler takes up a result (or a correction) that a signer of the approval sheet sent back.

    The two persons are who sent it back and the handler.
    """
    if not glyphs(reason):
        raise Refused(step_back_logic.NO_REASON)
    row, sheet = step_backs.returned(campaign), step_backs.unpublished(campaign)
    with act.writing():
        if (step_backs.returned(campaign), step_backs.unpublished(campaign)) != (row, sheet):
            raise Refused(stages.MEANWHILE)
        assert row is not None  # what the refusal has just asked
        made = StepBack.objects.create(
            campaign=campaign,
            sheet=sheet,
            back_from=campaign.stage,
            back_to=step_back_logic.back_to(campaign.stage),
            reason=reason.strip(),
            returned=row,
            first_by=row.by,
            first_role=step_back_logic.RETURNER,
            first_at=row.at,
        )
        _agree(made, actor, now)
        act.done(first=row.by.name, year=campaign.year, what=_what(made), reason=reason.strip())
    campaign.refresh_from_db()
    return made


@verb(
    "propose_back",
    "提出退回签发",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_propose_back,
    denied=step_back_logic.ONLY_TWO,
    refusal=step_backs.refusal_to_propose,
    lock="campaign",
    said="提出把 {year} 年度{what}退回重办，待第二人确认：{reason}",
    news="提出退回签发 {n} 次",
    room="publication",
    back="second_back",
)
def propose_back(act: Act, *, actor: Actor, campaign: Campaign, reason: str, now: datetime) -> StepBack:
    """The second signer or the head of the office proposes to take the signature back; the other one answers."""
    if not glyphs(reason):
        raise Refused(step_back_logic.NO_REASON)
    sheet = step_backs.unpublished(campaign)
    with act.writing():
        if step_backs.unpublished(campaign) != sheet:
            raise Refused(stages.MEANWHILE)
        made = StepBack.objects.create(
            campaign=campaign,
            sheet=sheet,
            back_from=campaign.stage,
            back_to=step_back_logic.back_to(campaign.stage),
            reason=reason.strip(),
            first_by=Person.objects.get(pk=actor.id),
            first_role=step_back_logic.SIGNER if actor.has(step_back_logic.SIGNER) else step_back_logic.HEAD,
            first_at=now,
        )
        act.done(year=campaign.year, what=_what(made), reason=reason.strip())
    return made


@verb(
    "second_back",
    "确认退回签发",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_propose_back,
    denied=step_back_logic.ONLY_TWO,
    refusal=step_backs.refusal_to_second,
    lock="campaign",
    said="{answer}{first}提出的退回（{year} 年度{what}）：{reason}",
    news="答复退回签发 {n} 次",
    room="publication",
    final="签发作废就不恢复：重新计算、重新签发。没有同意的，可以再提出。",
)
def second_back(act: Act, *, actor: Actor, campaign: Campaign, agreed: bool, now: datetime) -> StepBackEnd:
    """The other of the two agrees, by which the signature becomes void, or does not agree, and nothing changes."""
    waiting = step_backs.proposal(campaign)
    with act.writing():
        if waiting is None or step_backs.proposal(campaign) != waiting:
            raise Refused(stages.MEANWHILE)
        if agreed:
            end = _agree(waiting, actor, now)
        else:
            person = Person.objects.get(pk=actor.id)
            end = StepBackEnd.objects.create(step_back=waiting, agreed=False, by=person, at=now)
        act.done(
            answer="同意" if agreed else "不同意",
            first=waiting.first_by.name,
            year=campaign.year,
            what=_what(waiting),
            reason=waiting.reason,
        )
    campaign.refresh_from_db()
    return end


def _agree(one: StepBack, actor: Actor, now: datetime) -> StepBackEnd:
    """Write what an agreed step back does. Signatures of the paper that still stand are sent back with it."""
    campaign, person = one.campaign, Person.objects.get(pk=actor.id)
    subject = step_backs.subject_of(campaign)
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
