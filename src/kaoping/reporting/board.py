"""Read model of the year board: what stands in the way, how far the work is, how the points lie. No point is computed here.

The number of queries is the same for three units and for three hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import Any, Final

from kaoping.beijing import day_of
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.stages import Missing
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import items
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.period import told_dates
from kaoping.evaluation import queries as evaluation
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards.queries import rulebook_of

DONE, NOW, NEXT = "done", "now", "next"
# The rail's stations; a year's routine work runs below them (考核办法 第七条（一）).
RAIL: Final = tuple(stage for stage in stages.STAGES if stage != stages.ROUTINE)
SCORED, NOT_SCORED = "scored", "not_scored"


@dataclass(frozen=True, slots=True)
class Station:
    """A stage on the rail: planned first and last day (null where the rulebook plans none), when it really began and ended."""

    stage: str
    label: str
    planned: tuple[date, date] | None
    entered_at: datetime | None
    state: str
    left_at: datetime | None = None

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day: the real ones of a stage that is over, else those of the plan."""
        if self.state == DONE and self.entered_at and self.left_at:
            return day_of(self.entered_at), day_of(self.left_at)
        return self.planned

    @property
    def mark(self) -> str:
        """What is said before the days where they are not those of the plan."""
        return "" if self.planned is None or self.days == self.planned else "实际"


@dataclass(frozen=True, slots=True)
class Progress:
    """Activity, never a result: ``done`` of ``total``."""

    label: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FirstLevel:
    """A unit's first-level indicator: points and maximum of what was scored (null when nothing was), leaves done of all."""

    points: Fraction | None
    max: Fraction
    done: int
    of: int

    @property
    def rate(self) -> Fraction | None:
        """Points per hundred of what was scored."""
        return self.points * 100 / self.max if self.points is not None and self.max else None

    @property
    def percent(self) -> int | None:
        """The rate in whole points, cut and not rounded: 59.6 is below 60 and must not read 60."""
        return None if self.rate is None else floor(self.rate)


@dataclass(frozen=True, slots=True)
class Top:
    """A first-level indicator of the hundred."""

    code: str
    title: str
    max: str
    leaves: tuple[str, ...]


def poll_state(key: OrganisedYear, now: datetime) -> str | None:
    """The state of the year's public evaluation as the gates ask it, null without one."""
    poll = evaluation.poll_of(key)
    return (
        stages.POLL_CLOSED if poll and evaluation.waits_for_seal(poll, now) else evaluation.state(poll, now)
    )


def gate(campaign: Campaign, *, now: datetime, release: bool) -> list[Missing]:
    """What keeps the next gate shut; empty when it may open."""
    return campaigns.missing(campaign, now=now, poll_state=poll_state(campaign.key, now), release=release)


def stations(campaign: Campaign) -> list[Station]:
    """The rail of the year."""
    planned = told_dates(campaign)
    rows = list(campaigns.stage_entries(campaign))
    # The newest entry of a stage counts: what was entered before is from a year that has gone back since.
    entered = {row.stage: number for number, row in enumerate(rows)}
    here = stages.STAGES.index(campaign.stage)
    made = []
    for stage in RAIL:
        place = stages.STAGES.index(stage)
        # Routine work is the band below the rail: while it runs, the plan is done and the evaluation comes next.
        state = NOW if place == here else DONE if place < here else NEXT
        since = entered.get(stage)
        began = None if since is None else rows[since].entered_at
        left = None if since is None or since + 1 == len(rows) else rows[since + 1].entered_at
        made.append(Station(stage, stages.LABELS[stage], planned.get(stage), began, state, left))
    return made


def tops(campaign: Campaign) -> list[Top]:
    """First-level indicators that count in the hundred, with their leaves."""
    leaves: dict[str, list[str]] = {}
    for one in items.items(campaign):
        if one.role == "item":
            leaves.setdefault(one.first, []).append(one.code)
    return [
        Top(column.code, column.title, column.max, tuple(leaves[column.code]))
        for column in sheets.columns(campaign)
        if column.level == 1 and column.code in leaves
    ]


def first_levels(summary: Mapping[str, Any], columns: Sequence[Top]) -> list[FirstLevel]:
    """One unit's first-level indicators, as far as their leaves have been scored."""
    made = []
    for top in columns:
        lines = [summary["items"][code] for code in top.leaves if code in summary["items"]]
        scored = [line for line in lines if line[1] == SCORED]
        asked = [line for line in lines if line[1] in (SCORED, NOT_SCORED)]
        pairs = [sheets.exact_line(line) for line in scored]
        points = sum((got for got, _whole in pairs), Fraction(0)) if scored else None
        full = sum((whole for _got, whole in pairs), Fraction(0))
        made.append(FirstLevel(points, full, len(scored), len(asked)))
    return made


def progress(campaign: Campaign, rows: Iterable[sheets.Row], *, units: set[str] | None) -> list[Progress]:
    """How much of the work is done; four queries."""
    forms = [row.state for row in self_reviews.forms(campaign, units=units)]
    made = [
        Progress("自查提交", sum(state == "submitted" for state in forms), len(forms)),
    ]
    if units is None:
        given = [row for row in reviews.assignments(campaign) if not row.recused]
        made.append(Progress("评审完成", sum(row.finished_at is not None for row in given), len(given)))
        filed = appeal_reads.appeals(campaign).count()
        made.append(Progress("复核办结", filed - appeal_reads.open_count(campaign), filed))
    columns = tops(campaign)
    cells = [line for row in rows for line in first_levels(row.summary, columns)]
    made.append(Progress("已有依据的格", sum(one.done for one in cells), sum(one.of for one in cells)))
    return [one for one in made if one.total]


@dataclass(frozen=True, slots=True)
class Band:
    """The totals of one grade, from ``start`` to below ``end``; ``given``: how many units got it, null without grades."""

    label: str
    start: Fraction
    end: Fraction
    given: int | None = None


def bands(campaign: Campaign, rows: Sequence[sheets.Row]) -> list[Band]:
    """The rulebook's grade bands, rising."""
    rubric = rulebook_of(campaign.rulebook_id).rubric
    if rubric.grades is None:
        return [Band("不分等次", Fraction(0), rubric.total)]
    given = Counter(row.summary["grade"] for row in rows)
    rising = sorted(rubric.grades.bands, key=lambda band: band.least)
    ends = [band.least for band in rising[1:]] + [rubric.total]
    return [
        Band(band.name, band.least, end, given[band.code]) for band, end in zip(rising, ends, strict=True)
    ]


def heat_edges(campaign: Campaign) -> tuple[int, ...]:
    """Four edges in percent for the heat scale, on the rulebook's bands so that colour and grade agree."""
    rubric = rulebook_of(campaign.rulebook_id).rubric
    least = sorted(
        int(band.least * 100 / rubric.total)
        for band in (rubric.grades.bands if rubric.grades else ())
        if band.least
    )
    if len(least) == 3:
        return (least[0], (least[0] + least[1]) // 2, least[1], least[2])
    return tuple(least) if len(least) == 4 else (60, 70, 80, 90)
