"""``kaoping work``: one worker. Several may run; each job is claimed by one of them."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from kaoping.cli.django import add_data_argument, late, setup
from kaoping.cli.errors import InputError
from kaoping.cli.liveness import give_sign
from kaoping.cli.processes import tell
from kaoping.foreign.failures import of_server
from kaoping.support import clock, locks
from kaoping.support.storage import cannot_store

NAME = "work"
HELP = "后台任务：到期的任务逐个办理，留下记录。"
PAUSE = 1.0
GRACE = 5.0
# While the disk is full or the database is away, the worker looks again so often (seconds).
WAIT_FOR_STORAGE: Final = 5.0
# The longest job is a look at a large site; what takes longer hangs (seconds).
LONGEST_JOB: Final = 6 * 3600.0
LONGEST_TURN: Final = 120.0
SIGN_EVERY: Final = 5.0


@dataclass
class Turns:
    """When each lane last came round, and since when it has been at one job. Read by the thread that gives signs of life."""

    came_round: dict[str, float] = field(default_factory=dict)
    at_a_job: dict[str, float] = field(default_factory=dict)

    def all_well(self, now: float) -> bool:
        """Whether no lane is stuck: between two jobs for long, or at one job for longer than any takes."""
        return all(
            now - self.at_a_job[lane] < LONGEST_JOB if lane in self.at_a_job else now - at < LONGEST_TURN
            for lane, at in list(self.came_round.items())
        )


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("--once", action="store_true", help="办完到期的任务就退出")


def run(args: argparse.Namespace) -> int:
    """Promise what recurs, run what is due, rest, again."""
    folder = setup(args)
    try:
        locks.refuse_orphan(folder)
    except locks.Locked as error:
        raise InputError(str(error)) from None
    worker = late("kaoping.support.workers").myself().text()
    if args.once:
        done = _everything_due(worker)
        late("kaoping.support.jobs").end_work()
        print(f"办了 {done} 个任务", file=sys.stderr)
        return 0
    over, asked = threading.Event(), threading.Event()

    def stop(_number: int, _frame: object) -> None:
        asked.set()
        over.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    first, *others = late("kaoping.config.schedule").LANES
    turns = Turns()
    beside = [
        threading.Thread(target=_work, args=(worker, lane, over, turns), daemon=True) for lane in others
    ]
    for thread in beside:
        thread.start()
    threading.Thread(target=_give_signs, args=(turns, over), daemon=True).start()

    def every_second() -> None:
        if locks.orphaned(folder):  # another serve has the folder: its own worker goes on
            over.set()
        look_around()

    _work(worker, first, over, turns, every_second=every_second)
    for thread in beside:
        thread.join(GRACE)  # what is cut off is taken up again by the next worker
    return 0 if asked.is_set() else 1


def _everything_due(worker: str) -> int:
    run_due = late("kaoping.support.jobs").run_due
    look_around()
    total = 0
    while run_due(worker, now=clock.now(), limit=1):
        total += 1
    return total


def _work(
    worker: str,
    lane: Any,
    over: threading.Event,
    turns: Turns,
    every_second: Callable[[], None] = lambda: None,
) -> None:
    """Run the due jobs of one lane until it is over; when one lane breaks, all end, to be started again.

    A full disk or a database that is away is no reason to end: starting again would not mend it.
    """
    jobs = late("kaoping.support.jobs")
    name = threading.current_thread().name
    looked_at, told = float("-inf"), False
    try:
        while not over.is_set():
            turns.came_round[name] = clock.monotonic()
            try:
                if clock.monotonic() - looked_at >= PAUSE:
                    every_second()
                    looked_at = clock.monotonic()
                # One at a time: each job gets the instant at which it begins, and a stop waits for one job at most.
                turns.at_a_job[name] = clock.monotonic()
                done = jobs.run_due(worker, now=clock.now(), limit=1, lane=lane)
                told = False
            except Exception as error:
                if not cannot_store(error):
                    raise
                if not told:
                    tell(f"后台任务暂时存不下（{of_server(error)}），存得下时接着办")
                told = True
                late("django.db").connection.close()
                over.wait(WAIT_FOR_STORAGE)
                continue
            finally:
                turns.at_a_job.pop(name, None)
            if not done:
                over.wait(PAUSE)
    finally:
        over.set()
        late("django.db").connection.close()


def _give_signs(turns: Turns, over: threading.Event) -> None:
    while not over.is_set():
        if turns.all_well(clock.monotonic()):
            give_sign()
        over.wait(SIGN_EVERY)


def look_around() -> None:
    """A sign of life, the jobs of workers that are gone, and the promises that recur."""
    jobs = late("kaoping.support.jobs")
    late(
        "kaoping.support.watch"
    ).look_sometimes()  # before the sign of life, which says when somebody last looked
    jobs.beat(jobs.WORKER)
    jobs.release_abandoned()
    _promise(late("kaoping.config.schedule").RECURRING, clock.machine_now())


def _promise(recurring: Mapping[str, int], machine: datetime) -> None:
    enqueue = late("kaoping.support.jobs").enqueue
    now = clock.now()
    for name, seconds in recurring.items():
        slot = int(machine.timestamp()) // seconds
        enqueue(name, key=f"{name}@{slot}", due_at=now, now=now)
