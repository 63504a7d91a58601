"""The worker: promises that somebody makes are kept once each, however often the worker is killed."""

from __future__ import annotations

from collections import Counter
from typing import Final

from bench.installation import late
from bench.kills.city import RUNS, UNITS
from bench.kills.comparing import Found, each_once
from bench.kills.told import Told
from bench.small_disk import when_there_is_room

# What recurs by the machine's clock is promised more often here, because the simulated one hurries.
RECURRING: Final = (
    "kaoping.evaluation.jobs:collect_opinions",
    "kaoping.rectification.jobs:read_ledger",
    "kaoping.monitoring.jobs:schedule_runs",
)


def promise(told: Told) -> None:
    """One ledger line each, and every tenth time what recurs."""
    number = 0
    while True:
        number += 1
        _enqueue(told, "bench.kills.appending:append", f"append-{number}", mark=str(number), number=number)
        told.keep("job", str(number))
        if number % 10 == 0:
            promise_recurring(told, str(number))
        told.rest(1)


def promise_recurring(told: Told, mark: str) -> None:
    """Promise once more what recurs."""
    for name in RECURRING:
        _enqueue(told, name, f"bench-{name}-{mark}")


def _enqueue(told: Told, name: str, key: str, *, mark: str = "", number: int = 0) -> None:
    jobs, now = late("kaoping.support.jobs"), told.passing.now
    given = {"mark": mark, "unit": UNITS[number % len(UNITS)], "item": "K3.8"} if mark else {}
    when_there_is_room(lambda: jobs.enqueue(name, key=key, due_at=now, now=now, **given))


def _job(told: Told) -> Found:
    """Each effect exactly once, however often the job had to be run."""
    rows = late("kaoping.evidence.models").Observation.objects.filter(uid__startswith="job:")
    marks = Counter(uid.removeprefix("job:") for uid in rows.values_list("uid", flat=True))
    path = told.passing.folder / RUNS
    runs = len(path.read_text().split()) if path.is_file() else 0
    told.unanswered["job"] = runs - marks.total()  # run again after a kill
    return each_once(
        told.acknowledged["job"], {mark: n for mark, n in marks.items() if not mark.startswith("retry-")}
    )


WRITERS = (("promise", promise),)
STORED = {"job": _job}
OWN_LINES = frozenset({"job"})
