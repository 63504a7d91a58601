"""Reads of the review: a reviewer's own queue by alias, the office's view of all, and how reviewers differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Count, QuerySet

from kaoping.accounts.actor import Who
from kaoping.accounts.logic import already, plain
from kaoping.campaigns.logic import review as logic
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.logic.self_review import SUBMITTED
from kaoping.campaigns.models import Answer, Campaign, ReviewAssignment, ReviewScore
from kaoping.campaigns.queries.items import items, judged
from kaoping.campaigns.queries.self_review import accepted_claims, not_submitted


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One assignment as its reviewer sees it: the unit by alias only."""

    assignment: int
    unit_alias: str
    scored: int
    asked: int
    finished: bool
    recused: bool
    not_submitted: bool = False  # the unit was named as not having handed in its self-review


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One item to score: what the unit says and shows, and the reviewer's own score (null while none)."""

    item: Item
    answer: Answer | None
    score: ReviewScore | None


def assignment(assignment_id: int) -> ReviewAssignment | None:
    """One assignment, for verbs; screens of reviewers use ``own_assignment``."""
    return (
        ReviewAssignment.objects.select_related("campaign", "organisation", "reviewer")
        .filter(pk=assignment_id)
        .first()
    )


def any_assignment(assignment_id: int) -> ReviewAssignment | None:
    """One assignment, also when the office took it back: who comes second is told so."""
    rows = ReviewAssignment.every.select_related("campaign", "organisation", "reviewer", "taken_back_by")
    return rows.filter(pk=assignment_id).first()


def taken_back_already(row: ReviewAssignment) -> str | None:
    """Who took the assignment back and when; null while it stands."""
    if row.taken_back_at is None or row.taken_back_by is None:
        return None
    return already("这份分派", "撤回", row.taken_back_by.name, row.taken_back_at)


def own_assignment(assignment_id: int, reviewer_id: str) -> ReviewAssignment | None:
    """The assignment if it is this reviewer's, else null: nobody sees another's."""
    found = assignment(assignment_id)
    return found if found is not None and str(found.reviewer_id) == reviewer_id else None


@dataclass(frozen=True, slots=True)
class Own:
    """A reviewer's own assignment, the unit by alias only. ``row`` is for verbs and queries; no screen reads it."""

    row: ReviewAssignment
    id: int
    unit_alias: str
    recused: bool
    finished: bool
    round_closed: bool
    rulebook: str


def own_of(row: ReviewAssignment) -> Own:
    """What its reviewer sees of an assignment."""
    campaign = row.campaign
    return Own(
        row,
        row.pk,
        row.unit_alias,
        row.recused,
        row.finished_at is not None,
        campaign.round_closed_at is not None,
        f"{campaign.rulebook.title} {campaign.rulebook.version}",
    )


def is_silent(row: ReviewAssignment) -> bool:
    """Whether the unit of an assignment was named as not having handed in its self-review."""
    return row.organisation.code in not_submitted(row.campaign)


def taken_back(campaign: Campaign) -> QuerySet[ReviewAssignment]:
    """The assignments that the office took back, newest first."""
    rows = ReviewAssignment.every.filter(campaign=campaign, taken_back_at__isnull=False)
    return rows.select_related("organisation", "reviewer", "taken_back_by").order_by("-taken_back_at", "-id")


def assignments(campaign: Campaign) -> QuerySet[ReviewAssignment]:
    """All assignments for the office, with ``scored`` (how many scores each holds)."""
    return (
        ReviewAssignment.objects.filter(campaign=campaign)
        .select_related("organisation", "reviewer")
        .annotate(scored=Count("scores"))
        .order_by("organisation__order", "organisation__code", "id")
    )


def queue(campaign: Campaign, reviewer_id: str) -> list[QueueLine]:
    """A reviewer's own queue in the order of aliases; four queries."""
    rows = (
        ReviewAssignment.objects.filter(campaign=campaign, reviewer_id=int(reviewer_id))
        .select_related("organisation")
        .annotate(scored=Count("scores"))
        .order_by("unit_alias")
    )
    out = accepted_claims(campaign)
    silent = not_submitted(campaign)
    return [
        QueueLine(
            row.pk,
            row.unit_alias,
            row.scored,
            len(_asked(campaign, row.organisation.code, row.organisation.kind, out)),
            row.finished_at is not None,
            row.recused,
            row.organisation.code in silent,
        )
        for row in rows
    ]


def items_to_score(row: ReviewAssignment) -> list[ReviewItem]:
    """What the reviewer of this assignment scores, in rulebook order, with the unit's evidence; five queries."""
    out = accepted_claims(row.campaign)
    answers = {
        one.item: one
        for one in Answer.objects.filter(
            self_review__campaign=row.campaign,
            self_review__organisation_id=row.organisation_id,
            # What a unit never handed in is not before the reviewers.
            self_review__state=SUBMITTED,
        ).prefetch_related("artefacts")
    }
    scores = {one.item: one for one in row.scores.all()}
    return [
        ReviewItem(item, answers.get(item.code), scores.get(item.code))
        for item in _asked(row.campaign, row.organisation.code, row.organisation.kind, out)
    ]


