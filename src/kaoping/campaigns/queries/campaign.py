"""Reads about the campaign itself: its plan, units, signatures, and what keeps the next gate shut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from kaoping.accounts.actor import Actor, Who
from kaoping.accounts.logic import already
from kaoping.beijing import day_of
from kaoping.campaigns.logic import approval, stages
from kaoping.campaigns.logic.approval import Signature
from kaoping.campaigns.models import (
    Appeal,
    Approval,
    ApprovalScan,
    Priority,
    ReportNote,
    StageEntry,
)
from kaoping.campaigns.models import Campaign as Campaign  # what a view hands from a query to a verb
from kaoping.campaigns.models import (
    Participation as Participation,  # what a view hands from a query to a verb
)
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import period
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.registry.models import Organisation
from kaoping.registry.queries import as_unit, branch_of
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.provenance import Adoption
from kaoping.scoring.units import Unit

STAGES = stages.STAGES
STAGE_LABELS = stages.LABELS
PUBLICATION_LEVELS = stages.PUBLICATION_LEVELS
TIMETABLES = stages.TIMETABLES


def campaigns() -> QuerySet[Campaign]:
    """All campaigns, newest year first."""
    return Campaign.objects.select_related("rulebook").defer("rulebook__files").order_by("-year")


def voided() -> QuerySet[Campaign]:
    """The years that were voided, newest first, with who voided them and why."""
    rows = Campaign.every.filter(voided_at__isnull=False).select_related("voided_by")
    return rows.order_by("-voided_at", "-id")


def refusal_of_voided(campaign: Campaign) -> str | None:
    """Why nothing more is done in a year, or null: somebody voided it while this was under way."""
    return None if campaign.voided_at is None else stages.MEANWHILE


def voided_already(campaign: Campaign) -> str | None:
    """Who voided the year and when, for whoever would do it once more; null while it stands."""
    if campaign.voided_at is None or campaign.voided_by is None:
        return None
    return already(f"{campaign.year} 年度考核", "作废", campaign.voided_by.name, campaign.voided_at)


def of(key: OrganisedYear | None) -> Campaign | None:
    """The campaign of an organiser's year; null for no key."""
    return campaigns().filter(organiser=key.organiser, year=key.year).first() if key else None


def others(key: OrganisedYear) -> list[OrganisedYear]:
    """The same organiser's other years, newest first."""
    return [one.key for one in campaigns().filter(organiser=key.organiser) if one.key != key]


def current(organiser: str | None = None) -> Campaign | None:
    """The newest campaign, of one organiser where its code is given."""
    return _of(organiser).first()


def _of(organiser: str | None) -> QuerySet[Campaign]:
    rows = campaigns()
    return rows.filter(organiser=organiser) if organiser else rows


def at_work(stage: str, organiser: str | None = None, *, of_unit: str = "") -> Campaign | None:
    """The newest year that has come to ``stage`` and is not yet published; else the newest whose plan is done; else the newest.

    Of one organiser where its code is given; where a unit's is, of the years in which it is assessed, if there are any.
    The plan of the next year is written while units and experts still work on the last: it hides nothing of theirs.
    """
    known = _of(organiser)
    if of_unit:
        mine = known.filter(participations__organisation__code=of_unit, participations__participates=True)
        known = mine or known
    rows = list(known)
    planned = [one for one in rows if one.stage != stages.PLAN]
    come = [one for one in planned if stages.reached(one.stage, stage) and one.stage != stages.PUBLISHED]
    return next(iter(come or planned or rows), None)


def by_id(campaign_id: int) -> Campaign | None:
    """One campaign."""
    return campaigns().filter(pk=campaign_id).first()


def priorities(campaign: Campaign) -> QuerySet[Priority]:
    """The year's 要点 in order."""
    return campaign.priorities.all()


def participations(campaign: Campaign, *, only: bool | None = None) -> QuerySet[Participation]:
    """The plan's units in register order; ``only`` true for those assessed, false for those left out."""
    rows = campaign.participations.select_related("organisation").order_by(
        "organisation__order", "organisation__code"
    )
    return rows if only is None else rows.filter(participates=only)


