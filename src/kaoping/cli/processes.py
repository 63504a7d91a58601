"""A small supervisor: start the processes of an installation, restart what dies or hangs, stop all together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from kaoping.cli.liveness import Sign, Watch, failures_after, pause_before_restart, watching
from kaoping.support import clock

_PR_SET_PDEATHSIG = 1
CONNECTIONS: Final = 4096
# Besides its connections a process has files open: databases, spooled bodies and answers.
_OTHER_FILES: Final = 3


@dataclass
class Process:
    """One child: its name for the log, its command, what is added to its environment, and how it shows that it lives.

    Without ``sign`` only its death is noticed.
    """

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    sign: Sign | None = None
    handle: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float | None = None
    watch: Watch | None = None
    _watching: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self) -> None:
        """Start in a process group of its own, to die with this process."""
        added = self.sign.begin() if self.sign else {}
        self.handle = subprocess.Popen(
            list(self.command),
            env={**os.environ, **self.environment, **added},
            start_new_session=True,
            preexec_fn=_die_with_parent,
            pass_fds=self.sign.inherited() if self.sign else (),
        )
        self.started_at, self.due_at = clock.monotonic(), None
        if self.sign:
            self.watch = Watch(self.started_at)
            self._watching.enter_context(watching(self.sign, self.watch))

    def has_answered(self) -> bool:
        """Whether it has shown since its last start that it lives; one without a sign is taken at its word."""
        return self.sign is None or (self.watch is not None and self.watch.last_sign is not None)

    def look(self) -> None:
        """Notice that the child died or hangs, kill what is left of it, and start it again when its pause is over."""
        now = clock.monotonic()
        if self.due_at is not None:
            if now >= self.due_at:
                self.start()
            return
        if self.handle is None:
            return
        code = self.handle.poll()
        if code is None and not (self.watch and self.watch.hangs(now)):
            return
        self._watching.close()
        self.signal_group(signal.SIGKILL)
        self.handle.wait()
        # What hangs was well until its last sign of life, not until it was found out.
        until = now if code is not None else (self.watch and self.watch.last_sign) or self.started_at
        self.failures = failures_after(self.failures, until - self.started_at)
        pause = pause_before_restart(self.failures)
        what = f"退出（{code}）" if code is not None else "没有应答，已经强制停下"
        when = f"{pause:.0f} 秒后" if pause else ""
        often = f"（连续第 {self.failures} 次）" if self.failures > 1 else ""
        tell(f"{self.name} {what}{often}，{when}重新启动")
        self.due_at = now + pause

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the child and to whatever it started."""
        if self.handle is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.handle.pid, number)


def tell(words: str) -> None:
    """A line for the administrator. The log may lie on the disk that is full: that must stop nothing."""
    with contextlib.suppress(OSError):
        print(words, file=sys.stderr, flush=True)


def supervise(processes: Sequence[Process], *, ready: Callable[[], None] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C. A child that dies or hangs is started again, after a pause that grows with each
    failure in a row (``liveness``). ``ready`` is called once, when every child has shown that it lives.
    """
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _open_more_files()
    for process in processes:
        process.start()
    while not stopping:
        if ready is not None and all(process.has_answered() for process in processes):
            ready()
            ready = None
        for process in processes:
            if not stopping:
                process.look()
        clock.wait(0.2)
    return _stop_all(processes)


def most_connections() -> int:
    """How many connections one face keeps at a time: as many as this system lets it open files, and room for others."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if hard == resource.RLIM_INFINITY else max(128, min(CONNECTIONS, hard // _OTHER_FILES))


def _open_more_files() -> None:
    """Many systems let a program open 1,024 files unless it asks for more; the children inherit what is asked here."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS * _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _stop_all(processes: Sequence[Process]) -> int:
    for process in processes:
        process._watching.close()
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
        if process.sign:
            process.sign.end()
    return 0


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
