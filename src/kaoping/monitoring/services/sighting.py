"""From the answers of one look to sightings, findings and, when a confirmed fault has gone, an observation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.beijing import BEIJING, day_of
from kaoping.checks import Level, OutcomeLine, check_by_id
from kaoping.evidence.services import Entry, record
from kaoping.monitoring import logic
from kaoping.monitoring.models import Finding, Run, Sighting
from kaoping.monitoring.queries import OPEN, item_named
from kaoping.scoring.observations import ArtefactRef
from kaoping.standards.queries import limits_on


@dataclass(frozen=True, slots=True)
class Absent:
    """A page that answered 404 or 410, and the digest of that answer's bytes."""

    url: str
    status: int
    sha256: str


def record_sightings(run: Run, lines: Iterable[OutcomeLine], *, asked_by: Actor = SYSTEM) -> list[Finding]:
    """Add what a run saw to the open findings, open new ones for new failures; returns the findings that changed state.

    A confirmed finding that passed is recorded in the ledger as a passing re-test; nothing else enters it from here.
    """
    wanted: dict[tuple[str, str], OutcomeLine] = {}
    for line in lines:
        wanted.setdefault((line.check, logic.target_of(line.check, line.target)), line)
    changed: list[Finding] = []
    with transaction.atomic():
        found = _open_findings(run)
        history = _history(found.values())
        entries: list[Entry] = []
        limits = limits_on(run.organiser, day_of(run.started_at))
        for key, line in wanted.items():
            finding = found.get(key)
            if finding is None and line.outcome.value != logic.NOT_MET:
                continue
            finding = finding or _opened(run, line, key)
            _sight(run, finding, line)
            seen = [*history.get(finding.pk, ()), logic.Seen(run.started_at, line.outcome.value)]
            before, after = finding.state, logic.state_after(finding.state, seen, limits)
            if line.outcome.value == logic.NOT_MET:
                finding.reason, finding.place = line.reason, line.place or ""
            finding.state = after
            finding.save(update_fields=["state", "reason", "place"])
            if before != after:
                changed.append(finding)
            if before == logic.CONFIRMED and after == logic.CLEARED:
                entries.append(retest_entry(run, finding, line))
        record(entries, actor=asked_by, whose=run, now=run.finished_at or run.started_at)
    return changed


def record_absences(run: Run, gone: Iterable[Absent], *, only: Finding | None = None) -> list[Finding]:
    """Add to the open findings (or to one) of pages that answered 404 or 410 that they were not there; returns those findings.

    No state changes: that a page was taken down is for a person to say.
    """
    found = _open_findings(run)
    by_target: dict[str, list[Finding]] = {}
    for finding in found.values():
        if check_by_id(finding.check_id).level is Level.PAGE and (only is None or finding.pk == only.pk):
            by_target.setdefault(logic.target_of(finding.check_id, finding.target), []).append(finding)
    seen = []
    with transaction.atomic():
        for one in gone:
            for finding in by_target.get(logic.page_of(one.url), ()):
                Sighting.objects.create(
                    finding=finding,
                    run=run,
                    outcome=logic.GONE,
                    reason=f"网页答复 {one.status}，没有内容",
                    at=run.started_at,
                    artefact=one.sha256,
                )
                seen.append(finding)
    return seen


def removal_entry(finding: Finding, seen: logic.Absence, *, said_at: datetime, reason: str) -> Entry:
    """The observation of a person's decision that the page of a confirmed fault was taken down: the fault went with it."""
    first, last = (f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}" for at in (seen.first, seen.last) if at)
    target, address = logic.named(finding.target, finding.organisation.site_url)
    return Entry(
        unit=finding.organisation.code,
        item=item_named(finding, said_at),
        check=finding.check_id,
        source="retest",
        observed_at=said_at,
        kind="verdict",
        value=logic.MET,
        reason=f"{logic.GONE_WORDS}：{seen.times} 次答复 404 或 410，首次 {first}，末次 {last}。核实情况：{reason.strip()}",
        artefacts=[ArtefactRef(None, address)],
        target=target,
        uid=f"removed-{finding.pk}",
    )


def retest_entry(run: Run, finding: Finding, line: OutcomeLine) -> Entry:
    """The observation of a second look at a fault, under the target that makes it the same fault."""
    target, address = logic.named(finding.target, finding.organisation.site_url)
    return Entry(
        unit=finding.organisation.code,
        item=item_named(finding, run.started_at),
        check=finding.check_id,
        source="retest",
        observed_at=run.started_at,
        kind="verdict",
        value=line.outcome.value,
        reason=line.reason,
        artefacts=[ArtefactRef(line.artefact, address)],
        target=target,
        uid=f"retest-{run.pk}-{finding.pk}",
    )


def _open_findings(run: Run) -> dict[tuple[str, str], Finding]:
    rows = Finding.objects.filter(organiser=run.organiser, organisation=run.organisation_id, state__in=OPEN)
    found: dict[tuple[str, str], Finding] = {}
    for row in rows.select_related("organisation").order_by("id"):
        found.setdefault((row.check_id, logic.target_of(row.check_id, row.target)), row)
    return found


def _history(findings: Iterable[Finding]) -> Mapping[int, list[logic.Seen]]:
    seen: dict[int, list[logic.Seen]] = {}
    rows = Sighting.objects.filter(finding__in=[one.pk for one in findings])
    for pk, at, outcome in rows.values_list("finding", "at", "outcome"):
        seen.setdefault(pk, []).append(logic.Seen(at, outcome))
    return seen


def _opened(run: Run, line: OutcomeLine, key: tuple[str, str]) -> Finding:
    return Finding.objects.create(
        organiser=run.organiser,
        organisation=run.organisation,
        check_id=line.check,
        target=key[1],
        state=logic.SUSPECTED,
        reason=line.reason,
        place=line.place or "",
        opened_at=run.started_at,
    )


def _sight(run: Run, finding: Finding, line: OutcomeLine) -> None:
    Sighting.objects.create(
        finding=finding,
        run=run,
        outcome=line.outcome.value,
        reason=line.reason,
        version=line.version,
        at=run.started_at,
        artefact=line.artefact or "",
    )
