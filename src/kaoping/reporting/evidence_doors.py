"""Who may open which evidence file: one door a kind of reader. A file is named by its digest, never by a path.

Each door answers with the name under which the file is handed out, or null when the reader may not have it or nothing
binds it to what the reader is concerned with; both look the same from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from kaoping.accounts.actor import Actor
from kaoping.accounts.doors import somewhere
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.self_review import SUBMITTED
from kaoping.campaigns.models import AnswerArtefact, Appeal, ReviewAssignment
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import review as reviews
from kaoping.evidence import queries as ledger
from kaoping.scoring.observations import Observation

# A ledger file (台账) holds the rows of every unit, a tally none that a unit may trace: neither is handed to a unit.
_NOT_FOR_UNITS = ("register", "ballot")


def unit_file(actor: Actor, unit: str, sha256: str) -> str | None:
    """A file of the unit's own answers, of its own appeals, or behind an observation about it."""
    offered = AnswerArtefact.objects.filter(_named(sha256), answer__self_review__organisation__code=unit)
    for row in offered.select_related("answer__self_review__campaign"):
        if policy.can_see_self_review(actor, row.answer.self_review.campaign, unit):
            return row.name or ledger.plain_name(sha256)
    for appeal in Appeal.objects.filter(_named(sha256), organisation__code=unit).select_related("campaign"):
        if policy.can_preview(actor, appeal.campaign, unit):
            return (appeal.name if appeal.sha256 == sha256 else "") or ledger.plain_name(sha256)
    own = actor.has("liaison", unit)
    if not (own or somewhere(policy.can_see_campaign, actor)):
        return None
    lines = [one for one in ledger.of_unit(unit) if own or policy.can_see_campaign(actor, one)]
    seen = [one for one in lines if one.source not in _NOT_FOR_UNITS]
    return ledger.plain_name(sha256) if _holds(seen, sha256) else None


def reviewer_file(actor: Actor, assignment_id: int, sha256: str) -> str | None:
    """A file that the unit offered for an item which this reviewer scores; nothing after a recusal.

    Its own name may name the unit, so it is handed out by number.
    """
    for _row, number, artefact in _before_reviewer(actor, assignment_id):
        if artefact.sha256 == sha256:
            _stem, dot, kind = (artefact.name or ledger.plain_name(sha256)).rpartition(".")
            return f"材料{number}{dot}{kind if dot else ''}"
    return None


def reviewer_capture(
    actor: Actor, assignment_id: int, artefact_id: int
) -> tuple[ReviewAssignment, int, AnswerArtefact] | None:
    """The archived page of a link by the same door: the assignment, the number and the link; null without a capture."""
    for row, number, artefact in _before_reviewer(actor, assignment_id):
        if artefact.pk == artefact_id and artefact.capture_sha256:
            return row, number, artefact
    return None


def _before_reviewer(
    actor: Actor, assignment_id: int
) -> Iterator[tuple[ReviewAssignment, int, AnswerArtefact]]:
    """What lies before a reviewer, each by its number within the item."""
    row = reviews.own_assignment(assignment_id, actor.id)
    if (
        row is None
        or not policy.can_review(actor, row.campaign)
        or row.recused
        or not stages.reached(row.campaign.stage, stages.REVIEW)
    ):
        return
    for one in reviews.items_to_score(row):
        for number, artefact in enumerate(one.answer.artefacts.all() if one.answer else (), start=1):
            yield row, number, artefact


def appeal_file(actor: Actor, appeal_id: int, sha256: str) -> str | None:
    """A file of the appeal, of the unit's answer to the item, or behind the points in dispute."""
    appeal = appeal_reads.by_id(appeal_id)
    if appeal is None or not policy.can_decide_appeal(actor, appeal.campaign):
        return None
    row = AnswerArtefact.objects.filter(
        _named(sha256),
        answer__item=appeal.item,
        answer__self_review__campaign=appeal.campaign,
        answer__self_review__organisation=appeal.organisation,
        # What a unit never handed in is not before the decider.
        answer__self_review__state=SUBMITTED,
    ).first()
    if row is not None:
        return row.name or ledger.plain_name(sha256)
    basis = appeal_reads.basis(appeal)
    if appeal.sha256 == sha256:
        return appeal.name or ledger.plain_name(sha256)
    if appeal.capture_sha256 and ledger.page_of(sha256) == appeal.capture_sha256:
        return ledger.plain_name(sha256)
    behind = [*(basis.observations if basis else ()), *appeal_reads.no_longer_counting(appeal, basis)]
    if _holds(behind, sha256):
        return ledger.plain_name(sha256)
    return None


def _named(sha256: str) -> Q:
    """A file handed in, the archived page of an address, or that page's picture."""
    return Q(sha256=sha256) | Q(capture_sha256=ledger.page_of(sha256))


def _holds(observations: Iterable[Observation], sha256: str) -> bool:
    known = {sha256, ledger.page_of(sha256)}
    return any(artefact.sha256 in known for one in observations for artefact in one.artefacts)
