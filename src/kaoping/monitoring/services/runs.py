"""Verbs: start a run by hand, start those that are due, and do the looking."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.doors import somewhere
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.checks import ColumnPlan, OutcomeLine, UnitLevel
from kaoping.crawling import CrawlResult
from kaoping.evidence.services import keep_bytes
from kaoping.monitoring import logic, looking, policy, queries
from kaoping.monitoring.models import Finding, Run
from kaoping.monitoring.services.sighting import Absent, record_absences, record_sightings
from kaoping.registry.models import Organisation
from kaoping.registry.queries import columns_of, organisation
from kaoping.registry.queries.organisers import main_code, served
from kaoping.standards.queries import limits_on
from kaoping.support import jobs
from kaoping.workdays.queries import calendar

PERFORM = "kaoping.monitoring.jobs:perform_run"
_LEVELS = {
    "government": UnitLevel.GOVERNMENT,
    "district_government": UnitLevel.GOVERNMENT,
    "department": UnitLevel.DEPARTMENT,
}


def why_no_site(organisation_code: str) -> str | None:
    """Why nothing can be looked at, in words: there is no such unit, or it has no site; null when it has one."""
    unit = organisation(organisation_code)
    if unit is None:
        return "名录里没有这个单位。"
    if not unit.site_url:
        return f"名录里没有{unit.short_name}的网站地址，请政务公开办经办在单位名录补上后再监测。"
    return None


def _unstartable(organisation_code: str, now: datetime) -> str | None:
    unit = organisation(organisation_code)
    if unit is None or not unit.site_url:
        return why_no_site(organisation_code)
    if Run.objects.filter(
        organisation=unit, state=logic.WAITING, kind=logic.ROUTINE, started_at__gt=now - logic.STALE
    ).exists():
        return f"{unit.short_name}已有一轮在排队或抓取中，做完后再发起。"
    return None


def _starts(actor: Actor) -> bool:
    """Whoever does it for some organiser: the run is that organiser's."""
    return somewhere(policy.can_start_run, actor)


@verb(
    "start_run",
    "发起监测",
    kind="organisation",
    thing="organisation_code",
    door=_starts,
    denied="发起监测由政务公开办经办办理。",
    refusal=_unstartable,
    said="发起{unit}网站监测。",
    news="发起网站监测 {n} 次",
    room="monitoring",
    final="多看一轮不改变什么：人确认以前不扣分。",
)
def start_run(act: Act, *, actor: Actor, organisation_code: str, now: datetime) -> Run:
    """Queue one look at a unit's site. Refused in words when it has no site or a run is already queued."""
    unit = organisation(organisation_code)
    assert unit is not None  # what the refusal has just asked
    with act.writing():
        run = queue_run(unit, organiser=served(actor), now=now, asked_by=actor)
        act.done(unit=unit.short_name)
    return run


@verb(
    "schedule_runs",
    "排入监测",
    kind="run",
    said="排入 {count} 个网站的监测。",
    final="到期的都要看，排入的不撤。",
)
def schedule_runs(act: Act, *, now: datetime) -> int:
    """Queue a look at every assessed unit's site whose last one is an interval ago; returns how many."""
    last = queries.last_starts()
    rows = queries.sites(on=day_of(now)).filter(participates=True)
    main = main_code(on=day_of(now))
    limits = limits_on(main, day_of(now))
    wanted = [row for row in rows if logic.due(last.get(row.pk), now, limits)]
    with act.writing():
        for row in wanted:
            queue_run(row, organiser=main, now=now)
        if wanted:
            act.done(count=len(wanted))
    return len(wanted)


@verb(
    "perform_run",
    "监测网站",
    kind="organisation",
    said="{unit}网站看了 {pages} 页，留存 {kept} 份，待人工确认新增 {ready} 条。{cut}",
    news="网站监测做完 {n} 次",
    room="monitoring",
    final="看到的留着；是不是扣分的问题，由人确认。",
)
def perform_run(act: Act, *, run_id: int, now: datetime) -> Run:
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
            limits=limits_on(run.organiser, day_of(now)),
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
    return _finish(act, run, result, lines, kept)


def _finish(act: Act, run: Run, result: CrawlResult, lines: list[OutcomeLine], kept: int) -> Run:
    run.outcomes = count_outcomes(lines)
    run.pages, run.broken = result.pages, len(result.broken)
    run.unread, run.cut, run.out_of_time = len(result.unread), "；".join(result.cut), result.out_of_time
    run.undecided = sum(counts.get(logic.UNDECIDED, 0) for counts in run.outcomes.values())
    run.started_at, run.finished_at, run.state = act.now, act.now, logic.DONE
    with act.writing():
        if not Run.objects.filter(pk=run.pk, state=logic.WAITING).update(state=logic.DONE):
            return Run.objects.get(pk=run.pk)
        run.save()
        changed = record_sightings(run, lines)
        record_absences(run, [Absent(one["url"], int(one["status"]), one["sha256"]) for one in result.gone])
        ready = sum(one.state == logic.READY for one in changed)
        act.done(
            thing=run.organisation.code,
            unit=run.organisation.short_name,
            pages=run.pages,
            kept=kept,
            ready=ready,
            cut=f"没有看完：{run.cut}。" if run.cut else "",
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


def queue_run(
    unit: Organisation,
    *,
    organiser: str,
    now: datetime,
    asked_by: Actor | None = None,
    finding: Finding | None = None,
) -> Run:
    """A waiting run for an organiser: a routine one with its job, or a re-test of a finding, whose job the caller queues."""
    run = Run.objects.create(
        organiser=organiser,
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
