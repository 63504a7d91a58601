"""The bench that kills processes waits for what is promised while it waits, and overlooks nothing that is not kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bench.kills.rooms import monitoring
from bench.kills.running import unread_error_pages
from bench.kills.told import Told
from bench.kills.waiting import wait_for_jobs

from kaoping.monitoring.models import Run
from kaoping.registry.queries import organisation
from kaoping.support import jobs
from kaoping.support.models import Job
from tests.ledger import main

pytestmark = pytest.mark.django_db
GOOD, LOOKS = "good:job", "kaoping.monitoring.jobs:schedule_runs"


class Creeping:
    """A simulated clock as the bench has it: each reading is a little later than the last."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    @property
    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def days(self, number: int) -> None:
        self._now += timedelta(days=number)


@pytest.fixture
def told(now: datetime) -> Told:
    return Told(0, Creeping(now), bool)  # type: ignore[arg-type]


def promise(told: Told, key: str) -> None:
    at = told.passing.now
    jobs.enqueue(GOOD, key=key, due_at=at, now=at)


def worker(told: Told, does: Callable[[Job], None]) -> Callable[[], None]:
    """A worker that takes up one due job between two looks of the bench; ``does`` may promise others."""

    def work() -> None:
        job = jobs.claim("worker", now=told.passing.now)
        if job is None:
            return
        does(job)
        Job.objects.filter(pk=job.pk, state=Job.RUNNING).update(state=Job.DONE, cause="")

    return work


def test_what_a_job_promises_while_the_bench_waits_is_waited_for(told: Told) -> None:
    def does(job: Job) -> None:
        if job.name == LOOKS:
            promise(told, "run-of-a-site")

    wait_for_jobs(told, pause=worker(told, does))

    assert Job.objects.get(key="run-of-a-site").state == Job.DONE
    assert told.troubles == []


def test_what_was_tried_and_put_off_is_waited_for_on_the_day_to_which_it_was_put_off(told: Told) -> None:
    promise(told, "no-room")

    def does(job: Job) -> None:
        if job.key == "no-room" and not job.cause:
            later = told.passing.now + timedelta(minutes=1)
            Job.objects.filter(pk=job.pk).update(
                state=Job.WAITING, due_at=later, attempts=0, cause="disk full"
            )

    wait_for_jobs(told, pause=worker(told, does))

    assert Job.objects.get(key="no-room").state == Job.DONE
    assert told.troubles == []


def test_a_promise_of_a_later_day_is_no_debt(told: Told, now: datetime) -> None:
    jobs.enqueue(GOOD, key="next-year", due_at=now + timedelta(days=300), now=now)

    wait_for_jobs(told, pause=worker(told, lambda job: None))

    assert Job.objects.get(key="next-year").state == Job.WAITING
    assert told.troubles == []


def test_a_promise_that_nobody_keeps_or_that_was_given_up_is_a_trouble(told: Told) -> None:
    promise(told, "forgotten")
    promise(told, "given-up")
    Job.objects.filter(key="given-up").update(state=Job.FAILED)

    wait_for_jobs(told, seconds=0, pause=lambda: None)

    assert {"job forgotten: waiting", "job given-up: failed"} <= {
        words.partition(" after")[0] for words in told.troubles
    }


def test_a_queued_look_whose_job_is_gone_is_lost(told: Told, units: object, now: datetime) -> None:
    """Waiting long enough hides no loss: the comparison asks the looks, not the jobs."""
    Run.objects.create(
        organiser=main(), organisation=organisation("U1"), kind="routine", state="waiting", started_at=now
    )

    wait_for_jobs(told, pause=worker(told, lambda job: None))

    assert told.troubles == []
    assert monitoring.STORED["perform_run"](told).lost == 1


def test_an_error_page_that_nobody_read_is_found_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    log.write_text(
        "ERROR kaoping.web.ui.errors number f55e4212 at /desk/a/\nERROR number 00000001 at /desk/b/\n"
    )

    assert unread_error_pages(log, ["500 /desk/b/: 编号 00000001"]) == ["unread /desk/a/ f55e4212"]
