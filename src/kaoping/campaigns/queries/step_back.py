"""Reads of the way back: what can go back now, what waits for a second person, what went back."""

from __future__ import annotations

from django.db.models import QuerySet

from kaoping.accounts.actor import Actor, Who
from kaoping.accounts.logic import already
from kaoping.campaigns.logic import approval, stages
from kaoping.campaigns.logic import step_back as step_back_logic
from kaoping.campaigns.models import Approval as Approval  # what a view hands from a query to a verb
from kaoping.campaigns.models import Campaign, Sheet
from kaoping.campaigns.models import StepBack as StepBack  # what a view hands from a query to a verb
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets


def step_backs(campaign: Campaign) -> QuerySet[StepBack]:
    """All that agreed, in their order, with both persons."""
    rows = StepBack.objects.filter(campaign=campaign, end__agreed=True)
    return rows.select_related("sheet", "first_by", "end__by", "returned")


def ended_last(campaign: Campaign) -> StepBack | None:
    """The step back that was answered last, with both persons."""
    rows = StepBack.objects.filter(campaign=campaign, end__isnull=False, back_from__in=step_back_logic.FROM)
    return rows.select_related("first_by", "end__by").order_by("-end__at", "-pk").first()


def refused_already(one: StepBack) -> str:
    """Who did not agree to a proposal to go back, and when; of a stage as of a result."""
    return already(f"{one.first_by.name}提出的退回", "答复（不同意）", one.end.by.name, one.end.at)


def done_already(campaign: Campaign) -> str | None:
    """Who brought back, or who answered the proposal, and when, for whoever would do it once more; null when nobody did."""
    last = ended_last(campaign)
    if last is None:
        return None
    if not last.end.agreed:
        return refused_already(last)
    if campaign.stage != last.back_to:
        return None
    return already(
        f"{campaign.year} 年度结果", "退回", f"{last.first_by.name}、{last.end.by.name}", last.end.at
    )


def of_sheet(sheet: Sheet | None) -> StepBack | None:
    """By what a sheet's signature became void; null while it stands."""
    if sheet is None:
        return None
    rows = StepBack.objects.filter(sheet=sheet, end__agreed=True)
    return rows.select_related("first_by", "end__by").first()


def unpublished(campaign: Campaign) -> Sheet | None:
    """The signed sheet that is not published: the result's, or that of the correction under way."""
    if campaign.stage == stages.FROZEN:
        return sheets.signed(campaign)
    correction = corrections.under_way(campaign)
    return sheets.signed(campaign) if correction and corrections.is_signed(correction) else None


def subject_of(campaign: Campaign) -> str:
    """Which approval sheet speaks of what is signed now."""
    return approval.CORRECTION if campaign.stage == stages.PUBLISHED else approval.RESULT


def returned(campaign: Campaign) -> Approval | None:
    """The row by which the paper of what is signed now was sent back; null when signatures followed or it never was."""
    rows = campaigns.approval_state(campaign, subject_of(campaign)).rows
    return rows[-1] if rows and rows[-1].step == approval.RETURNED else None


def proposal(campaign: Campaign) -> StepBack | None:
    """The proposal that waits for its second person, about the sheet that is signed now."""
    sheet = unpublished(campaign)
    rows = StepBack.objects.filter(campaign=campaign, sheet=sheet, end=None) if sheet else None
    return rows.select_related("first_by").last() if rows is not None else None


def facts(campaign: Campaign) -> step_back_logic.Facts:
    """What the way back looks at."""
    row, waiting = returned(campaign), proposal(campaign)
    return step_back_logic.Facts(
        stage=campaign.stage,
        signed=unpublished(campaign) is not None,
        correction=corrections.under_way(campaign) is not None,
        returned_by=Who(str(row.by_id)) if row else None,
        proposed_by=Who(str(waiting.first_by_id)) if waiting else None,
        proposed_as=waiting.first_role if waiting else "",
    )


def refusal_to_bring_back(actor: Actor, campaign: Campaign) -> str | None:
    """Why ``actor`` cannot take up what was sent back, or null."""
    return step_back_logic.refusal_to_bring_back(facts(campaign), actor.who)


def refusal_to_propose(campaign: Campaign) -> str | None:
    """Why nobody can propose to take the signature back, or null."""
    return step_back_logic.refusal_to_propose(facts(campaign))


def refusal_to_second(actor: Actor, campaign: Campaign, agreed: bool) -> str | None:
    """Why ``actor`` cannot answer the proposal like this, or null."""
    roles = frozenset(role for role, _code in actor.roles)
    return step_back_logic.refusal_to_second(facts(campaign), actor.who, roles, agreed)
