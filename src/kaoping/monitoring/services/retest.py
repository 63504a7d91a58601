"""Verbs: ask for a second look at a fault (复测), and look."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kaoping.accounts.actor import SYSTEM, Actor, Organising
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.checks import Check, Level, OutcomeLine, check_by_id
from kaoping.evidence.services import keep_bytes, record
from kaoping.monitoring import logic, looking, policy, queries
from kaoping.monitoring.models import Finding, Run
from kaoping.monitoring.services.runs import (
    count_outcomes,
    keep_failing_pages,
    new_folder,
    plan_of,
    queue_run,
    why_no_site,
)
from kaoping.monitoring.services.sighting import Absent, record_absences, record_sightings, retest_entry
from kaoping.scoring import targets
from kaoping.standards.queries import limits_on
from kaoping.support import jobs
from kaoping.workdays.queries import calendar

PERFORM = "kaoping.monitoring.jobs:retest"


def _unaskable(actor: Actor, organisation_code: str, check: str, target: str, now: datetime) -> str | None:
    if actor != SYSTEM and (words := why_no_site(organisation_code)):
        return words
    finding = queries.open_finding(organisation_code, check, target)
    if finding is None:
        return "这个问题不是在线监测查出来的，没有规则可以复测。请由检查员或经办到现场核查后登记。"
    if _is_queued(finding, now):
        return "这个问题已经排了一次复测，结果出来前不必再申请。"
    return None


def _asks(actor: Actor, organisation_code: str, check: str, target: str) -> bool:
    finding = queries.open_finding(organisation_code, check, target)
    whose = finding or Organising(next(iter(actor.organisers), ""))
    return policy.can_ask_retest(actor, whose, organisation_code)


@verb(
    "ask_retest",
    "安排复测",
    kind="finding",
    thing="organisation_code",
    door=_asks,
    denied="复测由政务公开办、检查员或本单位联络员申请。",
    refusal=_unaskable,
    said="{how} {unit} {check}。",
    final="排了就测，多测一次不扣分。",
)
def ask_retest(
    act: Act, *, actor: Actor, organisation_code: str, check: str, target: str, now: datetime
) -> Run:
    """Queue a second look; the unit may ask when it has mended the fault, the office at any time."""
    finding = queries.open_finding(organisation_code, check, target)
    assert finding is not None  # what the refusal has just asked
    with act.writing():
        run = queue_run(
            finding.organisation, organiser=finding.organiser, now=now, asked_by=actor, finding=finding
        )
        jobs.enqueue(
            PERFORM,
            key=f"monitoring-retest-{run.pk}",
            due_at=now,
            now=now,
            run_id=run.pk,
            finding_id=finding.pk,
        )
        how = f"{actor.name} 申请复测" if actor != SYSTEM else "单位回复已整改到位，安排复测"
        act.done(thing=finding, how=how, unit=finding.organisation.short_name, check=check)
    return run


def look_on_word(*, organisation_code: str, check: str, target: str, now: datetime) -> str:
    """Queue the second look that a unit's word asks for; returns what became of it, in words.

    A fault whose finding is open no more, or was never one of monitoring, waits for a person.
    """
    finding = queries.open_finding(organisation_code, check, target)
    if finding is None:
        return "没有可以复测的监测发现，待人工核查"
    if _is_queued(finding, now):
        return "已经排了一次复测"
    ask_retest(actor=SYSTEM, organisation_code=organisation_code, check=check, target=target, now=now)
    return "已安排复测"


def _is_queued(finding: Finding, now: datetime) -> bool:
    return Run.objects.filter(finding=finding, state=logic.WAITING, started_at__gt=now - logic.STALE).exists()


def retest(*, actor: Actor, organisation_code: str, check: str, target: str, now: datetime) -> str:
    """Look again now; returns the outcome. Met and not met enter the ledger (source retest), undecided never does."""
    run = ask_retest(actor=actor, organisation_code=organisation_code, check=check, target=target, now=now)
    assert run.finding_id is not None
    return perform_retest(run_id=run.pk, finding_id=run.finding_id, now=now, asked_by=actor)


@verb(
    "retest",
    "复测",
    kind="finding",
    thing="finding_id",
    who="asked_by",
    said="复测{unit} {check}：{outcome}。{reason}",
    news="复测 {n} 次",
    room="monitoring",
    final="看到的留着，可以再测。",
)
def perform_retest(act: Act, *, run_id: int, finding_id: int, now: datetime, asked_by: Actor = SYSTEM) -> str:
    """Do a queued second look. Done twice it counts once."""
    run = Run.objects.select_related("organisation").get(pk=run_id)
    finding = Finding.objects.select_related("organisation").get(pk=finding_id)
    if run.state != logic.WAITING:
        return run.state
    check = check_by_id(finding.check_id)
    line: OutcomeLine | Absent | None
    try:
        if check.level is Level.PAGE:
            line = _look_at_page(run, finding, check, now)
        else:
            line = _look_at_site(run, finding, now)
    except Exception as error:  # ours, and never the unit's fault
        run.whose, run.cause, line = "us", f"复测程序出错（{type(error).__name__}：{error}）", None
    if isinstance(line, Absent):
        return _finish_absent(act, run, finding, line)
    return _finish(act, run, finding, line)


def _look_at_page(run: Run, finding: Finding, check: Check, now: datetime) -> OutcomeLine | Absent | None:
    last = (
        Run.objects.filter(organisation=run.organisation, state=logic.DONE, kind=logic.ROUTINE)
        .exclude(folder="")
        .order_by("-id")
        .first()
    )
    archive = queries.folder_of(last) if last else None
    address = targets.address(finding.target)
    look = looking.look_at_page(
        address,
        check,
        plan=plan_of(run.organisation),
        calendar=calendar(now),
        now=now,
        last=archive if archive and Path(archive, "run.json").is_file() else None,
        is_home=logic.page_of(address) == logic.page_of(run.organisation.site_url),
    )
    if look.status in (404, 410):
        sha256 = keep_bytes(
            look.raw,
            name=address[-200:],
            media_type=(look.media_type or "application/octet-stream")[:100],
            actor=SYSTEM,
            now=now,
        )
        return Absent(address, look.status, sha256)
    if look.failure is not None:
        run.whose, run.cause = look.failure.whose.value, look.failure.text
        return None
    keep_bytes(
        look.raw,
        name=address[-200:],
        media_type=(look.media_type or "application/octet-stream")[:100],
        actor=SYSTEM,
        now=now,
    )
    run.pages = 1
    return look.line


def _look_at_site(run: Run, finding: Finding, now: datetime) -> OutcomeLine | None:
    run.folder = new_folder(run.organisation.code, now)
    folder = queries.folder_of(run)
    result, lines = looking.look_at_site(
        run.organisation.site_url,
        folder,
        plan=plan_of(run.organisation),
        calendar=calendar(now),
        now=now,
        limits=limits_on(run.organiser, day_of(now)),
    )
    if result.failure is not None:
        run.whose, run.cause = result.failure["whose"], result.failure["text"]
        return None
    of_check = [line for line in lines if line.check == finding.check_id]
    wanted = logic.target_of(finding.check_id, finding.target)
    line = next((one for one in of_check if logic.target_of(one.check, one.target) == wanted), None)
    if line is None and len(of_check) == 1:
        line = of_check[0]  # the report or the front page moved: the check still has one answer for the site
    keep_failing_pages(folder, [line] if line else [], now=now)
    run.pages, run.broken = result.pages, len(result.broken)
    return line


def _finish(act: Act, run: Run, finding: Finding, line: OutcomeLine | None) -> str:
    outcome = line.outcome.value if line else logic.UNDECIDED
    run.state = logic.DONE if line else logic.FAILED
    run.started_at, run.finished_at = act.now, act.now
    run.outcomes = count_outcomes([line] if line else [])
    run.undecided = int(outcome == logic.UNDECIDED)
    if line is None and not run.cause:
        run.whose, run.cause = "us", "这次没有抓到原来的网页，无法判定"
    reason = line.reason if line else run.cause
    words = {"met": "通过", "not_met": "未通过"}.get(outcome, "无法判定")
    with act.writing():
        if not Run.objects.filter(pk=run.pk, state=logic.WAITING).update(state=run.state):
            return outcome
        run.save()
        was_confirmed = finding.state == logic.CONFIRMED
        if line is not None:
            record_sightings(run, [_as_of_finding(line, finding)], asked_by=act.actor)
        if line is not None and was_confirmed and outcome == logic.NOT_MET:
            record([retest_entry(run, finding, line)], actor=act.actor, whose=finding, now=act.now)
        act.done(unit=finding.organisation.short_name, check=finding.check_id, outcome=words, reason=reason)
    return outcome


def _finish_absent(act: Act, run: Run, finding: Finding, gone: Absent) -> str:
    """The page is not there: neither a pass nor a failure. That it was taken down is for a person to say."""
    run.state, run.started_at, run.finished_at = logic.DONE, act.now, act.now
    run.outcomes = {finding.check_id: {logic.GONE: 1}}
    run.cause = f"网页答复 {gone.status}"
    with act.writing():
        if not Run.objects.filter(pk=run.pk, state=logic.WAITING).update(state=run.state):
            return logic.GONE
        run.save()
        record_absences(run, [gone], only=finding)
        lacks = queries.absence_of(finding, on=day_of(act.now)).missing()
        then = f"认定网页已撤{lacks}" if lacks else "可由政务公开办认定网页已撤"
        act.done(
            unit=finding.organisation.short_name,
            check=finding.check_id,
            outcome=f"网页答复 {gone.status}，没有内容",
            reason=f"{then}。",
        )
    return logic.GONE


def _as_of_finding(line: OutcomeLine, finding: Finding) -> OutcomeLine:
    return OutcomeLine(
        line.check,
        line.version,
        finding.target,
        line.outcome,
        line.reason,
        line.place,
        line.artefact,
    )