def units(campaign: Campaign) -> list[Unit]:
    """The assessed units in the engine's form, in register order; of a closed round as they were when it closed."""
    return [_unit(row) for row in participations(campaign, only=True)]


def _unit(row: Participation) -> Unit:
    unit = as_unit(row.organisation, group=row.group, participates=True)
    if not row.kind:
        return unit
    return replace(unit, kind=row.kind, valid_from=row.valid_from, valid_to=row.valid_to)


def visible_units(campaign: Campaign, actor: Actor) -> set[str]:
    """Codes of the assessed units that a district office or competent department answers for."""
    branch = branch_of(actor)
    return set(
        campaign.participations.filter(participates=True, organisation__code__in=branch).values_list(
            "organisation__code", flat=True
        )
    )


def participates(campaign: Campaign, organisation: str) -> bool:
    """Whether the unit is assessed in this campaign."""
    return campaign.participations.filter(participates=True, organisation__code=organisation).exists()


def group_counts(campaign: Campaign) -> dict[str, int]:
    """Group -> assessed units; a group counts 0 when nobody of it is assessed and somebody is left out unexplained."""
    rows = campaign.participations.values_list("group", "participates", "reason")
    counts: Counter[str] = Counter()
    for group, taking_part, reason in rows:
        if taking_part or not reason:
            counts[group] += int(taking_part)
    return dict(counts)


def stage_entries(campaign: Campaign) -> QuerySet[StageEntry]:
    """When each stage began."""
    return campaign.stage_entries.order_by("id")


@dataclass(frozen=True, slots=True)
class ApprovalState:
    """An approval sheet as it stands: rows of all signatures, the step awaited (null when all signed), the scan."""

    subject: str
    rows: Sequence[Approval]
    standing: int
    next_step: str | None
    next_label: str | None
    scan: ApprovalScan | None

    @property
    def complete(self) -> bool:
        """Three signatures and the scan."""
        return self.next_step is None and self.scan is not None


def approval_state(campaign: Campaign, subject: str) -> ApprovalState:
    """The approval sheet of the plan, of the result or of the newest correction (its rows since it was opened)."""
    found = campaign.approvals.filter(subject=subject)
    if subject == approval.CORRECTION:
        newest = corrections.corrections(campaign).last()
        found = found.filter(at__gte=newest.opened_at) if newest else found.none()
    rows = list(found.select_related("by").order_by("id"))
    marks = signatures(rows)
    step = approval.next_step(marks)
    scan = campaign.scans.filter(subject=subject).order_by("-id").first() if step is None else None
    counted = len(approval.standing(marks))
    if scan is not None and scan.attached_at < rows[-1].at:
        scan = None
    label = approval.LABEL_OF[step] if step else None
    return ApprovalState(subject, rows, counted, step, label, scan)


def adoption_of(campaign: Campaign) -> Adoption | None:
    """The approval of the plan, by which its numbers became the city's own; null before the last signature."""
    state = approval_state(campaign, "plan")
    if state.next_step is not None:
        return None
    last = state.rows[-1]
    return Adoption(
        by=approval.LABEL_OF[last.step],
        on=day_of(last.at),
        document_no=state.scan.document_no if state.scan else "",
    )


def adoptions_of(version_id: int) -> dict[int, Adoption]:
    """By year, the approved plans that carry a rulebook version."""
    found = {
        one.year: adoption_of(one) for one in Campaign.objects.filter(rulebook_id=version_id).order_by("year")
    }
    return {year: one for year, one in found.items() if one}


def years_by_rulebook() -> dict[int, list[int]]:
    """The years whose plan carries a rulebook version, approved or not, rising, by version; one query."""
    found: dict[int, list[int]] = {}
    for version, year in Campaign.objects.order_by("year").values_list("rulebook_id", "year"):
        found.setdefault(version, []).append(year)
    return found


