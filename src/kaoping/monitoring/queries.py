"""Reads of monitoring: the console, one site, what waits for a person, runs that failed and whose failure it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate

from kaoping.accounts.actor import Actor, Organising
from kaoping.beijing import BEIJING, day_of
from kaoping.checks import Check, Level, all_checks
from kaoping.foreign import strict_json
from kaoping.monitoring import logic, policy
from kaoping.monitoring.models import Finding as Finding  # what a view hands from a query to a verb
from kaoping.monitoring.models import Run as Run
from kaoping.monitoring.models import Sighting
from kaoping.registry.models import Organisation
from kaoping.registry.queries import branch_of, organisations, organisers
from kaoping.registry.scope import EVERYTHING, Scope
from kaoping.scoring import targets
from kaoping.standards.queries import item_fed_by, limits_on, named_on

OPEN: tuple[str, ...] = logic.OPEN


def visible(actor: Actor) -> Scope:
    """Whose monitoring an actor sees: all of the own organiser, else what concerns the own branch, of every organiser."""
    return organisers.seen_by(actor, policy.can_see_monitoring, branch_of(actor))


def may_see(actor: Actor, organisation: str) -> bool:
    """Whether an actor sees this unit's monitoring."""
    whose = Organising(organisers.served(actor))
    return policy.can_see_unit_monitoring(actor, whose, organisation, branch_of(actor))


def sites(*, on: date, scope: Scope = EVERYTHING, words: str = "") -> QuerySet[Organisation]:
    """Existing organisations with a site, in register order; narrowed to the units of ``scope`` and words when given."""
    rows = scope.about(organisations(on=on).exclude(site_url=""), "code")
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__icontains=words)
        )
    return rows


@dataclass(frozen=True, slots=True)
class SiteState:
    """How one unit's site stands: its last routine run, recent cells (worst outcome of each run), open findings."""

    run: Run | None
    cells: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)


def site_states(
    rows: Sequence[Organisation], *, scope: Scope = EVERYTHING, runs: int = 8
) -> dict[int, SiteState]:
    """Organisation id -> state, for one page of the console; two queries whatever their number."""
    ids = [row.pk for row in rows]
    recent: dict[int, list[Run]] = {pk: [] for pk in ids}
    for run in _recent(ids, scope, runs):
        recent[run.organisation_id].append(run)
    counts: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    grouped = scope.narrow(Finding.objects.filter(organisation__in=ids, state__in=OPEN))
    for one in grouped.order_by().values("organisation", "state").annotate(n=Count("id")):
        counts[one["organisation"]][one["state"]] = one["n"]
    return {
        pk: SiteState(
            recent[pk][0] if recent[pk] else None,
            tuple(_cell(run) for run in reversed(recent[pk])),
            counts[pk],
        )
        for pk in ids
    }


def _recent(ids: list[int], scope: Scope, runs: int) -> list[Run]:
    """The newest routine runs of each organisation, newest first; one query with a window."""
    place = Window(RowNumber(), partition_by=F("organisation"), order_by=F("id").desc())
    rows = scope.narrow(Run.objects.filter(organisation__in=ids, kind=logic.ROUTINE)).annotate(place=place)
    return list(rows.filter(place__lte=runs).order_by("-id"))


def _cell(run: Run) -> str:
    """The worst outcome of a run; a run that failed could not tell."""
    if run.state != logic.DONE:
        return "not_run" if run.state == logic.WAITING else logic.UNDECIDED
    found = {logic.worst(counts) for counts in run.outcomes.values()}
    if logic.NOT_MET in found:
        return logic.NOT_MET
    return logic.MET if logic.MET in found else logic.UNDECIDED


def totals(scope: Scope = EVERYTHING) -> dict[str, int]:
    """State -> number of findings, every state present."""
    rows = Finding.objects.filter(state__in=OPEN)
    rows = scope.narrow(rows)
    found = dict.fromkeys(OPEN, 0)
    for one in rows.order_by().values("state").annotate(n=Count("id")):
        found[one["state"]] = one["n"]
    return found


def findings(
    *,
    state: str = "",
    check: str = "",
    organisation: str = "",
    scope: Scope = EVERYTHING,
) -> QuerySet[Finding]:
    """Findings with their organisations, in register order; narrowed by what is given."""
    rows = Finding.objects.select_related("organisation").order_by(
        "organisation__order", "organisation__code", "check_id", "id"
    )
    given = {"state": state, "check_id": check, "organisation__code": organisation}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return scope.narrow(rows)


