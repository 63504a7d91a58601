"""Verbs: ask for a second look at a fault (复测), and look."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from kaoping.accounts.actor import SYSTEM, Actor, Refused
from kaoping.accounts.audit import record_act, refuse
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
    site_of,
)
from kaoping.monitoring.services.sighting import Absent, record_absences, record_sightings, retest_entry
from kaoping.support import jobs
from kaoping.workdays.queries import calendar

PERFORM = "kaoping.monitoring.jobs:retest"


def ask_retest(*, actor: Actor, organisation_code: str, check: str, target: str, now: datetime) -> Run:
    """Queue a second look; the unit may ask when it has mended the fault, the office at any time."""
    _door(actor, organisation_code, now)
    finding = _finding(organisation_code, check, target)
    if _is_queued(finding, now):
        raise Refused("这个问题已经排了一次复测，结果出来前不必再申请。")
    return _queue(finding, actor, now)


def look_on_word(*, organisation_code: str, check: str, target: str, now: datetime) -> str:
    """Queue the second look that a unit's word asks for; returns what became of it, in words.

    A fault whose finding is open no more, or was never one of monitoring, waits for a person.
    """
    finding = queries.open_finding(organisation_code, check, target)
    if finding is None:
        return "没有可以复测的监测发现，待人工核查"
    if _is_queued(finding, now):
        return "已经排了一次复测"
    _queue(finding, SYSTEM, now)
    return "已安排复测"


def _is_queued(finding: Finding, now: datetime) -> bool:
    return Run.objects.filter(finding=finding, state=logic.WAITING, started_at__gt=now - logic.STALE).exists()


def _queue(finding: Finding, actor: Actor, now: datetime) -> Run:
    check = finding.check_id
    with transaction.atomic():
        run = queue_run(finding.organisation, now=now, asked_by=actor, finding=finding)
        jobs.enqueue(
            PERFORM,
            key=f"monitoring-retest-{run.pk}",
            due_at=now,
            now=now,
            run_id=run.pk,
            finding_id=finding.pk,
        )
        record_act(
            actor,
            "ask_retest",
            "finding",
            finding.pk,
            f"{actor.name} 申请复测 {finding.organisation.short_name} {check}。"
            if actor != SYSTEM
            else f"单位回复已整改到位，安排复测 {finding.organisation.short_name} {check}。",
            now=now,
        )
    return run


def retest(*, actor: Actor, organisation_code: str, check: str, target: str, now: datetime) -> str:
    """Look again now; returns the outcome. Met and not met enter the ledger (source retest), undecided never does."""
    _door(actor, organisation_code, now)
    finding = _finding(organisation_code, check, target)
    run = queue_run(finding.organisation, now=now, asked_by=actor, finding=finding)
    return perform_retest(run_id=run.pk, finding_id=finding.pk, now=now, asked_by=actor)


def perform_retest(*, run_id: int, finding_id: int, now: datetime, asked_by: Actor = SYSTEM) -> str:
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
        return _finish_absent(run, finding, line, now, asked_by)
    return _finish(run, finding, line, now, asked_by)


def _look_at_page(run: Run, finding: Finding, check: Check, now: datetime) -> OutcomeLine | Absent | None:
    last = (
        Run.objects.filter(organisation=run.organisation, state=logic.DONE, kind=logic.ROUTINE)
        .exclude(folder="")
        .order_by("-id")
        .first()
    )
    archive = queries.folder_of(last) if last else None
    look = looking.look_at_page(
        finding.target,
        check,
        plan=plan_of(run.organisation),
        calendar=calendar(now),
        now=now,
        last=archive if archive and Path(archive, "run.json").is_file() else None,
        is_home=finding.target == run.organisation.site_url,
    )
    if look.status in (404, 410):
        sha256 = keep_bytes(
            look.raw,
            name=finding.target[-200:],
            media_type=(look.media_type or "application/octet-stream")[:100],
            actor=SYSTEM,
            now=now,
        )
        return Absent(finding.target, look.status, sha256)
    if look.failure is not None:
        run.whose, run.cause = look.failure.whose.value, look.failure.text
        return None
    keep_bytes(
        look.raw,
        name=finding.target[-200:],
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
        run.organisation.site_url, folder, plan=plan_of(run.organisation), calendar=calendar(now), now=now
    )
    if result.failure is not None:
        run.whose, run.cause = result.failure["whose"], result.failure["text"]
        return None
    of_check = [line for line in lines if line.check == finding.check_id]
    line = next((one for one in of_check if one.target == finding.target), None)
    if line is None and len(of_check) == 1:
        line = of_check[0]  # the report or the front page moved: the check still has one answer for the site
    keep_failing_pages(folder, [line] if line else [], now=now)
    run.pages, run.broken = result.pages, len(result.broken)
    return line


def _finish(run: Run, finding: Finding, line: OutcomeLine | None, now: datetime, asked_by: Actor) -> str:
    outcome = line.outcome.value if line else logic.UNDECIDED
    run.state = logic.DONE if line else logic.FAILED
    run.started_at, run.finished_at = now, now
    run.outcomes = count_outcomes([line] if line else [])
    run.undecided = int(outcome == logic.UNDECIDED)
    if line is None and not run.cause:
        run.whose, run.cause = "us", "这次没有抓到原来的网页，无法判定"
    reason = line.reason if line else run.cause
    words = {"met": "通过", "not_met": "未通过"}.get(outcome, "无法判定")
    with transaction.atomic():
        if not Run.objects.filter(pk=run.pk, state=logic.WAITING).update(state=run.state):
            return outcome
        run.save()
        was_confirmed = finding.state == logic.CONFIRMED
        if line is not None:
            record_sightings(run, [_as_of_finding(line, finding)], asked_by=asked_by)
        if line is not None and was_confirmed and outcome == logic.NOT_MET:
            record([retest_entry(run, finding, line)], actor=asked_by, now=now)
        record_act(
            asked_by,
            "retest",
            "finding",
            finding.pk,
            f"复测{finding.organisation.short_name} {finding.check_id}：{words}。{reason}",
            now=now,
        )
    return outcome


def _finish_absent(run: Run, finding: Finding, gone: Absent, now: datetime, asked_by: Actor) -> str:
    """The page is not there: neither a pass nor a failure. That it was taken down is for a person to say."""
    run.state, run.started_at, run.finished_at = logic.DONE, now, now
    run.outcomes = {finding.check_id: {logic.GONE: 1}}
    run.cause = f"网页答复 {gone.status}"
    with transaction.atomic():
        if not Run.objects.filter(pk=run.pk, state=logic.WAITING).update(state=run.state):
            return logic.GONE
        run.save()
        record_absences(run, [gone], only=finding)
        lacks = queries.absence_of(finding).missing()
        then = f"认定网页已撤{lacks}" if lacks else "可由市政务公开办认定网页已撤"
        record_act(
            asked_by,
            "retest",
            "finding",
            finding.pk,
            f"复测{finding.organisation.short_name} {finding.check_id}：网页答复 {gone.status}，没有内容。{then}。",
            now=now,
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


def _door(actor: Actor, organisation_code: str, now: datetime) -> None:
    if not policy.can_ask_retest(actor, organisation_code):
        words = "复测由市政务公开办、检查员或本单位联络员申请。"
        raise refuse(actor, "ask_retest", "organisation", organisation_code, words, now=now)


def _finding(organisation_code: str, check: str, target: str) -> Finding:
    site_of(organisation_code)
    finding = queries.open_finding(organisation_code, check, target)
    if finding is None:
        raise Refused("这个问题不是在线监测查出来的，没有规则可以复测。请由检查员或经办到现场核查后登记。")
    return finding
