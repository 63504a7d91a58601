"""``kaoping work``: what a killed worker held is done at once by the next one; a stop is a good end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import environment, kaoping

SCRIPT = """
import django, sys
django.setup()
from kaoping.support import clock, jobs
from kaoping.support.models import Job
if sys.argv[1] == "promise":
    now = clock.now()
    jobs.enqueue(f"tests.cli.test_work:{sys.argv[2]}", key=sys.argv[2], due_at=now, now=now)
else:
    row = Job.objects.get(key=sys.argv[2])
    print(row.state, row.attempts, row.result)
"""


def stuck_once(*, now: object) -> str:
    """A job that never ends, and says so in the output of its worker; the second time it is done."""
    mark = Path(os.environ["KAOPING_DATA"], "stuck")
    if mark.exists():
        return "done"
    mark.touch()
    print("stuck", flush=True)
    signal.pause()
    return "never"


def asks_to_stop(*, now: object) -> str:
    """While it runs, the worker is asked to stop."""
    os.kill(os.getpid(), signal.SIGTERM)
    return "done"


@pytest.mark.slow
def test_a_killed_workers_job_is_done_by_the_next_and_sigterm_is_a_good_end(data) -> None:
    folder = data()
    settings = environment(KAOPING_DATA=str(folder), DJANGO_SETTINGS_MODULE="kaoping.config.settings")

    def script(verb: str, job: str) -> str:
        command = [sys.executable, "-c", SCRIPT, verb, job]
        done = subprocess.run(command, env=settings, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    @contextmanager
    def worker() -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-m", "kaoping", "work", "--data", str(folder)]
        with subprocess.Popen(
            command, env=settings, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    script("promise", "stuck_once")
    with worker() as killed:
        assert killed.stdout is not None and killed.stdout.readline() == "stuck\n"
    assert script("look", "stuck_once").startswith("running 1")
    done = kaoping("work", "--once", "--data", folder)
    assert done.returncode == 0, done.stderr
    assert script("look", "stuck_once") == "done 2 done"

    script("promise", "asks_to_stop")
    with worker() as stopped:
        assert stopped.wait(60) == 0
    assert script("look", "asks_to_stop") == "done 1 done"
