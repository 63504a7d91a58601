"""``kaoping work``: one worker. Several may run; each job is claimed by one of them."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kaoping.cli.django import add_data_argument, late, setup
from kaoping.cli.errors import InputError
from kaoping.support import clock, locks

NAME = "work"
HELP = "后台任务：到期的任务逐个办理，留下记录。"
PAUSE = 1.0
GRACE = 5.0


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
        print(f"办了 {_everything_due(worker)} 个任务", file=sys.stderr)
        return 0
    over, asked = threading.Event(), threading.Event()

    def stop(_number: int, _frame: object) -> None:
        asked.set()
        over.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    first, *others = late("kaoping.config.schedule").LANES
    beside = [threading.Thread(target=_work, args=(worker, lane, over), daemon=True) for lane in others]
    for thread in beside:
        thread.start()

    def every_second() -> None:
        if locks.orphaned(folder):  # another serve has the folder: its own worker goes on
            over.set()
        look_around()

    _work(worker, first, over, every_second=every_second)
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
    worker: str, lane: Any, over: threading.Event, every_second: Callable[[], None] = lambda: None
) -> None:
    """Run the due jobs of one lane until it is over; when one lane breaks, all end, to be started again."""
    run_due = late("kaoping.support.jobs").run_due
    looked_at = float("-inf")
    try:
        while not over.is_set():
            if clock.monotonic() - looked_at >= PAUSE:
                every_second()
                looked_at = clock.monotonic()
            # One at a time: each job gets the instant at which it begins, and a stop waits for one job at most.
            if not run_due(worker, now=clock.now(), limit=1, lane=lane):
                over.wait(PAUSE)
    finally:
        over.set()
        late("django.db").connection.close()


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
