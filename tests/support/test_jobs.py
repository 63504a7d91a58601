import errno
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest

from kaoping.config import schedule
from kaoping.support import clock, jobs, logic, queries, workers
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
    machine[0] += logic.LEASE + timedelta(seconds=1)
    again = jobs.claim("w2", now=now)
    assert (again.claimed_by, again.attempts) == ("w2", 2)


def test_a_failure_keeps_its_cause_and_is_tried_again_later(now):
    promise(now, BAD)
    jobs.run_due("w", now=now)
    row = Job.objects.get()
    assert row.state == Job.WAITING
    assert row.cause.startswith("RuntimeError: 网站没有回应")
    instant = now
    for _ in range(logic.MAX_ATTEMPTS):
        instant += timedelta(hours=1)
        jobs.run_due("w", now=instant)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (Job.FAILED, logic.MAX_ATTEMPTS)
    assert queries.job_counts() == {"waiting": 0, "running": 0, "done": 0, "failed": 1}
    jobs.retry(row.pk, now=instant)
    assert jobs.claim("w", now=instant).attempts == 1


def no_room(**_given):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_job_that_finds_no_room_waits_for_it_however_long(now):
    promise(now, f"{__name__}:no_room")
    instant = now
    for _ in range(logic.MAX_ATTEMPTS + 3):
        jobs.run_due("w", now=instant)
        instant += timedelta(hours=1)
    row = Job.objects.get()
    assert (row.state, row.attempts) == (Job.WAITING, 0)
    assert "No space left" in row.cause


def test_a_job_that_cannot_be_found_fails_with_words(now):
    promise(now, "kaoping.nowhere:nothing")
    jobs.run_due("w", now=now)
    assert "ModuleNotFoundError" in Job.objects.get().cause


def test_cursor_moves(now):
    assert jobs.cursor("reader") == 0
    jobs.move_cursor("reader", 7)
    assert jobs.cursor("reader") == 7


def test_a_worker_that_lost_its_lease_does_not_write_how_the_job_ended(now, machine):
    """Both ends: the slow worker's comes first or last, well or badly; the one that holds the job writes it, once."""
    for ending in (GOOD, BAD):
        Job.objects.all().delete()
        promise(now, ending, **({"unit": "U1"} if ending == GOOD else {}))
        slow = jobs.claim("slow", now=now)
        machine[0] += logic.LEASE + timedelta(seconds=1)
        quick = jobs.claim("quick", now=now)
        assert jobs.run(slow, now=now) is False
        row = Job.objects.get()
        assert (row.state, row.claimed_by, row.result, row.cause) == (Job.RUNNING, "quick", "", "")
        assert not jobs.renew(slow)
        assert jobs.renew(quick)
        jobs.run(quick, now=now)
        end = Job.objects.values().get()
        assert end["state"] != Job.RUNNING and end["attempts"] == 2
        jobs.run(slow, now=now)
        assert Job.objects.values().get() == end


def test_a_renewed_lease_lasts(now, machine):
    promise(now, unit="U1")
    job = jobs.claim("w1", now=now)
    for _ in range(10):
        machine[0] += logic.RENEW_EVERY
        assert jobs.renew(job)
        assert jobs.claim("w2", now=now) is None
    assert jobs.last_beat(jobs.WORKER) == machine[0]
    machine[0] += logic.LEASE + timedelta(seconds=1)
    assert jobs.claim("w2", now=now).attempts == 2
    assert not jobs.renew(job)


def test_a_job_whose_workers_vanish_each_time_is_given_up_with_words(now, machine):
    promise(now, unit="U1")
    for attempt in range(1, logic.MAX_ATTEMPTS + 1):
        assert jobs.claim(f"w{attempt}", now=now).attempts == attempt
        machine[0] += logic.LEASE + timedelta(seconds=1)
    assert jobs.claim("last", now=now) is None
    row = Job.objects.get()
    assert row.state == Job.FAILED and f"办了 {logic.MAX_ATTEMPTS} 次" in row.cause
    assert jobs.claim("last", now=now) is None


def test_what_a_dead_worker_of_this_machine_held_is_free_at_once(now, machine, monkeypatch):
    for worker in ("dead", "alive"):
        promise(now, key=worker, unit=worker)
        jobs.claim(worker, now=now)
    monkeypatch.setattr(workers, "surely_gone", lambda signature: signature == "dead")
    assert jobs.release_abandoned() == 1
    machine[0] += timedelta(milliseconds=1)
    assert jobs.claim("w2", now=now).key == "dead"
    assert jobs.claim("w2", now=now) is None
    assert jobs.release_abandoned() == 0


def test_what_nobody_waits_for_comes_last(now):
    promise(now - timedelta(hours=1), "patient:job", key="old")
    promise(now, unit="U1", key="new")
    lane = jobs.Lane(last=frozenset({"patient:job"}))
    assert [jobs.claim("w", now=now, lane=lane).key for _ in range(2)] == ["new", "old"]
    assert jobs.claim("w", now=now, lane=lane) is None


def test_the_lanes_share_all_jobs_between_them(now, settings):
    """Quick jobs do not wait for looks at sites; a re-test goes before a routine look; nothing is left to nobody."""
    run, retest, other = "kaoping.monitoring.jobs:perform_run", "kaoping.monitoring.jobs:retest", GOOD
    for number, name in enumerate((run, retest, other, run)):
        promise(now, name, key=str(number))
    taken = []
    for lane in schedule.LANES:
        names = []
        while job := jobs.claim("w", now=now, lane=lane):
            names.append(job.name)
        taken.append(names)
    assert taken == [[other], [retest, run, run], *[[]] * (len(taken) - 2)]
    assert len(taken) == 1 + settings.KAOPING_LOOKS > 2


