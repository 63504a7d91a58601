"""Reads of score sheets: the latest, a page of it, one unit of it with its evidence. No point is computed here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, cast

from django.db.models import QuerySet

from kaoping.campaigns.logic import sheet as logic
from kaoping.campaigns.models import Campaign, SheetUnit, StepBack
from kaoping.campaigns.models import Sheet as Sheet  # what a view hands from a query to a verb
from kaoping.campaigns.models import SignOff as SignOff  # what a view hands from a query to a verb
from kaoping.campaigns.queries.items import decimal_text
from kaoping.campaigns.queries.period import period, spans
from kaoping.evidence import queries as ledger
from kaoping.registry.queries import short_names
from kaoping.scoring import score
from kaoping.scoring.announced import ANNOUNCED
from kaoping.scoring.applicability import exact_maxima
from kaoping.scoring.observations import Observation
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.rubric import Indicator
from kaoping.scoring.sheet import WrittenLine, WrittenUnit
from kaoping.scoring.succession import arrived_late, in_time
from kaoping.scoring.units import Unit
from kaoping.standards.queries import rulebook_of

OCCASIONS = logic.OCCASIONS


def sheets(campaign: Campaign) -> QuerySet[Sheet]:
    """All sheets, newest first; nothing is ever overwritten."""
    return Sheet.objects.filter(campaign=campaign).select_related("prepared_by").order_by("-id")


def latest(campaign: Campaign) -> Sheet | None:
    """The newest sheet."""
    return sheets(campaign).first()


def previous(sheet: Sheet) -> Sheet | None:
    """The sheet of the same campaign computed before this one."""
    return sheets(sheet.campaign).filter(pk__lt=sheet.pk).first()


def signed(campaign: Campaign) -> Sheet | None:
    """The newest sheet that a second person signed and whose signature stands."""
    rows = sheets(campaign).filter(sign_off__isnull=False).exclude(step_backs__end__agreed=True)
    return rows.first()


def signed_result(campaign: Campaign) -> Sheet | None:
    """The newest signed sheet of the result itself, on which the leading group was asked; corrections have their own paper."""
    rows = sheets(campaign).filter(sign_off__isnull=False).exclude(step_backs__end__agreed=True)
    return rows.exclude(occasion="correction").first()


def is_voided(sheet: Sheet) -> bool:
    """Whether the result went back, by which the sheet's signature became void; it cannot be signed again."""
    return StepBack.objects.filter(sheet=sheet, end__agreed=True).exists()


def by_digest(key: OrganisedYear, digest: str) -> Sheet | None:
    """The sheet of an organiser's year with these results; results name their instant, so there is no other."""
    rows = Sheet.objects.filter(campaign__organiser=key.organiser, campaign__year=key.year, digest=digest)
    return rows.select_related("campaign", "prepared_by").order_by("-id").first()


def sign_off_of(sheet: Sheet) -> SignOff | None:
    """The second person's signature, null while there is none and after it became void."""
    rows = SignOff.objects.select_related("prepared_by", "signed_by").filter(sheet=sheet)
    return rows.exclude(sheet__step_backs__end__agreed=True).first()


def unit_codes(campaign: Campaign) -> list[str]:
    """Codes of the assessed units in register order."""
    rows = campaign.participations.filter(participates=True).order_by(
        "organisation__order", "organisation__code"
    )
    return list(rows.values_list("organisation__code", flat=True))


def results_of(
    campaign: Campaign, units: Sequence[Unit], observations: Iterable[Observation], as_of: datetime
) -> dict[str, Any]:
    """The scorer's answer for the campaign's rulebook and timetable, in the shape of ``results.json``.

    What arrived after the round closed is kept in the ledger and not laid before the scorer (``succession.in_time``).
    """
    rulebook = rulebook_of(campaign.rulebook_id)
    return score(
        rulebook.rubric,
        units,
        in_time(observations, campaign.round_closed_at),
        year=campaign.year,
        period=rulebook.period(campaign.year, campaign.timetable),
        as_of=as_of,
        period_of=rulebook.period_of(campaign.year, campaign.timetable),
    ).as_json()


def is_latest(sheet: Sheet) -> bool:
    """Whether nothing that concerns the campaign was recorded after the sheet's last observation.

    A sheet computed as of an earlier day is never the latest.
    """
    return sheet.as_of >= sheet.computed_at and not moved_since(sheet.campaign, sheet.last_observation)


def moved_since(campaign: Campaign, position: int) -> bool:
    """Whether something that concerns the campaign was recorded after a position of the ledger."""
    return next(recorded_since(campaign, position), None) is not None


