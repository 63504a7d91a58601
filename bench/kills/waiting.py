"""The last wait: until the worker has kept every promise, also those that came while the bench was waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from bench.installation import late
from bench.kills.rooms.jobs import promise_recurring
from bench.kills.told import Told

PATIENCE: Final = 120.0


def wait_for_jobs(
    told: Told, *, seconds: float = PATIENCE, pause: Callable[[], None] = lambda: time.sleep(0.3)
) -> None:
    """A day passes, what recurs is promised once more, and the worker keeps all that is due.

    A kept promise may make others: the looks that are due are queued by a job, a little later than that job, because the
    clock creeps. So each look asks what is due by then. What was tried and put off is waited for as well, and the clock
    moves on when nothing else is left. A promise that was given up, or is still open at the end, is a trouble.
    """
    told.passing.days(1)
    promise_recurring(told, "last")
    end = time.monotonic() + seconds
    while (still := _open(told)) and time.monotonic() < end:
        if all(one.due_at > told.passing.now for one in still):
            told.passing.days(1)
        pause()
    jobs = late("kaoping.support.models").Job
    for one in [*still, *jobs.objects.filter(state=jobs.FAILED).order_by("id")]:
        told.troubles.append(f"job {one.key}: {one.state} after {one.attempts} attempts {one.cause[-600:]}")


def _open(told: Told) -> list[Any]:
    """The promises that are due by now or were tried before, and are not kept. What is due on a later day is no debt."""
    jobs, anyhow = late("kaoping.support.models").Job, late("django.db.models").Q
    now = told.passing.now
    tried = anyhow(attempts__gt=0) | ~anyhow(cause="")
    unkept = jobs.objects.filter(state__in=(jobs.WAITING, jobs.RUNNING))
    return list(unkept.filter(anyhow(due_at__lte=now) | tried).order_by("id"))