def finding(finding_id: int) -> Finding | None:
    """One finding."""
    return Finding.objects.select_related("organisation").filter(pk=finding_id).first()


def open_finding(organisation: str, check: str, target: str) -> Finding | None:
    """The finding that follows this fault, or null."""
    rows = Finding.objects.filter(
        organisation__code=organisation, check_id=check, target__in=targets.spellings(target)
    )
    return rows.select_related("organisation").order_by("-id").first()


def sightings(finding: Finding) -> list[Sighting]:
    """What each run said of a finding, oldest first."""
    return list(Sighting.objects.filter(finding=finding).select_related("run").order_by("at", "id"))


def counters_of(organiser: str, finding_ids: Iterable[int], *, on: date) -> dict[int, logic.Counters]:
    """Finding id -> confirmation counters by the organiser's limits of a day."""
    seen: dict[int, list[logic.Seen]] = {pk: [] for pk in finding_ids}
    rows = Sighting.objects.filter(finding__in=list(seen)).values_list("finding", "at", "outcome")
    for pk, at, outcome in rows:
        seen[pk].append(logic.Seen(at, outcome))
    limits = limits_on(organiser, on)
    return {pk: logic.counters(found, limits) for pk, found in seen.items()}


def item_of(finding: Finding) -> str:
    """The item that a finding counts for, for reading: as the rulebook of its day says; '' where it counts for none."""
    return finding.item or item_fed_by(finding.organiser, finding.check_id, day_of(finding.opened_at))


def item_named(finding: Finding, at: datetime) -> str | None:
    """The item that a line about the finding names, of what was seen ``at`` an instant; null where the check says it all.

    Findings of the first release keep the item that they named; further ones name one where their year's rulebook lists no
    checks (``standards.earlier``).
    """
    then = None if finding.item else named_on(finding.organiser, finding.check_id, day_of(at))
    return finding.item or (then.item if then else None)


def absence_of(finding: Finding, *, on: date) -> logic.Absence:
    """How often the page of a finding was not there since it was last read."""
    rows = Sighting.objects.filter(finding=finding).order_by("at", "id").values_list("at", "outcome")
    return logic.absence((logic.Seen(at, outcome) for at, outcome in rows), limits_on(finding.organiser, on))


def found_gone(run: Run) -> bool:
    """Whether a re-test found the page answering 404 or 410."""
    return any(counts.get(logic.GONE) for counts in run.outcomes.values())


def page_targets(organisation: str) -> list[str]:
    """The pages with open findings of a unit: a run asks for them whether a link leads there or not."""
    levels = {check.id for check in all_checks() if check.level is Level.PAGE}
    rows = Finding.objects.filter(organisation__code=organisation, state__in=OPEN, check_id__in=levels)
    stored = rows.order_by("target").values_list("target", flat=True).distinct()
    return [targets.address(one) for one in stored[: logic.MAX_REVISITED]]


@dataclass(frozen=True, slots=True)
class Stuck:
    """A site that could not be looked at to the end several times in a row: for a person, with the newest reason."""

    code: str
    name: str
    whose: str
    cause: str
    at: datetime


def stuck_sites(scope: Scope = EVERYTHING, *, now: datetime) -> list[Stuck]:
    """Sites whose newest ``logic.STUCK_RUNS`` routine runs all broke, ran out of time or never ended, in register order.

    Two queries.
    """
    known = {row.pk: row for row in sites(on=day_of(now), scope=scope).filter(participates=True)}
    place = Window(RowNumber(), partition_by=F("organisation"), order_by=F("id").desc())
    under_way = Q(state=logic.WAITING, started_at__gt=now - logic.STALE)
    rows = scope.narrow(Run.objects.filter(kind=logic.ROUTINE)).exclude(under_way).annotate(place=place)
    newest: dict[int, list[Run]] = {}
    for run in rows.filter(place__lte=logic.STUCK_RUNS).order_by("-id"):
        newest.setdefault(run.organisation_id, []).append(run)
    found = []
    for pk, row in known.items():
        runs = newest.get(pk, [])
        if logic.is_stuck([one.state != logic.DONE or one.out_of_time for one in runs]):
            last = runs[0]
            lost = "排入后没有结果，后台进程可能中途退出" if last.state == logic.WAITING else ""
            cause = last.cause or last.cut or lost
            found.append(Stuck(row.code, row.short_name, last.whose or "us", cause, last.started_at))
    return found


def unread_pages(run: Run) -> list[dict[str, str]]:
    """Pages of a run that could not be read, or not by the encoding that they declare, as its folder keeps them."""
    return _of_run(run, "unread")


