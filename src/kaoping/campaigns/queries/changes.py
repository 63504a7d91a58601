"""What changed the points of a unit's items after the round closed: 复核, 审定, 更正, each by its name and in its order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from kaoping.campaigns.logic.items import PLACES, shown
from kaoping.campaigns.models import Appeal, Campaign, PointsRuling, Sheet
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.items import item as item_of
from kaoping.scoring.rounding import half_up

APPEAL, RULING, CORRECTION = "复核", "审定", "更正"


@dataclass(frozen=True, slots=True)
class Step:
    """One act that changed an item. ``before`` and ``after`` are on the sheet's scale, as people see them."""

    item: str
    what: str
    before: str
    after: str
    at: datetime


def steps(campaign: Campaign, unit: str, sheet: Sheet) -> dict[str, list[Step]]:
    """Item to what changed it, as far as ``sheet`` knows of it, in the order of the acts."""
    known = [one for one in (*_appeals(campaign, unit), *rulings(campaign, unit)) if one.at <= sheet.as_of]
    found: dict[str, list[Step]] = {}
    for one in sorted((*known, *_corrections(unit, sheet)), key=lambda one: one.at):
        if one.before != one.after:
            found.setdefault(one.item, []).append(one)
    return found


def rulings(campaign: Campaign, unit: str) -> list[Step]:
    """The rulings on points of a unit that a second person agreed to, in their order."""
    rows = PointsRuling.objects.filter(campaign=campaign, organisation__code=unit, end__agreed=True)
    return [
        Step(one.item, RULING, _places(one.points_before), after_ruling(one), one.end.at)
        for one in rows.select_related("end", "campaign", "organisation").order_by("end__at", "pk")
    ]


def scale_of(ruling: PointsRuling) -> str | None:
    """The item's maximum on the sheet on which the ruling was proposed: the scale of its points before."""
    line = sheets.line_of(sheets.sheet_at(ruling.campaign, ruling.at), ruling.organisation.code, ruling.item)
    return str(line["max"]) if line else None


def after_ruling(ruling: PointsRuling) -> str:
    """The ruling's points, written on the rulebook's scale, on the scale of its points before."""
    item, most = item_of(ruling.campaign, ruling.item), scale_of(ruling)
    if item is None or most is None or not Fraction(item.max):
        return _places(ruling.points)
    return half_up(Fraction(ruling.points) * Fraction(most) / Fraction(item.max), PLACES)


def _appeals(campaign: Campaign, unit: str) -> Iterator[Step]:
    rows = Appeal.objects.filter(campaign=campaign, organisation__code=unit).exclude(outcome="")
    for one in rows:
        if one.decided_at is not None and one.points_after:
            yield Step(
                one.item, APPEAL, _places(one.points_before), _places(one.points_after), one.decided_at
            )


def _corrections(unit: str, sheet: Sheet) -> Iterator[Step]:
    """What the corrections behind ``sheet`` changed, the newest first."""
    while (correction := corrections.of_sheet(sheet)) is not None:
        old, new = (sheets.unit_detail(one, unit) for one in (correction.sheet, sheet))
        for code, line in (new["indicators"] if old and new else {}).items():
            then = old["indicators"].get(code) if old else None
            before, after = shown(then) if then else None, shown(line)
            if before is not None and after is not None:
                yield Step(code, CORRECTION, before, after, sheet.computed_at)
        sheet = correction.sheet


def _places(points: str) -> str:
    return half_up(Fraction(points), PLACES)
