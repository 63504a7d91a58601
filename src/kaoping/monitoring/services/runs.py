"""Verbs: start a run by hand, start those that are due, and do the looking."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kaoping.accounts.actor import SYSTEM, Actor, Refused
from kaoping.accounts.audit import record_act, refuse
from kaoping.calendars import day_of
from kaoping.checks import ColumnPlan, OutcomeLine, UnitLevel
from kaoping.crawling import CrawlResult
from kaoping.evidence.services import keep_bytes
from kaoping.monitoring import logic, looking, policy, queries
from kaoping.monitoring.models import Finding, Run
from kaoping.monitoring.services.sighting import Absent, record_absences, record_sightings
from kaoping.registry.models import Organisation
from kaoping.registry.queries import columns_of, organisation
from kaoping.support import jobs
from kaoping.workdays.queries import calendar

PERFORM = "kaoping.monitoring.jobs:perform_run"
_LEVELS = {
    "government": UnitLevel.GOVERNMENT,
    "district_government": UnitLevel.GOVERNMENT,
    "department": UnitLevel.DEPARTMENT,
}


def start_run(*, actor: Actor, organisation_code: str, now: datetime) -> Run:
    """Queue one look at a unit's site. Refused in words when it has no site or a run is already queued."""
    if not policy.can_start_run(actor):
        words = "发起监测由市政务公开办经办办理。"
        raise refuse(actor, "start_run", "organisation", organisation_code, words, now=now)
    unit = site_of(organisation_code)
    if Run.objects.filter(
        organisation=unit, state=logic.WAITING, kind=logic.ROUTINE, started_at__gt=now - logic.STALE
    ).exists():
        raise Refused(f"{unit.short_name}已有一轮在排队或抓取中，做完后再发起。")
    with transaction.atomic():
        run = queue_run(unit, now=now, asked_by=actor)
        record_act(actor, "start_run", "organisation", unit.code, f"发起{unit.short_name}网站监测。", now=now)
    return run


def schedule_runs(*, now: datetime) -> int:
    """Queue a look at every assessed unit's site whose last one is ``logic.INTERVAL`` ago; returns how many."""
    last = queries.last_starts()
    rows = queries.sites(on=day_of(now)).filter(participates=True)
    wanted = [row for row in rows if logic.due(last.get(row.pk), now)]
    with transaction.atomic():
        for row in wanted:
            queue_run(row, now=now)
        if wanted:
            record_act(SYSTEM, "schedule_runs", "run", "", f"排入 {len(wanted)} 个网站的监测。", now=now)
    return len(wanted)


def perform_run(*, run_id: int, now: datetime) -> Run:
    """Do a queued look: crawl, check, keep, and add to the findings. Done twice it counts once."""
    run = Run.objects.select_related("organisation").get(pk=run_id)
    if run.state != logic.WAITING:
        return run
    run.folder = new_folder(run.organisation.code, now)
    try:
        folder = queries.folder_of(run)
        result, lines = looking.look_at_site(
            run.organisation.site_url,
            folder,
            plan=plan_of(run.organisation),
            calendar=calendar(now),
            now=now,
            also=queries.page_targets(run.organisation.code),
        )
        kept = keep_failing_pages(folder, lines, now=now)
        keep_pages(folder, {one["sha256"] for one in (*result.gone, *result.unread)} - {""}, now=now)
    except Exception as error:  # whatever breaks here is ours and must not look like the unit's fault
        return _failed(run, "us", f"监测程序出错（{type(error).__name__}：{error}）", now)
    if result.failure is not None:
        run.out_of_time, run.cut = result.out_of_time, "；".join(result.cut)
        return _failed(run, result.failure["whose"], result.failure["text"], now)
    if result.pages == 0:
        return _failed(run, "us", "首页不是能读的网页，没有取到任何内容", now)
    return _finish(run, result, lines, kept, now)


