"""Background jobs in the database: enqueue, claim atomically, run, retry with the cause shown.

At least once: a worker that is killed leaves a lease that runs out, and another worker takes the job again.
So every job is idempotent. A job is a dotted path to a function that takes ids and ``now``.
The application's clock says when a job is due; the machine's clock says when a lease runs out.
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from kaoping.support import clock
from kaoping.support.models import Cursor, Heartbeat, Job

LEASE: Final = timedelta(minutes=10)
MAX_ATTEMPTS: Final = 5
RETRY_AFTER: Final = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


def enqueue(name: str, *, key: str, due_at: datetime, now: datetime, **arguments: Any) -> None:
    """Promise to call ``name`` (``package.module:function``) at ``due_at``. The same ``key`` twice is one promise."""
    try:
        with transaction.atomic():
            Job.objects.create(name=name, key=key, due_at=due_at, enqueued_at=now, arguments=arguments)
    except IntegrityError:
        return


def claim(worker: str, *, now: datetime) -> Job | None:
    """Take one due job, or one whose lease ran out; null when there is none. Two workers never hold one job."""
    machine = clock.machine_now()
    takeable = Q(state=Job.WAITING, due_at__lte=now) | Q(state=Job.RUNNING, lease_until__lt=machine)
    for job_id in Job.objects.filter(takeable).order_by("due_at", "id").values_list("id", flat=True)[:10]:
        taken = Job.objects.filter(takeable, id=job_id).update(
            state=Job.RUNNING, claimed_by=worker, lease_until=machine + LEASE, attempts=F("attempts") + 1
        )
        if taken:
            return Job.objects.get(id=job_id)
    return None


def run(job: Job, *, now: datetime) -> bool:
    """Call the job's function; keep its result, or the cause of its failure and when it is tried again."""
    try:
        result = _function(job.name)(now=now, **job.arguments)
    except Exception as error:  # a job may fail in any way; the cause is kept for the screen
        job.cause = f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=5)}"[:4000]
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.finished_at = Job.FAILED, now
        else:
            job.state = Job.WAITING
            job.due_at = now + RETRY_AFTER[min(job.attempts, len(RETRY_AFTER)) - 1]
        job.lease_until = None
        job.save()
        return False
    job.state, job.finished_at, job.result, job.cause = Job.DONE, now, str(result or ""), ""
    job.lease_until = None
    job.save()
    return True


def run_due(worker: str, *, now: datetime, limit: int = 1000) -> int:
    """Run what is due, one after another; returns how many ran."""
    done = 0
    while done < limit:
        job = claim(worker, now=now)
        if job is None:
            return done
        run(job, now=now)
        done += 1
    return done


def retry(job_id: int, *, now: datetime) -> None:
    """Put a failed job back."""
    Job.objects.filter(id=job_id, state=Job.FAILED).update(state=Job.WAITING, attempts=0, due_at=now)


def beat(name: str) -> None:
    """Leave a sign of life of a process (machine time)."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.machine_now()})


def last_beat(name: str) -> datetime | None:
    """When a process was last seen (machine time), or null when never."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def failed_count() -> int:
    """How many jobs gave up after all attempts."""
    return Job.objects.filter(state=Job.FAILED).count()


def cursor(name: str) -> int:
    """How far the reader ``name`` has come."""
    return Cursor.objects.get_or_create(name=name)[0].position


def move_cursor(name: str, position: int) -> None:
    """Remember that ``name`` has read up to ``position``; call in the transaction that did the work."""
    Cursor.objects.update_or_create(name=name, defaults={"position": position})


def _function(name: str) -> Callable[..., object]:
    module, _, attribute = name.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), attribute)
    return found