def test_what_is_announced_is_due_at_once_and_many_announcements_are_one(now, settings):
    settings.KAOPING_FOLLOWERS = {"topic": [GOOD, BAD]}
    jobs.announce("nobody follows", now=now)
    assert not Job.objects.exists()
    for _ in range(3):
        jobs.announce("topic", now=now)
    assert sorted(Job.objects.values_list("name", flat=True)) == [BAD, GOOD]
    taken = jobs.claim("w", now=now)
    jobs.announce("topic", now=now)  # while it runs: what it has read may be older
    assert Job.objects.filter(name=taken.name, state=Job.WAITING).count() == 1


def test_the_schedule_names_jobs_that_exist(settings):
    followers = [name for names in settings.KAOPING_FOLLOWERS.values() for name in names]
    named = {
        *schedule.RECURRING,
        *schedule.PROOFS,
        *followers,
        *(name for lane in schedule.LANES for name in lane.only),
    }
    assert all(callable(jobs._function(name)) for name in named)
    assert set(followers) <= schedule.RECURRING.keys()  # the net below an announcement that slips in


def test_old_rows_of_done_jobs_go_and_proofs_stay(now, monkeypatch):
    monkeypatch.setattr(jobs, "_BATCH", 2)
    tick, proof, other = "kaoping.rectification.jobs:read_ledger", "kaoping.rectification.jobs:remind", GOOD
    day = timedelta(days=1)
    for name in (tick, proof, other):
        for state in (Job.DONE, Job.FAILED, Job.WAITING):
            for age in (1, 8, 9, 10, 401):
                finished = None if state == Job.WAITING else now - age * day
                Job.objects.create(
                    name=name,
                    key=f"{name}-{state}-{age}",
                    due_at=now - age * day,
                    enqueued_at=now - age * day,
                    state=state,
                    finished_at=finished,
                )
    assert schedule.prune(now=now) == "清去 5 条办完的任务"
    assert schedule.prune(now=now) == "清去 0 条办完的任务"
    left = Job.objects.filter(state=Job.DONE)
    ages = {
        name: sorted((now - at).days for at in left.filter(name=name).values_list("finished_at", flat=True))
        for name in (tick, proof, other)
    }
    assert ages == {tick: [1], proof: [1, 8, 9, 10, 401], other: [1, 8, 9, 10]}
    assert Job.objects.exclude(state=Job.DONE).count() == 30


@contextmanager
def _on(url, folder):
    """``python(...)``: a process of its own, with the database at ``url``. What still runs behind the block is ended."""
    environment = {
        **os.environ,
        "KAOPING_DATA": str(folder),
        "KAOPING_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
    }

    with ExitStack() as started:

        def start(*arguments: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield start


MIGRATE = ("-m", "django", "migrate", "support", "-v0", "--skip-checks")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """An SQLite file with the tables of ``support``."""
    folder = tmp_path_factory.mktemp("migrated")
    with _on(f"sqlite:///{folder / 'jobs.sqlite3'}", folder) as start:
        assert start(*MIGRATE).wait() == 0
    return folder / "jobs.sqlite3"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def python(request, tmp_path):
    """``python(...)``: a process of its own, on a real database that has the tables of ``support``."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("migrated"), tmp_path)
        with _on(f"sqlite:///{copy}", tmp_path) as start:
            yield start
        return
    with _on(request.getfixturevalue("fresh_databases")("jobs"), tmp_path) as start:
        assert start(*MIGRATE).wait() == 0
        yield start


RACER = """
import sys, django
django.setup()
from kaoping.support import clock, jobs
sys.stdin.readline()
while (job := jobs.claim(sys.argv[1], now=clock.now())) is not None:
    print(job.arguments["n"], flush=True)
"""


def test_two_processes_share_the_jobs_and_each_is_claimed_once(python):
    """Two real processes race on one database by the real claim."""
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


HOLDER = """
import sys, django
from datetime import timedelta
django.setup()
from kaoping.support import clock, jobs, logic, workers
from kaoping.support.models import Job
logic.RENEW_EVERY = timedelta(milliseconds=20)

def held(*, now):
    row = Job.objects.get()
    begun = row.lease_until
    print("held", flush=True)
    end = clock.monotonic() + 30
    while Job.objects.get().lease_until < begun + 3 * logic.RENEW_EVERY and clock.monotonic() < end:
        pass
    return str(Job.objects.get().lease_until >= begun + 3 * logic.RENEW_EVERY)

def stuck(*, now):
    print("held", flush=True)
    sys.stdin.readline()

now = clock.now()
jobs.enqueue(f"__main__:{sys.argv[1]}", key="k", due_at=now, now=now)
jobs.run_due(workers.myself().text(), now=now)
row = Job.objects.get()
print(row.state, row.result, row.lease_until, flush=True)
"""


def test_a_running_job_is_held_by_renewals_from_its_own_thread(python):
    holder = python("-c", HOLDER, "held")
    assert holder.communicate(timeout=60)[0].splitlines() == ["held", "done True None"]


@pytest.mark.skipif(not workers.place(), reason="no /proc: leases decide there")
def test_a_job_of_a_killed_worker_is_taken_back_at_once(python):
    killed = python("-c", HOLDER, "stuck")
    assert killed.stdout.readline() == "held\n"
    killed.kill()
    killed.wait()
    script = (
        "import django; django.setup()\n"
        "from kaoping.support import clock, jobs\n"
        "before = jobs.claim('next', now=clock.now())\n"
        "print(before, jobs.release_abandoned(), jobs.claim('next', now=clock.now()).attempts)"
    )
    assert python("-c", script).communicate(timeout=60)[0].split() == ["None", "1", "2"]