def _finish(run: Run, result: CrawlResult, lines: list[OutcomeLine], kept: int, now: datetime) -> Run:
    run.outcomes = count_outcomes(lines)
    run.pages, run.broken = result.pages, len(result.broken)
    run.unread, run.cut, run.out_of_time = len(result.unread), "；".join(result.cut), result.out_of_time
    run.undecided = sum(counts.get(logic.UNDECIDED, 0) for counts in run.outcomes.values())
    run.started_at, run.finished_at, run.state = now, now, logic.DONE
    with transaction.atomic():
        if not Run.objects.filter(pk=run.pk, state=logic.WAITING).update(state=logic.DONE):
            return Run.objects.get(pk=run.pk)
        run.save()
        changed = record_sightings(run, lines)
        record_absences(run, [Absent(one["url"], int(one["status"]), one["sha256"]) for one in result.gone])
        ready = sum(one.state == logic.READY for one in changed)
        record_act(
            SYSTEM,
            "perform_run",
            "organisation",
            run.organisation.code,
            f"{run.organisation.short_name}网站看了 {run.pages} 页，留存 {kept} 份，待人工确认新增 {ready} 条。"
            + (f"没有看完：{run.cut}。" if run.cut else ""),
            now=now,
        )
    return run


def _failed(run: Run, whose: str, cause: str, now: datetime) -> Run:
    Run.objects.filter(pk=run.pk, state=logic.WAITING).update(
        state=logic.FAILED,
        whose=whose,
        cause=cause[:2000],
        folder=run.folder,
        finished_at=now,
        out_of_time=run.out_of_time,
        cut=run.cut,
    )
    return Run.objects.select_related("organisation").get(pk=run.pk)


def site_of(organisation_code: str) -> Organisation:
    """The unit, or ``Refused`` in words when there is none or it has no site."""
    unit = organisation(organisation_code)
    if unit is None:
        raise Refused("名录里没有这个单位。")
    if not unit.site_url:
        raise Refused(f"名录里没有{unit.short_name}的网站地址，请市政务公开办经办在单位名录补上后再监测。")
    return unit


def queue_run(
    unit: Organisation, *, now: datetime, asked_by: Actor | None = None, finding: Finding | None = None
) -> Run:
    """A waiting run: a routine one with its job, or a re-test of a finding, whose job the caller queues."""
    run = Run.objects.create(
        organisation=unit,
        kind=logic.RETEST if finding else logic.ROUTINE,
        finding=finding,
        state=logic.WAITING,
        asked_by=asked_by.name if asked_by else "",
        asked_by_id=asked_by.id if asked_by else "",
        started_at=now,
    )
    if finding is None:
        jobs.enqueue(PERFORM, key=f"monitoring-run-{run.pk}", due_at=now, now=now, run_id=run.pk)
    return run


def new_folder(code: str, now: datetime) -> str:
    """A folder below the runs folder that no other attempt uses."""
    name = f"{code}/{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    Path(settings.KAOPING_RUNS, name).mkdir(parents=True)
    return name


def plan_of(unit: Organisation) -> looking.Plan:
    """The unit's column plan and the level of its annual report, from the register."""
    columns = tuple(ColumnPlan(one.name, one.period_days) for one in columns_of(unit.code))
    return looking.Plan(columns or None, _LEVELS.get(unit.kind))


def keep_failing_pages(folder: Path, lines: Iterable[OutcomeLine], *, now: datetime) -> int:
    """Keep the bytes behind every failing answer as artefacts; returns how many."""
    digests = {line.artefact for line in lines if line.artefact and line.outcome.value == logic.NOT_MET}
    return keep_pages(folder, digests, now=now)


def keep_pages(folder: Path, digests: Collection[str], *, now: datetime) -> int:
    """Keep the stored answers with these digests as artefacts; returns how many."""
    count = 0
    for stored in looking.stored_behind(folder, digests):
        keep_bytes(
            stored.raw,
            name=stored.url[-200:],
            media_type=(stored.content_type or "application/octet-stream")[:100],
            actor=SYSTEM,
            now=now,
        )
        count += 1
    return count


def count_outcomes(lines: Iterable[OutcomeLine]) -> dict[str, dict[str, int]]:
    """Check -> outcome -> how many targets."""
    counts: dict[str, dict[str, int]] = {}
    for line in lines:
        of_check = counts.setdefault(line.check, {})
        of_check[line.outcome.value] = of_check.get(line.outcome.value, 0) + 1
    return counts