def recorded_since(campaign: Campaign, position: int) -> Iterator[Observation]:
    """Lines after a position of the ledger that concern the campaign, in the order of recording.

    What next year's routine work records meanwhile lies outside the period and does not count; nor does what arrived
    after the round closed, nor what speaks of nothing but such a line, by whatever act (see ``succession.in_time``).
    """
    units, windows = set(unit_codes(campaign)), spans(campaign)
    lines = ledger.since(position)
    while lines:
        for _position, one in lines:
            if (
                one.organiser == campaign.organiser
                and one.unit in units
                and (one.item or one.check)
                and (one.check == ANNOUNCED or any(span.holds(one.observed_at) for span in windows))
                and not _speaks_late(one, campaign.round_closed_at)
            ):
                yield one
        lines = ledger.since(lines[-1][0])


def _speaks_late(one: Observation, closed_at: datetime | None) -> bool:
    """Whether a line, or one of those it names in turn, arrived after the round closed."""
    line: Observation | None = one
    # Nothing recorded before the closing can name a late line: the lookups end there.
    while line is not None and closed_at is not None and line.recorded_at > closed_at:
        if arrived_late(line, closed_at):
            return True
        line = ledger.observation(line.supersedes) if line.supersedes else None
    return False


def has_tallies(campaign: Campaign) -> bool:
    """Whether the ledger holds the opened ballots of the year."""
    span = period(campaign)
    ballots = ledger.search(organiser=campaign.organiser, source="ballot").filter(
        unit__in=unit_codes(campaign)
    )
    return any(span.holds(instant) for instant in ballots.values_list("observed_at", flat=True))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the heat table. ``level`` 1 for first-level indicators, leaves have ``leaf`` true."""

    code: str
    title: str
    max: str
    level: int
    leaf: bool
    role: str
    component: str | None


def columns(campaign: Campaign) -> list[Column]:
    """Every indicator, parents before children, with its maximum before redistribution."""
    found: list[Column] = []

    def add(node: Indicator, level: int) -> None:
        found.append(
            Column(
                node.code,
                node.name,
                decimal_text(node.max),
                level,
                not node.children,
                node.role,
                node.component,
            )
        )
        for child in node.children:
            add(child, level + 1)

    for top in rulebook_of(campaign.rulebook_id).rubric.indicators:
        add(top, 1)
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of the table: ``summary`` as ``logic.sheet.summary`` makes it."""

    unit: str
    short_name: str
    position: int
    summary: Mapping[str, Any]


def all_rows(sheet: Sheet, *, units: set[str] | None = None) -> list[Row]:
    """Every unit's line, for the distribution strip and for files; two queries."""
    names = short_names()
    rows = SheetUnit.objects.filter(sheet=sheet.lines_in).defer("detail")
    if units is not None:
        rows = rows.filter(unit__in=units)
    return [Row(row.unit, names.get(row.unit, row.unit), row.position, row.summary) for row in rows]


def total_of(summary: Mapping[str, Any]) -> Fraction | None:
    """A unit's exact total, for comparing with the lines of the grades; null while it is open. Old sheets hold it rounded."""
    found = summary.get("exact") or summary["total"]
    return None if summary["total"] is None else Fraction(found)


def exact_line(line: Sequence[str]) -> tuple[Fraction, Fraction]:
    """Exact points and exact maximum of one indicator of a ``summary``; of an old sheet as they are written, rounded."""
    return Fraction(line[3] if len(line) > 3 else line[0]), Fraction(line[4] if len(line) > 4 else line[2])


def exact_max(campaign: Campaign, detail: WrittenUnit, code: str) -> Fraction:
    """The exact maximum of an indicator for a unit's object of ``results.json``, which writes it rounded."""
    rubric = rulebook_of(campaign.rulebook_id).rubric
    found, node = exact_maxima(rubric, detail["indicators"]).get(code), rubric.find(code)
    return found if found is not None else node.max if node else Fraction(detail["indicators"][code]["max"])


def open_cells(sheet: Sheet) -> int:
    """How many cells have no basis yet and so leave a total open (the scoring room's title); one query."""
    rows = SheetUnit.objects.filter(sheet=sheet.lines_in).values_list("summary", flat=True)
    return sum(one["open"] for one in rows if one["total"] is None)


def grade_names(campaign: Campaign) -> dict[str, str]:
    """Grade code to its name, best first."""
    rule = rulebook_of(campaign.rulebook_id).rubric.grades
    return {band.code: band.name for band in rule.bands} if rule else {}


def component_names(campaign: Campaign) -> dict[str, str]:
    """Component code to its name (平时考核 …)."""
    return {one.code: one.name for one in rulebook_of(campaign.rulebook_id).rubric.components}


