"""A small supervisor: start the processes of an installation, restart what dies, stop all together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kaoping.support import clock

_PR_SET_PDEATHSIG = 1


@dataclass
class Process:
    """One child: its name for the log, its command, and what is added to its environment."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    handle: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0

    def start(self) -> None:
        """Start in a process group of its own, to die with this process."""
        self.handle = subprocess.Popen(
            list(self.command),
            env={**os.environ, **self.environment},
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self.started_at = clock.monotonic()

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the child and to whatever it started."""
        if self.handle is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.handle.pid, number)


def supervise(processes: Sequence[Process], *, ready: Callable[[], None] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C. A child that dies is started again, at most once a second."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for process in processes:
        process.start()
    if ready is not None:
        ready()
    while not stopping:
        for process in processes:
            if process.handle is not None and process.handle.poll() is not None and not stopping:
                print(
                    f"{process.name} 退出（{process.handle.returncode}），重新启动",
                    file=sys.stderr,
                    flush=True,
                )
                process.signal_group(signal.SIGKILL)
                if clock.monotonic() - process.started_at < 1:
                    clock.wait(1)
                process.start()
        clock.wait(0.2)
    return _stop_all(processes)


def _stop_all(processes: Sequence[Process]) -> int:
    for process in processes:
        process.signal_group(signal.SIGTERM)
    deadline = clock.monotonic() + 10
    for process in processes:
        if process.handle is None:
            continue
        try:
            process.handle.wait(max(0.1, deadline - clock.monotonic()))
        except subprocess.TimeoutExpired:
            process.signal_group(signal.SIGKILL)
            process.handle.wait()
        process.signal_group(signal.SIGKILL)
    return 0


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
