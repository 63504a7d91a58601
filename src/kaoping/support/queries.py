"""Reads about background jobs and processes, for the health page and ``doctor``."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from kaoping.support.jobs import ENDED
from kaoping.support.models import Heartbeat, Job


def jobs(*, state: str = "") -> QuerySet[Job]:
    """Background jobs, newest promise first; of one state when given."""
    rows = Job.objects.order_by("-id")
    return rows.filter(state=state) if state else rows


def job_counts() -> dict[str, int]:
    """State to number of jobs, every state present."""
    counts = dict.fromkeys((Job.WAITING, Job.RUNNING, Job.DONE, Job.FAILED), 0)
    for row in Job.objects.order_by().values("state").annotate(n=Count("id")):
        counts[row["state"]] = row["n"]
    return counts


def heartbeats() -> QuerySet[Heartbeat]:
    """When each process was last seen (machine time)."""
    return Heartbeat.objects.exclude(name=ENDED).order_by("name")
