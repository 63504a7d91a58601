"""``kaoping work``: one worker. Several may run; each job is claimed by one of them."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from datetime import datetime

from kaoping.cli.django import add_data_argument, late, setup
from kaoping.support import clock

NAME = "work"
HELP = "后台任务：到期的任务逐个办理，留下记录。"
PAUSE = 1.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("--once", action="store_true", help="办完到期的任务就退出")


def run(args: argparse.Namespace) -> int:
    """Promise what recurs, run what is due, rest, again."""
    setup(args)
    worker = f"{socket.gethostname()}-{os.getpid()}"
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while True:
        done = turn(worker)
        if args.once:
            print(f"办了 {done} 个任务", file=sys.stderr)
            return 0
        if stopping:
            return 0
        if done == 0:
            clock.wait(PAUSE)


def turn(worker: str) -> int:
    """One round: heartbeat, recurring promises, at most 20 due jobs; returns how many ran."""
    jobs = late("kaoping.support.jobs")
    machine = clock.machine_now()
    jobs.beat("worker")
    _promise(machine)
    return int(jobs.run_due(worker, now=clock.now(), limit=20))


def _promise(machine: datetime) -> None:
    enqueue = late("kaoping.support.jobs").enqueue
    now = clock.now()
    for name, seconds in late("kaoping.config.schedule").RECURRING.items():
        slot = int(machine.timestamp()) // seconds
        enqueue(name, key=f"{name}@{slot}", due_at=now, now=now)
