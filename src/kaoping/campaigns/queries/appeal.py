"""Reads of appeals (复核申请), and what a decision would do before it is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import QuerySet

from kaoping.accounts.actor import Actor, Who
from kaoping.accounts.logic import already
from kaoping.accounts.queries import known_as
from kaoping.campaigns.logic import appeal as appeal_logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.models import Appeal as Appeal  # what a view hands from a query to a verb
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import at_work
from kaoping.evidence import queries as ledger
from kaoping.scoring.observations import Observation
from kaoping.support.rows import Rows

OUTCOMES = appeal_logic.OUTCOMES


def appeals(campaign: Campaign, *, unit: str = "", open_only: bool = False) -> QuerySet[Appeal]:
    """All appeals in the order they came, of one unit when given."""
    rows = Appeal.objects.filter(campaign=campaign).select_related("organisation", "filed_by", "decided_by")
    if unit:
        rows = rows.filter(organisation__code=unit)
    return rows.filter(outcome="") if open_only else rows


@dataclass(frozen=True, slots=True)
class Filed:
    """One appeal as its screens show it: what was asked for and handed in, and what was decided."""

    id: int
    number: str
    unit: str
    short_name: str
    name_of_unit: str
    item: str
    claim: str
    filed_at: datetime
    sha256: str
    name: str
    url: str
    capture_sha256: str
    capture_at: datetime | None
    capture_failure: str
    points_before: str
    points_standing: str
    compared: str
    points_after: str
    decided_points: str
    outcome: str
    decision: str
    decided_by: str
    decided_at: datetime | None


def filed(row: Appeal) -> Filed:
    """What the screens show of a stored appeal."""
    unit = row.organisation
    return Filed(
        row.pk,
        row.number,
        unit.code,
        unit.short_name,
        unit.name,
        row.item,
        row.claim,
        row.filed_at,
        row.sha256,
        row.name,
        row.url,
        row.capture_sha256,
        row.capture_at,
        row.capture_failure,
        row.points_before,
        row.points_standing,
        row.compared,
        row.points_after,
        row.decided_points,
        row.outcome,
        row.decision,
        row.decided_by.name if row.decided_by else "",
        row.decided_at,
    )


def listed(campaign: Campaign, *, unit: str = "", open_only: bool = False) -> Rows[Filed]:
    """All appeals in the order they came, of one unit when given, or those that wait, for a list."""
    return Rows(appeals(campaign, unit=unit, open_only=open_only), filed)


def by_number(number: str) -> Appeal | None:
    """The appeal of this number, as the ledger names it."""
    return Appeal.objects.select_related("campaign").filter(number=number).first()


def by_id(appeal_id: int) -> Appeal | None:
    """One appeal."""
    return (
        Appeal.objects.select_related("campaign", "organisation", "filed_by", "decided_by")
        .filter(pk=appeal_id)
        .first()
    )


def refusal_to_withdraw(appeal: Appeal) -> str | None:
    """Why the unit cannot take its appeal back now, or null."""
    done = appeal.decided_by, appeal.decided_at
    if appeal.outcome == appeal_logic.WITHDRAWN and done[0] is not None and done[1] is not None:
        return already(f"复核申请 {appeal.number} ", "撤回", done[0].name, done[1])
    return appeal_logic.refusal_to_withdraw(appeal.campaign.stage, appeal.outcome)


def deciding(organiser: str) -> Campaign | None:
    """The organiser's year whose appeals are decided now: the newest in which one waits, though the next year's plan may be written."""
    open_ones = Appeal.objects.filter(outcome="", campaign__organiser=organiser)
    waiting = open_ones.select_related("campaign").order_by("-campaign__year").first()
    return waiting.campaign if waiting else at_work(stages.APPEALS, organiser)


def open_on(campaign: Campaign, unit: str, item: str) -> str:
    """The number of the unit's undecided appeal of an item; '' when there is none."""
    found = appeals(campaign, unit=unit, open_only=True).filter(item=item).first()
    return found.number if found is not None else ""


def open_count(campaign: Campaign) -> int:
    """How many wait for a decision."""
    return Appeal.objects.filter(campaign=campaign, outcome="").count()


def outcome_counts(campaign: Campaign) -> dict[str, int]:
    """Outcome -> how many; the upheld rate is published."""
    return dict(
        Counter(
            Appeal.objects.filter(campaign=campaign).exclude(outcome="").values_list("outcome", flat=True)
        )
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """What lies behind the item now: points, reason, and the observations that moved them."""

    points: str
    max: str
    reason: str
    observations: Sequence[Observation]
    scale: sheets.Scale


def basis(appeal: Appeal) -> Basis | None:
    """The item's line of the latest sheet with its observations."""
    latest = sheets.latest(appeal.campaign)
    detail = sheets.unit_detail(latest, appeal.organisation.code) if latest else None
    line = detail["indicators"].get(appeal.item) if detail else None
    if line is None:
        return None
    assert detail is not None
    return Basis(
        line["points"],
        line["max"],
        line["reason"],
        ledger.observations(line["observations"]),
        sheets.Scale(Fraction(line["exact"]), sheets.exact_max(appeal.campaign, detail, appeal.item)),
    )


def no_longer_counting(appeal: Appeal, basis: Basis | None) -> list[Observation]:
    """What the item rested on earlier, as when the unit filed its appeal, and no longer does."""
    counting = [one.id for one in basis.observations] if basis else []
    return sheets.counted_before(appeal.campaign, appeal.organisation.code, appeal.item, counting)


def parties(appeal: Appeal, behind: Iterable[Observation]) -> appeal_logic.Behind:
    """Who has a hand in what is appealed; ``behind`` are the observations behind the points."""
    return appeal_logic.Behind(
        filed=Who(str(appeal.filed_by_id)),
        scored=reviews.scorers(appeal.campaign, appeal.organisation_id),
        recorded=list(ledger.recorders(one.id for one in behind).values()),
    )


def refusal_to_decide(actor: Actor, appeal: Appeal) -> str | None:
    """Why ``actor`` cannot decide an appeal at all, or null."""
    found = basis(appeal)
    behind = parties(appeal, found.observations if found else ())
    return appeal_logic.refusal_to_decide(
        appeal.campaign.stage,
        decided=bool(appeal.outcome),
        decider=known_as(actor, beside=behind.recorded),
        behind=behind,
    )
