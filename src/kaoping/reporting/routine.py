"""Read model of the year's routine work: when it was done, which sites were not read, which units have open cases.

The number of queries is the same for three units and for three hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from kaoping.beijing import BEIJING, end_of_day
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.queries.period import period
from kaoping.inspection import queries as inspection
from kaoping.monitoring import queries as monitoring
from kaoping.monitoring.queries import Stuck, Trouble
from kaoping.rectification import queries as rectification
from kaoping.rectification.logic import EXPLAINED
from kaoping.rectification.queries import Standing
from kaoping.registry.scope import Scope
from kaoping.scoring import Period

ASKED = "asked"
RUN, VISIT, DRAW = "run", "visit", "draw"
# How far the board looks back for sites that could not be read.
TROUBLE_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on which something of a kind was done, and where it lies in the period, in thousandths."""

    kind: str
    day: date
    at: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A unit waits for the office on one of its orders; ``waits`` says for what."""

    waits: str
    number: str
    unit: str
    title: str


@dataclass(frozen=True, slots=True)
class Routine:
    """The band of routine assessment (考核办法 第七条（一）): its period, its days, and how often each thing was done."""

    span: Period
    ticks: tuple[Tick, ...]
    runs: int
    visits: int
    draws: int


def band(campaign: Campaign, *, scope: Scope) -> Routine:
    """What its organiser did inside the campaign's period, of all units or of some; draws concern all. Three queries."""
    span = period(campaign)
    since, until = datetime.combine(span.start, time(0), tzinfo=BEIJING), end_of_day(span.end)
    runs = monitoring.run_days(since, until, scope)
    visits = inspection.visit_days(since, until, scope)
    draws = inspection.draw_days(campaign.organiser, since, until)
    days = [(RUN, day) for day, _n in runs] + [(VISIT, day) for day, _n in visits]
    days += [(DRAW, day) for day in sorted(set(draws))]
    length = max((span.end - span.start).days, 1)
    return Routine(
        span,
        tuple(Tick(kind, day, (day - span.start).days * 1000 // length) for kind, day in days),
        sum(n for _day, n in runs),
        sum(n for _day, n in visits),
        len(draws),
    )


def standings(*, now: datetime, scope: Scope) -> dict[str, Standing]:
    """Unit code -> its open and overdue cases; four queries."""
    return rectification.standings(now=now, scope=scope)


def waiting_for_office(scope: Scope) -> list[Waiting]:
    """Orders on which a unit waits for the office: a question without an answer, an explanation not yet decided; two queries."""
    explained = rectification.cases(state=EXPLAINED, scope=scope)
    found = [(ASKED, case) for case in rectification.open_questions(scope)]
    found += [(EXPLAINED, case) for case in explained]
    return [Waiting(why, case.number, case.organisation.short_name, case.title) for why, case in found]


def stuck_sites(*, now: datetime, scope: Scope) -> list[Stuck]:
    """Sites that could not be looked at to the end several times in a row; two queries."""
    return monitoring.stuck_sites(scope, now=now)


def troubles(*, now: datetime, scope: Scope) -> tuple[int, list[Trouble]]:
    """How many runs there were in the last days, and by cause those that did not read their site; two queries."""
    return monitoring.troubles(now - timedelta(days=TROUBLE_DAYS), scope)
