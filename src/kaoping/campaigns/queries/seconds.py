"""What waits for a second person, over all years that stand: a proposal of an older year must not wait unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from kaoping.accounts.actor import Actor, Owned, Who, same_person
from kaoping.accounts.doors import somewhere
from kaoping.campaigns import policy
from kaoping.campaigns.logic import step_back as step_back_logic
from kaoping.campaigns.models import PointsRuling, SevereRuling, StepBack
from kaoping.campaigns.queries import step_back as step_backs
from kaoping.scoring.organised import OrganisedYear

STAGE, RESULT, POINTS, SEVERE = "stage", "result", "points", "severe"
KINDS: Final = (SEVERE, POINTS, STAGE, RESULT)


@dataclass(frozen=True, slots=True)
class Waiting:
    """``count`` proposals of one kind in one year that this person can answer; ``back`` is the one of a way back."""

    kind: str
    key: OrganisedYear
    count: int = 1
    back: StepBack | None = None


def waiting_for(actor: Actor) -> list[Waiting]:
    """All that this person can answer, in the order of ``KINDS``, the newest year first; at most three queries."""
    found = []
    if somewhere(policy.can_second_severe, actor):
        found += _counted(SEVERE, SevereRuling.objects.filter(end=None), actor, policy.can_second_severe)
    if somewhere(policy.can_second_points, actor):
        found += _counted(POINTS, PointsRuling.objects.filter(end=None), actor, policy.can_second_points)
    if somewhere(policy.can_second_stage_return, actor) or somewhere(policy.can_propose_back, actor):
        found += _ways_back(actor)
    return sorted(found, key=lambda one: (KINDS.index(one.kind), -one.key.year, one.key.organiser))


def _counted(
    kind: str,
    rows: QuerySet[SevereRuling] | QuerySet[PointsRuling],
    actor: Actor,
    door: Callable[[Actor, Owned], bool],
) -> list[Waiting]:
    standing = rows.filter(campaign__voided_at=None).values_list(
        "campaign__organiser", "campaign__year", "by_id"
    )
    keys = Counter(
        OrganisedYear(organiser, year)
        for organiser, year, proposer in standing
        if not same_person(Who(str(proposer)), actor.who)
    )
    return [Waiting(kind, key, count) for key, count in keys.items() if door(actor, key)]


def _ways_back(actor: Actor) -> list[Waiting]:
    rows = StepBack.objects.filter(end=None, campaign__voided_at=None)
    found = []
    for row in rows.select_related("campaign", "first_by"):
        campaign = row.campaign
        if row.back_from in step_back_logic.FROM:
            mine = (
                policy.can_propose_back(actor, campaign)
                and step_backs.proposal(campaign) == row
                and step_backs.refusal_to_second(actor, campaign, agreed=False) is None
            )
            found += [Waiting(RESULT, campaign.key, back=row)] if mine else []
        elif row.back_from == campaign.stage and policy.can_second_stage_return(actor, campaign):
            mine = not same_person(Who(str(row.first_by_id)), actor.who)
            found += [Waiting(STAGE, campaign.key, back=row)] if mine else []
    return found
