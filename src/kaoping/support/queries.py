"""Reads about background jobs and processes, for the health page and ``doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from kaoping.support.jobs import ENDED
from kaoping.support.models import Heartbeat, Job
from kaoping.support.rows import Rows


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of background work: when it was due, how often it was tried, and what came of it."""

    id: int
    name: str
    key: str
    state: str
    due_at: datetime
    attempts: int
    finished_at: datetime | None
    result: str
    cause: str


@dataclass(frozen=True, slots=True)
class Beat:
    """When a process was last seen (machine time)."""

    name: str
    at: datetime


def jobs(*, state: str = "") -> Rows[Work]:
    """Background jobs, newest promise first; of one state when given."""
    rows = Job.objects.order_by("-id")
    if state:
        rows = rows.filter(state=state)
    columns = ("id", "name", "key", "state", "due_at", "attempts", "finished_at", "result", "cause")
    return Rows(rows.values_list(*columns), lambda row: Work(*row))


def job_counts() -> dict[str, int]:
    """State to number of jobs, every state present."""
    counts = dict.fromkeys((Job.WAITING, Job.RUNNING, Job.DONE, Job.FAILED), 0)
    for row in Job.objects.order_by().values("state").annotate(n=Count("id")):
        counts[row["state"]] = row["n"]
    return counts


def heartbeats() -> list[Beat]:
    """When each process was last seen."""
    return [Beat(one.name, one.at) for one in Heartbeat.objects.exclude(name=ENDED).order_by("name")]
