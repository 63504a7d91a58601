"""Jobs and health: what failed and why, which processes are alive, facts of database and clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts import policy, services
from kaoping.reporting.tables import Table
from kaoping.support import clock, queries
from kaoping.support.jobs import WORKER, worker_ended
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Column, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime

STATES: Final = {"failed": "没有办成", "waiting": "等待", "running": "正在办", "done": "已办"}
QUIET: Final = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this installation: when it was last seen, and whether it still runs."""

    name: str
    at: datetime
    alive: bool
    seconds: int


def _door(request: SignedIn) -> None:
    if not policy.can_run_system(request.actor):
        raise PermissionDenied("运行情况由系统管理员查看。")


@require_safe
def health(request: SignedIn) -> HttpResponse:
    """The page, or the list of jobs as a file."""
    _door(request)
    state = request.GET.get("state", "failed")
    state = state if state in STATES or state == "all" else "failed"
    rows = queries.jobs(state="" if state == "all" else state)
    if "format" in request.GET:
        return download(_file(rows), request.GET["format"])
    counts = queries.job_counts()
    beats = [_process(one) for one in queries.heartbeats()]
    table = paged_table(
        columns=["编号", "任务", "状态", "应办时间", Column("次数", num=True), "结果或原因", ""],
        rows=rows,
        cells=_cells,
        params=request.GET,
        caption="后台任务一览",
        empty=Empty(title="没有这样的任务。", text="没有办成的任务会列在这里，写明原因。"),
    )
    return render(
        request,
        "admin/health.html",
        {
            "title": _title(counts["failed"], beats),
            "table": table,
            "state": state,
            "states": [
                ("all", "全部", sum(counts.values())),
                *((k, v, counts[k]) for k, v in STATES.items()),
            ],
            "beats": beats,
            "facts": _facts(),
        },
    )


@require_POST
def retry(request: SignedIn, job_id: int) -> HttpResponse:
    """Put a failed job back."""
    _door(request)
    services.retry_job(actor=request.actor, job_id=job_id, now=clock.now())
    messages.success(request, f"任务 {job_id} 已放回，后台会再办一次。")
    return redirect("admin-health")


def _title(failed: int, beats: list[Process]) -> str:
    if not any(beat.alive for beat in beats):
        return "后台任务没有在运行，请启动 kaoping serve 或 kaoping work"
    return f"{failed} 个后台任务没有办成，原因在下面" if failed else "后台任务都办成了"


def _process(one: queries.Beat) -> Process:
    quiet = clock.machine_now() - one.at
    return Process(
        name="后台任务" if one.name == WORKER else one.name,
        at=one.at,
        alive=quiet < QUIET and not (one.name == WORKER and worker_ended()),
        seconds=max(0, int(quiet.total_seconds())),
    )


def _cells(job: queries.Work) -> list[Value]:
    lines = (job.cause or job.result).splitlines()
    action = Action(
        label="再办一次", url=reverse("admin-job-retry", args=[job.id]), method="post", small=True
    )
    return [
        job.id,
        Cell(text=job.name.removeprefix("kaoping."), mono=True, note=job.key),
        Cell(text=STATES[job.state], chip="neg") if job.state == "failed" else STATES[job.state],
        cn_datetime(job.due_at),
        job.attempts,
        Cell(
            text=lines[0] if lines else "",
            note=f"办完 {cn_datetime(job.finished_at)}" if job.finished_at else "",
        ),
        Cell(actions=(action,)) if job.state == "failed" else "",
    ]


def _file(rows: Iterable[queries.Work]) -> Table:
    return Table(
        "后台任务",
        ["编号", "任务", "承诺", "状态", "应办时间", "次数", "办完时间", "结果", "原因"],
        [
            [
                one.id,
                one.name,
                one.key,
                STATES[one.state],
                one.due_at,
                one.attempts,
                one.finished_at,
                one.result,
                one.cause,
            ]
            for one in rows
        ],
        [f"截至 {cn_datetime(clock.now())}"],
    )


def _facts() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0]
    simulated = clock.simulated(settings.DATA)
    return [
        ("数据库", f"{'SQLite' if connection.vendor == 'sqlite' else 'PostgreSQL'} {version}"),
        ("机器时间", cn_datetime(clock.machine_now())),
        (
            "业务时间",
            f"{cn_datetime(simulated)}（模拟，只在演示数据目录）" if simulated else "与机器时间相同",
        ),
        ("离开自动退出", f"{settings.SESSION_COOKIE_AGE // 60} 分钟没有操作"),
    ]
