"""The one door by which time enters.

Services and jobs take ``now``; views and commands get it here. Instants are UTC inside and shown in Asia/Shanghai.
A demonstration folder may carry a simulated time in ``clock.json``; everywhere else that file is ignored.
No Django: the ballot intake and pure commands use this door too.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from kaoping.beijing import BEIJING, day_of
from kaoping.support.environment import data_folder, is_demo

CLOCK_FILE: Final = "clock.json"


class ClockError(RuntimeError):
    """The simulated clock was asked for outside a demonstration folder, or asked to run backwards."""


def now() -> datetime:
    """This instant, in UTC: the simulated one in a demonstration folder that has one, else the machine's."""
    return simulated(data_folder()) or machine_now()


def today() -> date:
    """The calendar day in Asia/Shanghai."""
    return day_of(now())


def beijing_text(instant: datetime) -> str:
    """An instant as people read it: 2025-11-03 09:30 in Beijing time."""
    return f"{instant.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def machine_now() -> datetime:
    """The machine's own instant. Only for what concerns processes and people at the door, and not the year: leases,
    sessions, slowing of guesses, one-time links and codes.
    """
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never run backwards, for intervals inside one process."""
    return time.monotonic()


def wait(seconds: float) -> None:
    """Let real time pass: the worker's pause between looks, the crawler's politeness."""
    time.sleep(seconds)


def simulated(folder: Path) -> datetime | None:
    """The simulated instant of ``folder``, or null when the machine's clock rules there.

    It creeps: a second of the machine is a millisecond here, so that of two acts one is the later, and no deadline passes
    while somebody looks round.
    """
    path = folder / CLOCK_FILE
    if not is_demo(folder) or not path.is_file():
        return None
    passed = machine_now().timestamp() - path.stat().st_mtime
    set_to = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["now"]).astimezone(UTC)
    return set_to + timedelta(milliseconds=max(0.0, passed))


def set_simulated(folder: Path, instant: datetime) -> None:
    """Move the simulated clock forward; a year cannot be replayed backwards."""
    if not is_demo(folder):
        raise ClockError("只有演示数据目录可以设置模拟时间")
    current = simulated(folder)
    if current is not None and instant < current:
        raise ClockError(f"模拟时间不能倒退：现为 {current.isoformat()}")
    temporary = folder / f"{CLOCK_FILE}.{os.getpid()}"
    temporary.write_text(json.dumps({"now": instant.astimezone(UTC).isoformat()}), encoding="utf-8")
    temporary.replace(folder / CLOCK_FILE)
