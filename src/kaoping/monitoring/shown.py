"""What screens read of monitoring: findings, runs that failed, what is known of one fault; each as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from kaoping.monitoring import logic, queries
from kaoping.monitoring.models import Finding, Run
from kaoping.registry.scope import EVERYTHING, Scope
from kaoping.support.rows import Rows


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as its lists show it."""

    id: int
    unit: str
    unit_name: str
    unit_short_name: str
    check: str
    item: str
    state: str
    address: str
    reason: str
    place: str
    opened_at: datetime
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run that did not succeed."""

    unit: str
    unit_name: str
    unit_short_name: str
    kind: str
    started_at: datetime
    whose: str
    cause: str


def listed(rows: QuerySet[Finding]) -> Rows[FindingRow]:
    """Findings for a list, as frozen rows."""
    return Rows(rows, _finding_row)


def _finding_row(one: Finding) -> FindingRow:
    unit = one.organisation
    return FindingRow(
        one.pk,
        unit.code,
        unit.name,
        unit.short_name,
        one.check_id,
        one.item,
        one.state,
        one.address,
        one.reason,
        one.place,
        one.opened_at,
        one.decided_by,
        one.decided_at,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What one run said of a finding."""

    at: datetime
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Retest:
    """The newest re-test of a finding: whose failure it was where it broke, and whether it found the page ``gone``."""

    state: str
    whose: str
    cause: str
    started_at: datetime
    gone: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """The finding behind an order: whether it is open, what its looks said, and what a page taken down still lacks."""

    id: int
    is_open: bool
    lacks: str
    retest: Retest | None
    looks: tuple[Look, ...]


def followed(organisation: str, check: str, target: str, *, on: date) -> Followed | None:
    """What monitoring knows of a fault on a day; null where it never followed it."""
    found = queries.open_finding(organisation, check, target) if check else None
    if found is None:
        return None
    last = queries.last_retest(found)
    return Followed(
        id=found.pk,
        is_open=found.state in queries.OPEN,
        lacks=queries.absence_of(found, on=on).missing(),
        retest=Retest(last.state, last.whose, last.cause, last.started_at, queries.found_gone(last))
        if last
        else None,
        looks=tuple(Look(one.at, one.outcome, one.reason) for one in queries.sightings(found)),
    )


def failed_runs(scope: Scope = EVERYTHING) -> Rows[RunRow]:
    """Runs that did not succeed, newest first."""
    rows = Run.objects.filter(state=logic.FAILED).order_by("-id")
    rows = scope.narrow(rows)
    fields = rows.values_list(
        "organisation__code",
        "organisation__name",
        "organisation__short_name",
        "kind",
        "started_at",
        "whose",
        "cause",
    )
    return Rows(fields, lambda one: RunRow(*one))
