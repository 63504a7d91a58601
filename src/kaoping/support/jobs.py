"""Background jobs in the database: enqueue, claim atomically, run, retry with the cause shown.

At least once: a worker renews the lease of the job that it runs; of one that was killed the lease runs out, and another
worker takes the job again. So every job is idempotent. A worker that lost its lease does not write how the job ended.
A job is a dotted path to a function that takes ids and ``now``.
The application's clock says when a job is due; the machine's clock says when a lease runs out.
"""

from __future__ import annotations

import importlib
import threading
import traceback
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from logging import getLogger
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Case, F, Q, Value, When

from kaoping.support import clock, logic, workers
from kaoping.support.models import Cursor, Heartbeat, Job
from kaoping.support.storage import cannot_store

WORKER = "worker"
ENDED = "worker-ended"
_BATCH = 500
_log = getLogger(__name__)


def enqueue(name: str, *, key: str, due_at: datetime, now: datetime, **arguments: Any) -> None:
    """Promise to call ``name`` (``package.module:function``) at ``due_at``. The same ``key`` twice is one promise."""
    try:
        with transaction.atomic():
            Job.objects.create(name=name, key=key, due_at=due_at, enqueued_at=now, arguments=arguments)
    except IntegrityError:
        return


def announce(topic: str, *, now: datetime) -> None:
    """Something of ``topic`` is new: whoever follows it (``KAOPING_FOLLOWERS``) is due at once.

    Call in the transaction that writes what is new. Announcements that nobody has taken up yet are one. What slips in
    just when a follower is starting waits for its next regular turn.
    """
    for name in settings.KAOPING_FOLLOWERS.get(topic, ()):
        if not Job.objects.filter(name=name, state=Job.WAITING, due_at__lte=now).exists():
            enqueue(name, key=f"{name}@{topic}-{uuid.uuid4().hex}", due_at=now, now=now)


@dataclass(frozen=True, slots=True)
class Lane:
    """Which jobs one worker takes: all but ``without``, or ``only`` those named; those in ``last`` when no other is due."""

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()


def claim(worker: str, *, now: datetime, lane: Lane | None = None) -> Job | None:
    """Take one due job, or one whose lease ran out; null when there is none. Two workers never hold one job.

    A job that was taken up ``logic.MAX_ATTEMPTS`` times by workers that vanished is given up, with the cause shown.
    """
    lane = lane or Lane()
    machine = clock.machine_now()
    takeable = Q(state=Job.WAITING, due_at__lte=now) | Q(state=Job.RUNNING, lease_until__lt=machine)
    if lane.only:
        takeable &= Q(name__in=lane.only)
    takeable &= ~Q(name__in=lane.without)
    rank = [Case(When(name__in=lane.last, then=Value(1)), default=Value(0))] if lane.last else []
    order = Job.objects.filter(takeable).order_by(*rank, "due_at", "id")
    for job_id in order.values_list("id", flat=True)[:10]:
        taken = Job.objects.filter(takeable, id=job_id).update(
            state=Job.RUNNING,
            claimed_by=worker,
            lease_until=machine + logic.LEASE,
            attempts=F("attempts") + 1,
        )
        if not taken:
            continue
        job = Job.objects.get(id=job_id)
        if not logic.taken_too_often(job.attempts):
            return job
        cause = f"办了 {job.attempts - 1} 次，每次办到一半后台进程都没了，不再自动重试。"
        _end(job, state=Job.FAILED, finished_at=now, cause=cause)
    return None


def run(job: Job, *, now: datetime) -> bool:
    """Call the job's function; keep its result, or the cause of its failure and when it is tried again.

    True when it ended well and this worker still held it.
    """
    try:
        with _renewing(job):
            result = _function(job.name)(now=now, **job.arguments)
    except Exception as error:  # a job may fail in any way; the cause is kept for the screen
        cause = f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=5)}"[:4000]
        if cannot_store(error):
            # Not the job's failure: it waits until the disk or the database is there again, however long that takes.
            _end(
                job,
                state=Job.WAITING,
                due_at=now + logic.STORAGE_AGAIN,
                attempts=job.attempts - 1,
                cause=cause,
            )
            return False
        again = logic.after_failure(job.attempts, now)
        if again.due_at is None:
            _end(job, state=again.state, finished_at=now, cause=cause)
        else:
            _end(job, state=again.state, due_at=again.due_at, cause=cause)
        return False
    return _end(job, state=Job.DONE, finished_at=now, result=str(result or ""), cause="")