def broken_links(run: Run) -> list[dict[str, str]]:
    """Links of a run that lead nowhere through the site's own fault: address, page that bears it, cause."""
    return _of_run(run, "broken")


def _of_run(run: Run, name: str) -> list[dict[str, str]]:
    path = folder_of(run) / "run.json"
    if not run.folder or not path.is_file():
        return []
    found: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8")).get(name, [])
    return found


def evidence_seen_by(actor: Actor, sha256: str) -> bool:
    """Whether stored bytes are behind a finding that an actor may see."""
    rows = Sighting.objects.filter(artefact=sha256).values("finding")
    return visible(actor).narrow(Finding.objects.filter(pk__in=rows)).exists()


def runs_of(
    organisation: str, *, scope: Scope = EVERYTHING, kind: str = logic.ROUTINE, limit: int = 24
) -> list[Run]:
    """The newest runs of one unit, oldest first."""
    rows = scope.narrow(Run.objects.filter(organisation__code=organisation, kind=kind))
    rows = rows.order_by("-id")[:limit]
    return list(reversed(rows))


def run(run_id: int) -> Run | None:
    """One run."""
    return Run.objects.select_related("organisation").filter(pk=run_id).first()


def last_retest(finding: Finding) -> Run | None:
    """The newest re-test of a finding, done, failed or still waiting."""
    return Run.objects.filter(finding=finding).order_by("-id").first()


def last_run_at(scope: Scope = EVERYTHING) -> datetime | None:
    """When the newest finished routine run began."""
    rows = Run.objects.filter(state=logic.DONE, kind=logic.ROUTINE)
    rows = scope.narrow(rows)
    found: datetime | None = rows.aggregate(at=Max("started_at"))["at"]
    return found


def run_days(since: datetime, until: datetime, scope: Scope = EVERYTHING) -> list[tuple[date, int]]:
    """Day in Beijing and number of routine runs that began on it, between two instants; one query."""
    rows = Run.objects.filter(kind=logic.ROUTINE, started_at__gte=since, started_at__lt=until)
    rows = scope.narrow(rows)
    days = rows.annotate(day=TruncDate("started_at", tzinfo=BEIJING)).order_by("day").values("day")
    return [(one["day"], one["n"]) for one in days.annotate(n=Count("id"))]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Runs that did not succeed for one cause: whose failure, how many, how many sites were read since."""

    whose: str
    cause: str
    count: int
    mended: int


def troubles(since: datetime, scope: Scope = EVERYTHING) -> tuple[int, list[Trouble]]:
    """How many runs began since then, and those that did not succeed by cause, the most frequent first; two queries."""
    rows = Run.objects.filter(started_at__gte=since).exclude(state=logic.WAITING).order_by()
    rows = scope.narrow(rows)
    read = rows.filter(state=logic.DONE, organisation=OuterRef("organisation"), id__gt=OuterRef("id"))
    failed = rows.filter(state=logic.FAILED).annotate(again=Exists(read))
    found: dict[tuple[str, str], list[bool]] = {}
    for whose, cause, again in failed.values_list("whose", "cause", "again"):
        found.setdefault((whose, cause), []).append(again)
    made = [Trouble(whose, cause, len(ones), sum(ones)) for (whose, cause), ones in found.items()]
    return rows.count(), sorted(made, key=lambda one: (-one.count, one.whose, one.cause))


def last_starts() -> dict[int, datetime]:
    """Organisation id -> when its newest routine run began; one query."""
    rows = Run.objects.filter(kind=logic.ROUTINE).order_by().values("organisation")
    return {one["organisation"]: one["at"] for one in rows.annotate(at=Max("started_at"))}


def checks() -> tuple[Check, ...]:
    """Every check that monitoring runs."""
    return all_checks()


def folder_of(run: Run) -> Path:
    """Where the run's archive is."""
    return Path(settings.KAOPING_RUNS) / run.folder


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer of a run: what a check said of one place, and why."""

    check: str
    outcome: str
    reason: str


def outcome_lines(run: Run) -> list[Outcome]:
    """Every answer of a run as its folder keeps it, in the shape of ``kaoping check``; empty when nothing was kept."""
    path = folder_of(run) / "outcomes.jsonl"
    if not run.folder or not path.is_file():
        return []
    lines = strict_json.lines(path.read_text(encoding="utf-8"))
    return [_outcome(json.loads(line)) for _number, line in lines]


def _outcome(line: dict[str, object]) -> Outcome:
    return Outcome(str(line["check"]), str(line.get("outcome", "")), str(line.get("reason", "")))
