"""What changed the points of a unit's items after the round closed: 复核, 审定, 更正, each by its name and in its order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from kaoping.arithmetic import half_up
from kaoping.campaigns.logic.items import PLACES, shown, stretched
from kaoping.campaigns.models import Appeal, Campaign, PointsRuling, Sheet
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.items import item as item_of

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
    known = [
        one for one in (*_appeals(campaign, unit), *rulings(campaign, unit)) if one.at <= sheet.computed_at
    ]
    found: dict[str, list[Step]] = {}
    for one in sorted((*known, *_corrections(unit, sheet)), key=lambda one: one.at):
        if one.before != one.after:
            found.setdefault(one.item, []).append(one)
    return found


def pending(campaign: Campaign, unit: str, sheet: Sheet) -> dict[str, list[Step]]:
    """Item to the rulings that ``sheet`` does not know of yet: they count once it is computed anew."""
    found: dict[str, list[Step]] = {}
    for one in rulings(campaign, unit):
        if one.at > sheet.computed_at:
            found.setdefault(one.item, []).append(one)
    return found


def rulings(campaign: Campaign, unit: str) -> list[Step]:
    """The rulings on points of a unit that a second person agreed to, in their order."""
    rows = PointsRuling.objects.filter(campaign=campaign, organisation__code=unit, end__agreed=True)
    return [
        Step(one.item, RULING, before_ruling(one), after_ruling(one), one.end.at)
        for one in rows.select_related("end", "campaign", "organisation").order_by("end__at", "pk")
    ]


def scale_of(ruling: PointsRuling) -> Fraction | None:
    """The item's maximum on the sheet on which the ruling was proposed: the scale of its points before."""
    found = sheets.scale_of(
        sheets.sheet_at(ruling.campaign, ruling.at), ruling.organisation.code, ruling.item
    )
    return found.max if found else None


def before_ruling(ruling: PointsRuling) -> str:
    """What the item had when the ruling was agreed to; before that, and in old rows, when it was proposed."""
    return _places(_kept(ruling, "points_before") or ruling.points_before)


def after_ruling(ruling: PointsRuling) -> str:
    """What the item got when the ruling was agreed to; before that its points on the scale of its points before."""
    if kept := _kept(ruling, "points_after"):
        return _places(kept)
    item, most = item_of(ruling.campaign, ruling.item), scale_of(ruling)
    if item is None or most is None or not Fraction(item.max):
        return _places(ruling.points)
    return half_up(stretched(ruling.points, item.max, most), PLACES)


def _kept(ruling: PointsRuling, name: str) -> str:
    return str(getattr(getattr(ruling, "end", None), name, ""))


def _appeals(campaign: Campaign, unit: str) -> Iterator[Step]:
    rows = Appeal.objects.filter(campaign=campaign, organisation__code=unit).exclude(outcome="")
    for one in rows:
        if one.decided_at is not None and one.points_after:
            yield Step(one.item, APPEAL, _places(one.compared), _places(one.points_after), one.decided_at)


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