def renew(job: Job) -> bool:
    """Hold a running job for another lease, with a sign of life; false when the lease was lost."""
    until = clock.machine_now() + logic.LEASE
    beat(WORKER)
    return bool(_held(job).update(lease_until=until))


def run_due(worker: str, *, now: datetime, limit: int = 1000, lane: Lane | None = None) -> int:
    """Run what is due, one after another; returns how many ran."""
    done = 0
    while done < limit:
        job = claim(worker, now=now, lane=lane)
        if job is None:
            return done
        run(job, now=now)
        done += 1
    return done


def release_abandoned() -> int:
    """Let the leases run out that workers hold who ran on this machine and are gone; returns how many jobs are free."""
    holders = Job.objects.filter(state=Job.RUNNING).order_by().values_list("claimed_by", flat=True).distinct()
    gone = [holder for holder in holders if workers.surely_gone(holder)]
    if not gone:
        return 0
    return Job.objects.filter(state=Job.RUNNING, claimed_by__in=gone).update(lease_until=clock.machine_now())


def prune(*, now: datetime, ticking: Collection[str], proofs: Collection[str]) -> int:
    """Remove rows of done jobs after their time (``logic.keep_for``); returns how many.

    Failed and waiting ones stay, and the rows of ``proofs`` stay for ever.
    """
    removed = 0
    finished = Job.objects.filter(state=Job.DONE).order_by()
    for name in finished.values_list("name", flat=True).distinct():
        kept = logic.keep_for(name, ticking=ticking, proofs=proofs)
        if kept is None:
            continue
        old = finished.filter(name=name, finished_at__lt=now - kept)
        # In small steps, so that nobody's writing waits for long.
        while ids := list(old.values_list("id", flat=True)[:_BATCH]):
            removed += Job.objects.filter(id__in=ids, state=Job.DONE).delete()[0]
    return removed


def retry(job_id: int, *, now: datetime) -> None:
    """Put a failed job back."""
    Job.objects.filter(id=job_id, state=Job.FAILED).update(state=Job.WAITING, attempts=0, due_at=now)


def beat(name: str) -> None:
    """Leave a sign of life of a process (machine time)."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.machine_now()})


def end_work() -> None:
    """A worker says that it ends (machine time), so that its last sign of life is not taken for one that runs."""
    beat(ENDED)


def worker_ended() -> bool:
    """Whether a worker has said that it ends, and none gave a sign of life since."""
    ended, seen = last_beat(ENDED), last_beat(WORKER)
    return ended is not None and (seen is None or ended >= seen)


def last_beat(name: str) -> datetime | None:
    """When a process was last seen (machine time), or null when never."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def failed_count() -> int:
    """How many jobs gave up after all attempts."""
    return Job.objects.filter(state=Job.FAILED).count()


def cursor(name: str) -> int:
    """How far the reader ``name`` has come."""
    return Cursor.objects.get_or_create(name=name)[0].position


def hold(name: str) -> None:
    """Inside a transaction: wait for whoever holds ``name``, then hold it to the end of the transaction."""
    Cursor.objects.get_or_create(name=name)
    Cursor.objects.select_for_update().get(name=name)


def move_cursor(name: str, position: int) -> None:
    """Remember that ``name`` has read up to ``position``; call in the transaction that did the work."""
    Cursor.objects.update_or_create(name=name, defaults={"position": position})


def _held(job: Job) -> Any:
    """The row, as long as this very taking of the job still holds it: every taking counts one attempt more."""
    return Job.objects.filter(id=job.pk, state=Job.RUNNING, claimed_by=job.claimed_by, attempts=job.attempts)


def _end(job: Job, **changes: Any) -> bool:
    if _held(job).update(lease_until=None, **changes):
        return True
    _log.warning("任务 %s（%s）办得太久，已由别的后台进程接手，这一次的结果不记", job.pk, job.name)
    return False


@contextmanager
def _renewing(job: Job) -> Iterator[None]:
    """Renew the job's lease from a thread of its own, on a database connection of its own, until the block ends."""
    over = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(job, over), name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew_until(job: Job, over: threading.Event) -> None:
    try:
        while not over.wait(logic.RENEW_EVERY.total_seconds()):
            try:
                if not renew(job):
                    return
            except DatabaseError as error:  # a busy or restarting database: the next renewal may be in time
                _log.warning("任务 %s（%s）的占用没有续上：%s", job.pk, job.name, error)
                connection.close()
    finally:
        connection.close()


def _function(name: str) -> Callable[..., object]:
    module, _, attribute = name.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), attribute)
    return found
