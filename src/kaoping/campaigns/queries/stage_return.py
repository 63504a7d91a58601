"""Reads of a stage that goes one back: what keeps it, what waits for a second person, what went back."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kaoping.accounts.actor import Actor, Who
from kaoping.accounts.logic import already
from kaoping.campaigns.logic import appeal as appeal_logic
from kaoping.campaigns.logic import self_review as self_review_logic
from kaoping.campaigns.logic import stage_return as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic import step_back as step_back_logic
from kaoping.campaigns.models import Appeal, Campaign, PointsRuling, ReviewScore, SelfReview
from kaoping.campaigns.models import StepBack as StepBack  # what a view hands from a query to a verb
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.step_back import refused_already


def _rows(campaign: Campaign) -> QuerySet[StepBack]:
    rows = StepBack.objects.filter(campaign=campaign).exclude(back_from__in=step_back_logic.FROM)
    return rows.select_related("first_by", "end__by")


def returns(campaign: Campaign) -> QuerySet[StepBack]:
    """The stages that went back, newest first, with both persons (who goes back alone is both)."""
    return _rows(campaign).filter(end__agreed=True).order_by("-pk")


def waiting(campaign: Campaign) -> StepBack | None:
    """The proposal of this stage that waits for its second person."""
    return _rows(campaign).filter(back_from=campaign.stage, end=None).last()


def facts(campaign: Campaign, *, poll_state: str | None) -> logic.Facts:
    """What was handed in or recorded in the stage; the caller supplies the poll's state, which ``evaluation`` knows."""
    proposal = waiting(campaign)
    signed = sheets.signed(campaign)
    return logic.Facts(
        stage=campaign.stage,
        poll_state=poll_state,
        begun=_begun(campaign),
        scores=ReviewScore.objects.filter(assignment__campaign=campaign).count(),
        round_closed=campaign.round_closed_at is not None,
        appeals=Appeal.objects.filter(campaign=campaign).exclude(outcome=appeal_logic.WITHDRAWN).count(),
        rulings=PointsRuling.objects.filter(campaign=campaign).exclude(end__agreed=False).count(),
        signed=signed is not None,
        proposed_by=Who(str(proposal.first_by_id)) if proposal else None,
    )


def _begun(campaign: Campaign) -> int:
    """Units that wrote something in their self-review, handed it in, or were named as missing."""
    rows = SelfReview.objects.filter(campaign=campaign)
    touched = ~Q(state=self_review_logic.DRAFT) | Q(answers__isnull=False)
    return rows.filter(touched).distinct().count()


def done_already(campaign: Campaign) -> str | None:
    """Who took this very stage back, or answered the proposal, and when; null when its last entry came another way."""
    last = _rows(campaign).filter(end__isnull=False).order_by("-end__at", "-pk").first()
    if last is None:
        return None
    if not last.end.agreed:
        return refused_already(last)
    if campaign.stage != last.back_to:
        return None
    names = "、".join(dict.fromkeys((last.first_by.name, last.end.by.name)))
    what = f"{campaign.year} 年度考核“{stages.LABELS[last.back_from]}”"
    return already(what, f"退回到“{stages.LABELS[last.back_to]}”", names, last.end.at)


def refusal_to_return(campaign: Campaign, stage: str | None, poll_state: str | None) -> str | None:
    """Why nobody can take the stage back, or propose it, or null; ``stage`` is the one that the form showed, if it did."""
    if stage is not None and stage != campaign.stage:
        return done_already(campaign) or f"现在是“{stages.LABELS[campaign.stage]}”阶段，请刷新本页后再办。"
    words = logic.refusal_to_return(facts(campaign, poll_state=poll_state))
    return words or campaigns.refusal_of_voided(campaign)


def refusal_to_second(actor: Actor, campaign: Campaign, agreed: bool, poll_state: str | None) -> str | None:
    """Why ``actor`` cannot answer the proposal like this, or null."""
    known = facts(campaign, poll_state=poll_state)
    done = done_already(campaign) if known.proposed_by is None else None
    return done or logic.refusal_to_second(known, actor.who, agreed)
