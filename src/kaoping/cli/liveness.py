"""Does a process still live? Faces and intake are asked over HTTP, the worker gives signs of life through a pipe.

Any answer is a sign of life, also one that says that the database or the disk is in trouble: starting again mends
neither. Only "stuck" (500) and silence mean that the process hangs. A pipe and no file, because a full disk must not look
like a hang.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from kaoping.support import clock

# So long a process may be silent before it is taken for hung. A busy machine answers late, so this is generous.
SILENCE: Final = 30.0
# So long it may take to come up: Python and Django on a busy machine.
COMING_UP: Final = 120.0
EVERY: Final = 2.0
UNTIL_FIRST: Final = 0.2
PATIENCE: Final = 10.0
PULSE: Final = "KP_PULSE_DESCRIPTOR"
"""The environment variable that tells a child to which descriptor it writes its signs of life."""


class Sign(Protocol):
    """Where signs of life come from."""

    def begin(self) -> dict[str, str]:
        """Before each start of the process: what is added to its environment."""

    def inherited(self) -> tuple[int, ...]:
        """Descriptors that the child keeps."""

    def seen(self) -> bool:
        """Whether there was a sign of life just now; may wait some seconds for it."""

    def end(self) -> None:
        """After the process has ended for good: what ``begin`` opened is closed."""


@dataclass
class Web:
    """A process that answers at an address; ``asked_as`` is the host name that it is asked by."""

    host: str
    port: int
    path: str
    asked_as: str = "localhost"

    def begin(self) -> dict[str, str]:
        return {}

    def inherited(self) -> tuple[int, ...]:
        return ()

    def seen(self) -> bool:
        # Who listens everywhere listens here too.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        connection = http.client.HTTPConnection(host, self.port, timeout=PATIENCE)
        try:
            connection.request("GET", self.path, headers={"Host": self.asked_as})
            return connection.getresponse().status != 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def end(self) -> None:
        return


@dataclass
class Pulse:
    """A process that writes to a pipe now and then (``giving_signs``)."""

    _read: int = -1
    _write: int = -1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> dict[str, str]:
        self.end()
        with self._lock:
            self._read, self._write = os.pipe()
            os.set_blocking(self._read, False)
            os.set_blocking(self._write, False)
            return {PULSE: str(self._write)}

    def inherited(self) -> tuple[int, ...]:
        return (self._write,)

    def seen(self) -> bool:
        with self._lock:
            with contextlib.suppress(BlockingIOError):
                return self._read >= 0 and bool(os.read(self._read, 65536))
            return False

    def end(self) -> None:
        with self._lock:
            for one in (self._read, self._write):
                if one >= 0:
                    os.close(one)
            self._read = self._write = -1


def give_sign() -> None:
    """A sign of life to whoever started this process, if anybody listens."""
    descriptor = os.environ.get(PULSE, "")
    if descriptor.isdigit():
        with contextlib.suppress(OSError):
            os.write(int(descriptor), b".")


@dataclass
class Watch:
    """What is known of one process. ``hangs`` is decided from times alone."""

    started: float
    last_sign: float | None = None

    def hangs(self, now: float) -> bool:
        """Whether it has been silent for too long; before the first sign it has its time to come up."""
        if self.last_sign is None:
            return now - self.started > COMING_UP
        return now - self.last_sign > SILENCE


def pause_before_restart(failures: int) -> float:
    """Seconds to wait before a process is started again that failed ``failures`` times in a row: 0, 1, 2, 4 … 60."""
    return 0.0 if failures <= 1 else min(60.0, 2.0 ** min(failures - 2, 6))


HEALTHY_AFTER: Final = 20.0
"""A process that ran for so long (seconds) is healthy: what happens to it then is its first failure."""


def failures_after(before: int, ran: float) -> int:
    """How many failures in a row there are now, when a process ended that ran for ``ran`` seconds."""
    return 1 if ran >= HEALTHY_AFTER else before + 1


@contextlib.contextmanager
def watching(sign: Sign, watch: Watch) -> Iterator[None]:
    """Look for signs of life in a thread of its own as long as the block runs."""
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            if sign.seen():
                watch.last_sign = clock.monotonic()
            over.wait(EVERY if watch.last_sign is not None else UNTIL_FIRST)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
