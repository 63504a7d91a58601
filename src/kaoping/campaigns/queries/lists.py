"""What the lists of a year show: self-reviews, claims 不涉及, assignments; each as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from kaoping.campaigns.models import Answer, Campaign
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.support.rows import Rows


@dataclass(frozen=True, slots=True)
class FormRow:
    """A unit's self-review; ``answered`` is how many of its items lack nothing."""

    unit: str
    short_name: str
    state: str
    answered: int
    submitted_at: datetime | None
    receipt: str
    return_reason: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim 不涉及; ``accepted`` is null while nobody decided it."""

    id: int
    unit: str
    short_name: str
    item: str
    text: str
    files: int
    accepted: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A unit given to a reviewer; ``scored`` is how many scores it holds."""

    id: int
    unit: str
    short_name: str
    unit_alias: str
    reviewer: str
    reviewer_id: int
    reviewer_alias: str
    scored: int
    finished_at: datetime | None
    recused: bool
    recusal_reason: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An assignment that the office took back."""

    short_name: str
    reviewer: str
    at: datetime
    by: str
    reason: str


def forms(campaign: Campaign, *, units: set[str] | None, states: tuple[str, ...] = ()) -> Rows[FormRow]:
    """The self-reviews in register order, of ``units`` (null: all) and in ``states`` (none: in any)."""
    found = self_reviews.forms(campaign, units=units)
    chosen = found.filter(state__in=states) if states else found
    rows = chosen.annotate(done=F("answered")).values_list(
        "organisation__code",
        "organisation__short_name",
        "state",
        "done",
        "submitted_at",
        "receipt",
        "return_reason",
    )
    return Rows(rows, lambda one: FormRow(*one))


def claims(campaign: Campaign) -> Rows[ClaimRow]:
    """The claims 不涉及, undecided ones first."""
    rows = self_reviews.claims(campaign)
    return Rows(rows.order_by("decision", "self_review__organisation__order", "item"), _claim)


def _claim(row: Answer) -> ClaimRow:
    decision = getattr(row, "decision", None)
    unit = row.self_review.organisation
    return ClaimRow(
        id=row.pk,
        unit=unit.code,
        short_name=unit.short_name,
        item=row.item,
        text=row.text,
        files=len(row.artefacts.all()),
        accepted=None if decision is None else decision.accepted,
        reason="" if decision is None else decision.reason,
    )


def assignments(campaign: Campaign) -> Rows[AssignmentRow]:
    """Who reviews whom, in register order."""
    rows = (
        reviews.assignments(campaign)
        .annotate(given=F("scored"))
        .values_list(
            "id",
            "organisation__code",
            "organisation__short_name",
            "unit_alias",
            "reviewer__name",
            "reviewer_id",
            "reviewer_alias",
            "given",
            "finished_at",
            "recused",
            "recusal_reason",
        )
    )
    return Rows(rows, lambda one: AssignmentRow(*one))


def taken_back(campaign: Campaign) -> list[TakenBack]:
    """The assignments that the office took back, newest first."""
    return [
        TakenBack(
            one.organisation.short_name,
            one.reviewer.name,
            one.taken_back_at,
            one.taken_back_by.name,
            one.taken_back_reason,
        )
        for one in reviews.taken_back(campaign)
        if one.taken_back_at and one.taken_back_by
    ]
