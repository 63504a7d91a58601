"""A check, what it may look at, and what it says. Plain data: safe to pickle, compare and replay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from kaoping.calendars import WorkingCalendar
from kaoping.checks.facts import PageFacts
from kaoping.checks.site import SiteFacts


class Outcome(StrEnum):
    """The four answers. Only ``not_met``, after confirmation by a person, may ever cost a point."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"


class Level(StrEnum):
    """What a check looks at."""

    PAGE = "page"
    SITE = "site"
    REPORT = "report"


class UnitLevel(StrEnum):
    """Whose annual report it is: 条例第四十九条 gives departments and governments different days."""

    DEPARTMENT = "department"
    GOVERNMENT = "government"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reason`` is a Chinese sentence for the unit; ``place`` an address or the words looked at."""

    outcome: Outcome
    reason: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A column that should be updated within ``period_days``; ``confirmed`` when the office said so."""

    name: str
    period_days: int
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows and a page cannot say.

    ``column_plan`` null: periods are derived from ColumnType and column names. ``doc_no_titles``: 文号 that
    more than one title uses on this site. ``unit_level`` null: read from the report's own title.
    """

    as_of: date
    calendar: WorkingCalendar
    column_plan: tuple[ColumnPlan, ...] | None = None
    unit_level: UnitLevel | None = None
    doc_no_titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The annual report on ``year`` as found on a site; ``page`` null when no page was recognised."""

    year: int
    page: PageFacts | None


PageRule = Callable[[PageFacts, Context], Verdict]
SiteRule = Callable[[SiteFacts, Context], Verdict]
ReportRule = Callable[[Report, Context], Verdict]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule; ``remedy`` goes to the unit word for word. Which item it informs, the rulebook says (``Indicator.checks``).

    ``confidence`` is that of the rule, not of the detector: C confirmed, D derived, L local, R recalled and
    P proposed; R and P are shown as 待核. Raise ``version`` whenever the same page could get another answer.
    """

    id: str
    version: int
    level: Level
    title: str
    basis: str
    confidence: str
    remedy: str
    run: Callable[[Any, Context], Verdict]

    @property
    def provisional(self) -> bool:
        """True when the rule's source still has to be checked (待核)."""
        return bool({"R", "P"} & set(self.confidence))


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One answer of one check about one target: a line of ``kaoping check``."""

    check: str
    version: int
    target: str
    outcome: Outcome
    reason: str
    place: str | None
    artefact: str | None


def outcome_as_json(line: OutcomeLine) -> dict[str, Any]:
    """The JSON line of the ``check`` contract."""
    return {
        "check": line.check,
        "version": line.version,
        "target": line.target,
        "outcome": line.outcome.value,
        "reason": line.reason,
        "place": line.place,
        "artefact": line.artefact,
    }


def date_words(day: date) -> str:
    """A date as a reason says it, for people: 2025年3月10日."""
    return f"{day.year}年{day.month}月{day.day}日"


def met(reason: str, place: str | None = None) -> Verdict:
    """The rule is kept."""
    return Verdict(Outcome.MET, reason, place)


def not_met(reason: str, place: str | None = None) -> Verdict:
    """The rule is broken beyond doubt on the stored material."""
    return Verdict(Outcome.NOT_MET, reason, place)


def undecided(reason: str, place: str | None = None) -> Verdict:
    """A person must look; costs nothing."""
    return Verdict(Outcome.UNDECIDED, reason, place)


def not_applicable(reason: str, place: str | None = None) -> Verdict:
    """The rule does not speak about this target."""
    return Verdict(Outcome.NOT_APPLICABLE, reason, place)


def page_check(
    *, id: str, version: int, title: str, basis: str, confidence: str, remedy: str
) -> Callable[[PageRule], Check]:
    """Make a check of a function that sees one page."""
    return _maker(Level.PAGE, id, version, title, basis, confidence, remedy)


def site_check(
    *, id: str, version: int, title: str, basis: str, confidence: str, remedy: str
) -> Callable[[SiteRule], Check]:
    """Make a check of a function that sees a site's columns."""
    return _maker(Level.SITE, id, version, title, basis, confidence, remedy)


def report_check(
    *, id: str, version: int, title: str, basis: str, confidence: str, remedy: str
) -> Callable[[ReportRule], Check]:
    """Make a check of a function that sees an annual report."""
    return _maker(Level.REPORT, id, version, title, basis, confidence, remedy)


def _maker(
    level: Level, id: str, version: int, title: str, basis: str, confidence: str, remedy: str
) -> Callable[[Callable[[Any, Context], Verdict]], Check]:
    def make(run: Callable[[Any, Context], Verdict]) -> Check:
        return Check(id, version, level, title, basis, confidence, remedy, run)

    return make
