"""Verbs of a stage that goes one back (退回上一阶段): alone while nobody saw points, by two persons afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stage_return as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.models import Campaign, StageEntry, StepBack, StepBackEnd
from kaoping.campaigns.queries import stage_return as reads
from kaoping.foreign.glyphs import glyphs

_FIRST = "office_handler"


@verb(
    "return_stage",
    "退回上一阶段",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_return_stage,
    denied=logic.ONLY_HANDLER,
    refusal=reads.refusal_to_return,
    lock="campaign",
    said="{proposing}把 {year} 年度考核由“{was}”退回到“{becomes}”{waiting}：{reason}",
    news="退回上一阶段 {n} 次",
    room="board",
    back="advance",
)
def return_stage(
    act: Act,
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
    if not glyphs(reason):
        raise Refused(logic.NO_REASON)
    was, wanted = campaign.stage, logic.back_to(campaign.stage)
    assert wanted is not None  # what the refusal has just asked
    alone = was not in logic.BY_TWO
    with act.writing():
        if campaign.stage != was:
            raise Refused(stages.MEANWHILE)
        made = StepBack.objects.create(
            campaign=campaign,
            back_from=was,
            back_to=wanted,
            reason=reason.strip(),
            first_by=Person.objects.get(pk=actor.id),
            first_role=_FIRST,
            first_at=now,
        )
        if alone:
            _go(made, actor, now)
        act.done(
            proposing="" if alone else "提出",
            year=campaign.year,
            was=stages.LABELS[was],
            becomes=stages.LABELS[wanted],
            waiting="" if alone else "，待第二人确认",
            reason=reason.strip(),
        )
    campaign.refresh_from_db()
    return made


@verb(
    "second_stage_return",
    "答复退回上一阶段",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_second_stage_return,
    denied=logic.ONLY_SECOND,
    refusal=reads.refusal_to_second,
    lock="campaign",
    said="{answer}{first}提出的退回（{year} 年度考核由“{was}”到“{becomes}”）：{reason}",
    news="答复退回上一阶段 {n} 次",
    room="board",
    back="advance",
)
def second_stage_return(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    agreed: bool,
    poll_state: str | None = None,
    now: datetime,
) -> StepBackEnd:
    """The second person agrees, by which the stage goes back, or does not agree, and nothing changes."""
    proposal = reads.waiting(campaign)
    with act.writing():
        if proposal is None or reads.waiting(campaign) != proposal:
            raise Refused(stages.MEANWHILE)
        if agreed:
            end = _go(proposal, actor, now)
        else:
            person = Person.objects.get(pk=actor.id)
            end = StepBackEnd.objects.create(step_back=proposal, agreed=False, by=person, at=now)
        act.done(
            answer="同意" if agreed else "不同意",
            first=proposal.first_by.name,
            year=campaign.year,
            was=stages.LABELS[proposal.back_from],
            becomes=stages.LABELS[proposal.back_to],
            reason=proposal.reason,
        )
    campaign.refresh_from_db()
    return end


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