def signatures(rows: Sequence[Approval]) -> list[Signature]:
    """Rows in the form that the logic reads."""
    return [Signature(row.step, Who(str(row.by_id))) for row in rows]


def stage_facts(campaign: Campaign, *, poll_state: str | None = None, release: bool = False) -> stages.Facts:
    """What the gates look at. The poll's state comes from the caller, who may ask ``evaluation``; so does the release."""
    plan, result = approval_state(campaign, "plan"), approval_state(campaign, "result")
    latest = sheets.latest(campaign)
    return stages.Facts(
        rulebook=campaign.rulebook_id is not None,
        timetable=campaign.timetable,
        priorities=campaign.priorities.count(),
        groups=group_counts(campaign),
        plan_missing=approval.unsigned(signatures(plan.rows)),
        plan_scan=plan.scan is not None,
        poll_state=poll_state,
        tallies=campaign.stage == stages.EVALUATION and sheets.has_tallies(campaign),
        self_review_until=period.self_review_until(campaign),
        self_reviews_open=self_reviews.open_names(campaign) if campaign.stage == stages.SELF_REVIEW else (),
        undecided_claims=self_reviews.undecided_count(campaign),
        unscored=reviews.unscored_names(campaign) if campaign.stage == stages.REVIEW else (),
        round_closed=campaign.round_closed_at is not None,
        sheet=latest is not None,
        sheet_after_round=latest is not None
        and campaign.round_closed_at is not None
        and latest.as_of >= campaign.round_closed_at,
        appeals_close_at=closes_at(campaign),
        open_appeals=Appeal.objects.filter(campaign=campaign, outcome="").count(),
        sheet_is_latest=latest is not None and campaign.stage == stages.APPEALS and sheets.is_latest(latest),
        sheet_prepared=latest is None
        or latest.prepared_by_id is not None
        and not (campaign.stage == stages.APPEALS and sheets.is_voided(latest)),
        open_cells=sheets.open_cells(latest)
        if latest is not None and campaign.stage == stages.APPEALS
        else 0,
        signed_off=latest is not None and sheets.sign_off_of(latest) is not None,
        release=release,
        result_missing=approval.unsigned(signatures(result.rows)),
        result_scan=result.scan is not None,
        result_returned=bool(result.rows) and result.rows[-1].step == approval.RETURNED,
    )


def refusal_to_ask(campaign: Campaign, subject: str) -> str | None:
    """Why an approval sheet is not in hand now for a reason of its own, or null; the stage is looked at elsewhere."""
    return corrections.refusal_to_approve(campaign) if subject == approval.CORRECTION else None


def is_asked(campaign: Campaign, subject: str) -> bool:
    """Whether the leading group is asked about this paper at all; about a correction only where it changes a grade."""
    return refusal_to_ask(campaign, subject) is None


def correction_missing(campaign: Campaign) -> list[stages.Missing]:
    """What the signed correction still lacks before it is published; empty when it changes no grade."""
    if corrections.refusal_to_approve(campaign) is not None:
        return []
    state = approval_state(campaign, approval.CORRECTION)
    steps = approval.unsigned(signatures(state.rows))
    return stages.approval_missing(steps, state.scan is not None, approval.SUBJECTS[approval.CORRECTION])


def missing(
    campaign: Campaign, *, now: datetime, poll_state: str | None = None, release: bool = False
) -> list[stages.Missing]:
    """What keeps the next gate shut, for the year board; empty when it may open."""
    return stages.missing(campaign.stage, stage_facts(campaign, poll_state=poll_state, release=release), now)


def next_stage(campaign: Campaign) -> str | None:
    """The stage after the present one."""
    return stages.next_stage(campaign.stage)


def report_note(campaign: Campaign) -> ReportNote | None:
    """What the office added for the annual report text."""
    return ReportNote.objects.filter(campaign=campaign).first()


def organisation_of(campaign: Campaign, code: str) -> Organisation | None:
    """The organisation of an assessed unit."""
    row = participations(campaign, only=True).filter(organisation__code=code).first()
    return row.organisation if row else None
