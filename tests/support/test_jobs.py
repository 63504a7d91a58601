import os
import subprocess
import sys
from datetime import timedelta

import pytest

from kaoping.support import clock, jobs, queries
from kaoping.support.models import Job

pytestmark = pytest.mark.django_db
CALLS = []


def good(*, now, unit):
    CALLS.append(unit)
    return f"办了 {unit}"


def bad(*, now):
    raise RuntimeError("网站没有回应")


GOOD, BAD = f"{__name__}:good", f"{__name__}:bad"


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock under the test's hand."""
    at = [clock.machine_now()]
    monkeypatch.setattr(clock, "machine_now", lambda: at[0])
    return at


def promise(now, name=GOOD, key="a", **arguments):
    jobs.enqueue(name, key=key, due_at=now, now=now, **arguments)


def test_one_promise_however_often_it_is_made(now):
    promise(now, unit="U1")
    promise(now, unit="U1")
    assert Job.objects.count() == 1


def test_a_job_runs_when_due_and_leaves_its_row(now):
    CALLS.clear()
    promise(now, unit="U1")
    assert jobs.run_due("w1", now=now - timedelta(seconds=1)) == 0
    assert jobs.run_due("w1", now=now) == 1
    assert jobs.run_due("w1", now=now) == 0
    row = Job.objects.get()
    assert (CALLS, row.state, row.result, row.finished_at) == (["U1"], Job.DONE, "办了 U1", now)


def test_a_held_job_is_not_taken_until_its_lease_runs_out(now, machine):
    promise(now, unit="U1")
    assert jobs.claim("w1", now=now) is not None
    assert jobs.claim("w2", now=now) is None
    machine[0] += jobs.LEASE + timedelta(seconds=1)
    again = jobs.claim("w2", now=now)
    assert (again.claimed_by, again.attempts) == ("w2", 2)


def test_a_failure_keeps_its_cause_and_is_tried_again_later(now):
    promise(now, BAD)
    jobs.run_due("w", now=now)
    row = Job.objects.get()
    assert row.state == Job.WAITING
    assert row.cause.startswith("RuntimeError: 网站没有回应")
    instant = now
    for _ in range(jobs.MAX_ATTEMPTS):
        instant += timedelta(hours=1)
        jobs.run_due("w", now=instant)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (Job.FAILED, jobs.MAX_ATTEMPTS)
    assert queries.job_counts() == {"waiting": 0, "running": 0, "done": 0, "failed": 1}
    jobs.retry(row.pk, now=instant)
    assert jobs.claim("w", now=instant).attempts == 1


def test_a_job_that_cannot_be_found_fails_with_words(now):
    promise(now, "kaoping.nowhere:nothing")
    jobs.run_due("w", now=now)
    assert "ModuleNotFoundError" in Job.objects.get().cause


def test_cursor_moves(now):
    assert jobs.cursor("reader") == 0
    jobs.move_cursor("reader", 7)
    assert jobs.cursor("reader") == 7


RACER = """
import sys, django
django.setup()
from kaoping.support import clock, jobs
sys.stdin.readline()
while (job := jobs.claim(sys.argv[1], now=clock.now())) is not None:
    print(job.arguments["n"], flush=True)
"""


def test_two_processes_share_the_jobs_and_each_is_claimed_once(tmp_path):
    """Two real processes race on one SQLite file by the real claim."""
    environment = {
        **os.environ,
        "KAOPING_DATA": str(tmp_path),
        "KAOPING_DATABASE_URL": f"sqlite:///{tmp_path / 'race.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
    }

    def python(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    assert python("-m", "django", "migrate", "support", "-v0").wait() == 0
    fill = (
        "import django; django.setup()\n"
        "from kaoping.support import clock, jobs; now = clock.now()\n"
        "for n in range(40): jobs.enqueue('x:y', key=str(n), due_at=now, now=now, n=n)"
    )
    assert python("-c", fill).wait() == 0
    racers = [python("-c", RACER, name) for name in ("w1", "w2")]
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    taken = [racer.communicate(timeout=60)[0].split() for racer in racers]
    assert sorted(int(n) for part in taken for n in part) == list(range(40))
