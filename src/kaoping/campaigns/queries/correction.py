"""Reads of corrections (更正): the one under way, what it rests on, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import QuerySet

from kaoping.accounts.logic import already
from kaoping.campaigns.logic import correction as correction_logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.models import Campaign, Sheet, SheetUnit
from kaoping.campaigns.models import Correction as Correction  # what a view hands from a query to a verb
from kaoping.campaigns.queries import sheet as sheets
from kaoping.evidence import queries as ledger
from kaoping.registry.queries import short_names
from kaoping.scoring.changes import UnitChange, changed_units
from kaoping.scoring.observations import Observation
from kaoping.scoring.sheet import WrittenUnit
from kaoping.standards.queries import rulebook_of

ENDS = correction_logic.ENDS


def corrections(campaign: Campaign) -> QuerySet[Correction]:
    """All of the campaign in their order, each with its end."""
    return Correction.objects.filter(campaign=campaign).select_related("opened_by", "sheet", "end", "end__by")


def any_under_way() -> bool:
    """Whether a correction of any year is under way."""
    return Correction.objects.filter(end=None).exists()


def under_way(campaign: Campaign) -> Correction | None:
    """The one that was opened and has not ended."""
    return corrections(campaign).filter(end=None).first()


def dropped_already(campaign: Campaign) -> str | None:
    """Who dropped the last correction and when; null when the last one was not dropped."""
    last = corrections(campaign).last()
    end = getattr(last, "end", None)
    if last is None or end is None or end.kind != correction_logic.ENDED_DROPPED:
        return None
    return already(f"第 {last.number} 次更正", "作罢", end.by.name, end.at)


def of_sheet(sheet: Sheet) -> Correction | None:
    """The correction for which a sheet was computed; null for every other sheet."""
    if sheet.occasion != "correction":
        return None
    known = corrections(sheet.campaign)
    if sheet.correction_id is not None:
        return known.get(pk=sheet.correction_id)
    # Rows of earlier releases: the last one opened before, and never one that corrects this very sheet or a later one.
    return known.filter(opened_at__lte=sheet.computed_at, sheet__lt=sheet.pk).last()


def sheet_of(correction: Correction) -> Sheet | None:
    """The newest sheet computed for it, null before the first."""
    newest = sheets.latest(correction.campaign)
    return newest if newest is not None and of_sheet(newest) == correction else None


def ledger_lines(correction: Correction) -> list[Observation]:
    """What the ledger recorded after the corrected sheet, in order: what changed what was published."""
    old = correction.sheet
    return [
        one
        for one in sheets.recorded_since(correction.campaign, old.last_observation)
        if one.recorded_at > old.as_of
    ]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the newest sheet of a correction says otherwise than what was published."""

    units: Sequence[UnitChange]
    names: dict[str, str]
    identical: bool  # not even a reason differs


def difference(correction: Correction, sheet: Sheet) -> Difference:
    """Unit by unit, item by item; three queries."""
    old, new = _details(correction.sheet), _details(sheet)
    leaves = [leaf.code for leaf in rulebook_of(sheet.campaign.rulebook_id).rubric.leaves()]
    return Difference(changed_units(old, new, leaves), short_names(), old == new)


def grades_moved(correction: Correction) -> list[UnitChange]:
    """The units whose grade its newest sheet changes; empty before the first sheet."""
    sheet = sheet_of(correction)
    if sheet is None:
        return []
    return [one for one in difference(correction, sheet).units if one.grade_moved]


def refusal_to_approve(campaign: Campaign) -> str | None:
    """Why the leading group is not asked about a correction now, or null."""
    correction = under_way(campaign)
    if correction is None or not is_signed(correction):
        return correction_logic.refusal_to_approve(correction is not None, False, 0)
    return correction_logic.refusal_to_approve(True, True, len(grades_moved(correction)))


def facts(correction: Correction) -> correction_logic.Facts:
    """What the signature waits for."""
    sheet = sheet_of(correction)
    if sheet is None:
        return correction_logic.Facts()
    return correction_logic.Facts(
        sheet=True,
        is_latest=sheets.is_latest(sheet),
        changed=_details(correction.sheet) != _details(sheet),
        open_cells=sheets.open_cells(sheet),
        signed_off=sheets.sign_off_of(sheet) is not None,
    )


def missing(correction: Correction) -> list[stages.Missing]:
    """What keeps it from being frozen."""
    return correction_logic.missing(facts(correction))


def is_signed(correction: Correction | None) -> bool:
    """Whether a second person signed one of its sheets; never when none is under way."""
    if correction is None:
        return False
    signed = sheets.signed(correction.campaign)
    return signed is not None and of_sheet(signed) == correction


def refusal_to_change(campaign: Campaign) -> str | None:
    """Why no line of the ledger can be corrected now, or null."""
    correction = under_way(campaign)
    return correction_logic.refusal_to_change(correction is not None, is_signed(correction))


def standing_line(correction: Correction, unit: str, item: str) -> Observation | None:
    """What the correction itself last gave for an item, null when it gave nothing."""
    given = [
        one
        for one in ledger.of_unit(unit, item, organiser=correction.campaign.organiser)
        if one.source == "office" and one.kind == "points" and one.recorded_at >= correction.opened_at
    ]
    return given[-1] if given else None


def _details(sheet: Sheet) -> list[WrittenUnit]:
    rows = SheetUnit.objects.filter(sheet=sheet.lines_in).order_by("position")
    return [cast("WrittenUnit", one) for one in rows.values_list("detail", flat=True)]
