"""What entering or withdrawing an arrangement would do to every date, before anybody confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kaoping.calendars import Arrangement, WorkingCalendar
from kaoping.campaigns.queries import period
from kaoping.evaluation import queries as evaluation
from kaoping.rectification.queries import case_days
from kaoping.workdays import logic, queries
from kaoping.workdays.logic import Move
from kaoping.workdays.models import Arrangement as Entry


@dataclass(frozen=True, slots=True)
class Effect:
    """What would happen: dates that become later, dates that were told and stay though the count is earlier, and what is
    unlikely about the arrangement. ``seen`` names this very list, so that nobody confirms another one.
    """

    moves: Sequence[Move]
    kept: Sequence[Move]
    warnings: Sequence[str]
    seen: str


def effect_of(given: Arrangement, *, now: datetime) -> Effect:
    """The effect of entering ``given``."""
    before = queries.calendar(now)
    stated = given.table()
    after = WorkingCalendar(before.table.restated(replace(stated, entered=stated.years)))
    return _effect(before, after, [given.years, given.source, given.days], given.warnings(), now)


def effect_of_withdrawing(entry: Entry, *, now: datetime) -> Effect:
    """The effect of withdrawing an entry: its years are again what they were without it."""
    after = queries.calendar_without(entry, now)
    return _effect(queries.calendar(now), after, ["withdraw", entry.pk], [], now)


def lagging(now: datetime) -> list[Move]:
    """Told dates that are earlier than today's calendar counts: a new version of the program brought a year along.

    Entering that year, with the days that came, moves them.
    """
    calendar = queries.calendar(now)
    found = [
        *case_days.moves(calendar, now=now),
        *period.moves(calendar),
        *evaluation.moves(calendar, calendar),
    ]
    return [one for one in found if one.changes and one.kind != logic.REMINDER]


def _effect(
    before: WorkingCalendar,
    after: WorkingCalendar,
    given: Sequence[object],
    warnings: Sequence[str],
    now: datetime,
) -> Effect:
    found = [
        *case_days.moves(after, now=now),
        *period.moves(after),
        *evaluation.moves(before, after),
    ]
    moves, kept = [one for one in found if one.changes], [one for one in found if not one.changes]
    return Effect(moves, kept, warnings, logic.digest_of(given, found))