def results(sheet: Sheet) -> dict[str, Any]:
    """The whole ``results.json`` as it was computed; its canonical digest is ``sheet.digest``."""
    rulebook = rulebook_of(sheet.campaign.rulebook_id)
    span = period(sheet.campaign)
    by_unit = dict(SheetUnit.objects.filter(sheet=sheet.lines_in).values_list("unit", "detail"))
    return {
        "rulebook": rulebook.rubric.rulebook,
        "version": rulebook.rubric.version,
        "year": sheet.campaign.year,
        "period": [span.start.isoformat(), span.end.isoformat()],
        "as_of": sheet.as_of.isoformat(),
        "units": list(by_unit.values()),
    }


def sheet_at(campaign: Campaign, at: datetime) -> Sheet | None:
    """The newest sheet computed by ``at``; null before the first."""
    return sheets(campaign).filter(computed_at__lte=at).first()


@dataclass(frozen=True, slots=True)
class Scale:
    """What an item has on a sheet and of how much, both exact: the sheet writes them rounded."""

    points: Fraction
    max: Fraction


def scale_of(sheet: Sheet | None, unit: str, item: str) -> Scale | None:
    """The scale of one item of one unit; null where the sheet has none."""
    detail = unit_detail(sheet, unit) if sheet else None
    line = detail["indicators"].get(item) if detail else None
    if sheet is None or detail is None or line is None:
        return None
    return Scale(Fraction(line["exact"]), exact_max(sheet.campaign, detail, item))


def line_of(sheet: Sheet | None, unit: str, item: str) -> WrittenLine | None:
    """One item of one unit on a sheet as ``results.json`` has it; null where there is none."""
    detail = unit_detail(sheet, unit) if sheet else None
    return detail["indicators"].get(item) if detail else None


def unit_detail(sheet: Sheet, unit: str) -> WrittenUnit | None:
    """One unit's object of ``results.json``."""
    row = SheetUnit.objects.filter(sheet=sheet.lines_in, unit=unit).first()
    return cast("WrittenUnit", dict(row.detail)) if row else None


def counted_before(
    campaign: Campaign, unit: str, item: str, now_counting: Iterable[str]
) -> list[Observation]:
    """The lines that moved an item on sheets since the round closed and no longer do, in the order of recording.

    They stay in the ledger: who is told that a point changed may read what it rested on.
    """
    closed = campaign.round_closed_at
    if closed is None:
        return []
    rows = SheetUnit.objects.filter(sheet__campaign=campaign, sheet__computed_at__gte=closed, unit=unit)
    lines = [detail["indicators"].get(item) for detail in rows.values_list("detail", flat=True)]
    before = {uid for line in lines if line for uid in line["observations"]}
    return ledger.observations(before - set(now_counting))


@dataclass(frozen=True, slots=True)
class PointLine:
    """One indicator of a unit: its points with their reason and the observations that moved them."""

    column: Column
    points: str
    max: str
    status: str
    reason: str
    observations: Sequence[Observation] = field(default=())


@dataclass(frozen=True, slots=True)
class UnitView:
    """Every point of a unit with its reason and evidence."""

    sheet: Sheet
    unit: str
    total: str | None
    grade: str | None
    grade_reason: str
    rank: int | None
    group: str | None
    components: Mapping[str, str]
    vetoes: Sequence[str]
    gates: Mapping[str, bool | None]
    lines: Sequence[PointLine]


def unit_view(campaign: Campaign, unit: str, *, sheet: Sheet | None = None) -> UnitView | None:
    """The unit's part of the latest (or a given) sheet; null without one. Four queries at most."""
    sheet = sheet or latest(campaign)
    detail = unit_detail(sheet, unit) if sheet else None
    if sheet is None or detail is None:
        return None
    indicators = detail["indicators"]
    wanted = {uid for one in indicators.values() for uid in one["observations"]}
    by_id = {one.id: one for one in ledger.observations(wanted)}
    lines = [
        PointLine(
            column,
            indicators[column.code]["points"],
            indicators[column.code]["max"],
            indicators[column.code]["status"],
            indicators[column.code]["reason"],
            tuple(by_id[uid] for uid in indicators[column.code]["observations"] if uid in by_id),
        )
        for column in columns(campaign)
        if column.code in indicators
    ]
    return UnitView(
        sheet,
        unit,
        detail["total"],
        detail["grade"],
        detail["grade_reason"],
        detail["rank"],
        detail["group"],
        detail["components"],
        detail["vetoes"],
        detail["gates"],
        lines,
    )