def asks_for(row: ReviewAssignment, item: str) -> bool:
    """Whether the reviewer of this assignment scores an item; one query."""
    asked = _asked(row.campaign, row.organisation.code, row.organisation.kind, accepted_claims(row.campaign))
    return item in {one.code for one in asked}


def _asked(campaign: Campaign, unit: str, kind: str, out: set[tuple[str, str]]) -> list[Item]:
    return [item for item in judged(campaign, kind) if (unit, item.code) not in out]


def unscored_of(row: ReviewAssignment) -> list[str]:
    """Codes and titles that this assignment still lacks."""
    return [f"{one.item.code} {one.item.title}" for one in items_to_score(row) if one.score is None]


def unscored_names(campaign: Campaign) -> tuple[str, ...]:
    """Short names of assessed units whose judged items lack a finished review; three queries.

    A unit needs at least one reviewer who finished, and nobody still at work on it.
    """
    finished: dict[int, int] = defaultdict(int)
    working: set[int] = set()
    for organisation_id, recused, finished_at in ReviewAssignment.objects.filter(
        campaign=campaign
    ).values_list("organisation_id", "recused", "finished_at"):
        if recused:
            continue
        if finished_at is None:
            working.add(organisation_id)
        else:
            finished[organisation_id] += 1
    out = accepted_claims(campaign)
    names = []
    for row in (
        campaign.participations.filter(participates=True)
        .select_related("organisation")
        .order_by("organisation__order", "organisation__code")
    ):
        unit = row.organisation
        if not _asked(campaign, unit.code, unit.kind, out):
            continue
        if unit.pk in working or not finished[unit.pk]:
            names.append(unit.short_name)
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Dot:
    """One reviewer's level on one item."""

    alias: str
    level: str
    label: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Spread:
    """How the reviewers of one unit differ on one item. ``range`` is highest less lowest share (0 to 1)."""

    unit: str
    short_name: str
    item: str
    title: str
    dots: tuple[Dot, ...]
    range: Fraction


def spread(campaign: Campaign, *, unit: str = "") -> list[Spread]:
    """For the office only: items on which at least two reviewers spoke, the widest first; one query."""
    by_code = {item.code: item for item in items(campaign)}
    grouped: dict[tuple[str, str], list[ReviewScore]] = defaultdict(list)
    rows = (
        ReviewScore.objects.filter(assignment__campaign=campaign, assignment__recused=False)
        .select_related("assignment__organisation")
        .order_by("assignment__organisation__order", "item", "assignment_id")
    )
    for row in rows.filter(assignment__organisation__code=unit) if unit else rows:
        grouped[(row.assignment.organisation.code, row.item)].append(row)
    found = []
    for (code, item), scores in grouped.items():
        if len(scores) < 2 or item not in by_code:
            continue
        dots = tuple(_dot(by_code[item], row) for row in scores)
        shares = [dot.share for dot in dots]
        found.append(
            Spread(
                code,
                scores[0].assignment.organisation.short_name,
                item,
                by_code[item].title,
                dots,
                max(shares) - min(shares),
            )
        )
    return sorted(found, key=lambda one: -one.range)


def _dot(item: Item, row: ReviewScore) -> Dot:
    level = next((one for one in item.levels if one.code == row.level), None)
    return Dot(
        row.assignment.reviewer_alias,
        row.level,
        level.label if level else row.level,
        Fraction(level.share) if level else Fraction(0),
    )


def judged_at(uids: Iterable[str]) -> dict[str, datetime]:
    """When a reviewer chose the level behind each of these ledger lines; other lines are left out. One query, or none."""
    wanted = {uid: found for uid in uids if (found := logic.scored_in(uid))}
    if not wanted:
        return {}
    rows = ReviewScore.objects.filter(assignment_id__in={assignment for assignment, _item in wanted.values()})
    saved = {(row[0], row[1]): row[2] for row in rows.values_list("assignment_id", "item", "saved_at")}
    return {uid: saved[found] for uid, found in wanted.items() if found in saved}


def aliases(campaign: Campaign) -> set[str]:
    """Every reviewer's alias: the only name that the ledger and the bundle know."""
    rows = ReviewAssignment.objects.filter(campaign=campaign)
    return set(rows.values_list("reviewer_alias", flat=True))


def scorers(campaign: Campaign, organisation_id: int) -> list[Who]:
    """Who was assigned to score the unit and did not recuse."""
    rows = ReviewAssignment.objects.filter(campaign=campaign, organisation_id=organisation_id, recused=False)
    return [Who(str(one)) for one in rows.values_list("reviewer_id", flat=True)]


def said(score: ReviewScore | None) -> dict[str, str]:
    """What a score says, field by field as its form sends it."""
    return {"level": score.level, "comment": plain(score.comment)} if score else {"level": "", "comment": ""}
