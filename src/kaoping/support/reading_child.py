"""The child of ``support.reading``: answers one reading after another until its parent closes the pipe. No Django.

Started as ``python -m kaoping.support.reading_child MEMORY``. What arrives on standard input comes from our own parent;
what goes back is plain values. Standard output is taken away from libraries, so that none of them can speak into the
protocol, and standard error leads nowhere: no word of a handed-in file reaches a log.
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
import signal
import sys
from typing import Any, Final

_HEAD: Final = 8


def main(memory: int) -> None:
    """Serve until the pipe closes; a reading that went wrong is the last one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the pipe
    back = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while (body := _receive()) is not None:
        said, answer = _answer(body)
        _send(back, pickle.dumps((said, answer)))
        if said != "answer":
            return


def _answer(body: bytes) -> tuple[str, Any]:
    try:
        path, arguments, seconds = pickle.loads(body)  # noqa: S301 - our own parent speaks
        _allow(seconds)
        module, _, name = path.partition(":")
        return "answer", getattr(importlib.import_module(module), name)(*arguments)
    except MemoryError:
        return "fault", "memory"
    except Exception:  # a hostile file may raise anything
        return "fault", "error"


def _allow(seconds: int) -> None:
    """Processor time from now on; the system ends a process that uses more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def _receive() -> bytes | None:
    head = sys.stdin.buffer.read(_HEAD)
    if len(head) < _HEAD:
        return None
    return sys.stdin.buffer.read(int.from_bytes(head, "big"))


def _send(back: int, body: bytes) -> None:
    view = memoryview(len(body).to_bytes(_HEAD, "big") + body)
    while view:
        view = view[os.write(back, view) :]


if __name__ == "__main__":
    main(int(sys.argv[1]))
