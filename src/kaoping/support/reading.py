"""Files that people hand in are read in a limited child process, never in the process that serves everybody.

Noun: a reading (one call of one function of bytes, in a child). Verb: ``read(function, ...)``. A child has a bounded
address space, processor time and wall time; it opens no file, knows no setting and no database, and imports no Django.
A small pool keeps children warm, gives each a bounded number of readings and puts another in the place of one that died
or was ended. Whatever happens to a child, the caller gets ``NotRead`` with words; it never dies with it and never waits
longer than the limits below. Each process that reads has a pool of its own, made at the first reading: so it works the
same under several threads of a server, in the worker, in a command and in a test.

Not here: what is read (``support.sheets``, ``evidence.looking``), typed words (bounded in length, linear patterns).
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from kaoping.support import clock


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may use. ``wall`` and ``queue`` in seconds, ``cpu`` in whole seconds, the others in bytes.

    ``start`` comes to the wall time of a child that is only just starting, which on a busy machine takes seconds.
    """

    wall: float = 12.0
    cpu: int = 8
    memory: int = 1024 * 1024 * 1024
    answer: int = 64 * 1024 * 1024
    queue: float = 6.0
    start: float = 10.0


CHILDREN: Final = 2
# After so many readings a child makes room for a new one: what a parser leaves behind does not pile up.
READINGS: Final = 100
LIMITS: Final = Limits()
CAUSES: Final = {
    "time": "读这个文件用的时间超过限度",
    "memory": "读这个文件要用的内存超过限度",
    "died": "读这个文件的进程意外停止",
    "error": "这个文件的结构读不懂",
    "busy": "正在读的文件太多，暂时轮不到",
}
_HEAD: Final = 8
_CHUNK: Final = 1 << 20
# What an answer may hold besides plain values; anything else in it is refused, so that a child cannot make us run code.
_PLAIN: Final = {("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")} | {
    ("decimal", "Decimal")
}


class NotRead(Exception):
    """A file was not read through; ``cause`` is a key of ``CAUSES`` and the message its words."""

    def __init__(self, cause: str) -> None:
        super().__init__(CAUSES[cause])
        self.cause = cause


def read(function: Callable[..., Any], *arguments: Any, limits: Limits = LIMITS) -> Any:
    """Call a module-level ``function`` with plain ``arguments`` in a child and return its plain answer.

    Raises ``NotRead`` when the limits were hit, the child died or the function raised.
    """
    return _pool().read(f"{function.__module__}:{function.__qualname__}", arguments, limits)


class _Child:
    """One process and its two pipes."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.left = READINGS
        # The child finds the modules that we find; no setting and no password of ours goes along.
        places = os.pathsep.join(place for place in sys.path if os.path.isabs(place))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kaoping.support.reading_child", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": places, "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.out, self.back = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self.out, False)
        os.set_blocking(self.back, False)

    def ask(self, message: bytes, limits: Limits) -> bytes:
        """Send ``message`` and return the answer's bytes. Raises ``NotRead``."""
        end = clock.monotonic() + limits.wall + (limits.start if self.left == READINGS else 0)
        self.left -= 1
        view, answer, wanted = memoryview(message), bytearray(), _HEAD
        while len(answer) < wanted:
            ready = self._wait(end, writing=bool(view))
            if self.out in ready and view:
                try:
                    view = view[os.write(self.out, view[:_CHUNK]) :]
                except BlockingIOError:
                    pass
                except OSError:
                    raise NotRead("died") from None
            if self.back in ready:
                with suppress(BlockingIOError):
                    piece = os.read(self.back, _CHUNK)
                    if not piece:
                        raise NotRead("died")
                    answer += piece
            if wanted == _HEAD and len(answer) >= _HEAD:
                wanted = _HEAD + int.from_bytes(answer[:_HEAD], "big")
                if wanted > limits.answer:
                    raise NotRead("memory")
        return bytes(answer[_HEAD:])

    def _wait(self, end: float, *, writing: bool) -> set[int]:
        poll = select.poll()
        poll.register(self.back, select.POLLIN | select.POLLHUP)
        if writing:
            poll.register(self.out, select.POLLOUT | select.POLLERR)
        left = end - clock.monotonic()
        ready = poll.poll(max(left, 0) * 1000)
        if not ready:
            raise NotRead("time")
        return {handle for handle, _events in ready}

    def end(self) -> None:
        """Let go of the process, by force when it does not go by itself."""
        with suppress(OSError):
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self.process.wait()

    def cause(self) -> str:
        """Why a process that is gone went: its processor time was used up, or something else."""
        with suppress(subprocess.TimeoutExpired):
            return "time" if self.process.wait(timeout=0.3) == -signal.SIGXCPU else "died"
        return "died"


class _Pool:
    """Children that are free. As many callers read at one time as there are children; the others wait a bounded time."""

    def __init__(self) -> None:
        self.free: list[_Child] = []
        self.turns = threading.BoundedSemaphore(CHILDREN)
        self.started = 0

    def read(self, path: str, arguments: tuple[Any, ...], limits: Limits) -> Any:
        """One reading. Raises ``NotRead``."""
        if not self.turns.acquire(timeout=limits.queue):
            raise NotRead("busy")
        try:
            return self._read(path, arguments, limits)
        finally:
            self.turns.release()

    def _read(self, path: str, arguments: tuple[Any, ...], limits: Limits) -> Any:
        body = pickle.dumps((path, arguments, limits.cpu))
        child = self._take(limits.memory)
        try:
            said, answer = _plain(child.ask(len(body).to_bytes(_HEAD, "big") + body, limits))
        except NotRead as unread:
            cause = child.cause() if unread.cause == "died" else unread.cause
            child.end()
            raise NotRead(cause) from None
        except BaseException:
            child.end()
            raise
        if said == "answer" and child.left > 0:
            self.free.append(child)
        else:  # a child in which something went wrong is not asked again
            child.end()
        if said != "answer":
            raise NotRead(str(answer))
        return answer

    def _take(self, memory: int) -> _Child:
        while self.free:
            child = self.free.pop()
            if child.memory == memory and child.process.poll() is None:
                return child
            child.end()
        self.started += 1
        return _Child(memory)

    def close(self) -> None:
        """End the children that are free."""
        while self.free:
            self.free.pop().end()


class _Plain(pickle.Unpickler):
    """Reads answers of a child, which a hostile file may have taken over: plain values only."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _plain(body: bytes) -> tuple[str, Any]:
    try:
        said, answer = _Plain(io.BytesIO(body)).load()
    except Exception:  # whatever a broken answer does to the reader of answers
        raise NotRead("died") from None
    return str(said), answer if said == "answer" or answer in CAUSES else "error"


_pools: dict[int, _Pool] = {}
_making: Final = threading.Lock()


def _pool() -> _Pool:
    """This process's own pool: pipes of a parent that forked are not shared."""
    with _making:
        if os.getpid() not in _pools:
            _pools.clear()
            _pools[os.getpid()] = _Pool()
            atexit.register(close)
        return _pools[os.getpid()]


def close() -> None:
    """End this process's free children; the next reading starts new ones."""
    pool = _pools.get(os.getpid())
    if pool is not None:
        pool.close()
