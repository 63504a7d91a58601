"""Who this worker is, and whether another one on this machine is gone. Reads ``/proc``; elsewhere leases decide."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

from kaoping.support import logic

PROC = Path("/proc")
_STATE, _BEGUN = 0, 19  # fields of /proc/PID/stat after the name, which may hold blanks and brackets
_DEAD = ("Z", "X")


def myself() -> logic.Holder:
    """This process, as it signs the jobs that it holds."""
    pid = os.getpid()
    return logic.Holder(socket.gethostname().replace(" ", "-"), place(), pid, begun(pid) or "")


def place() -> str:
    """One boot of one kernel and one PID namespace, in 16 characters; empty where that cannot be told."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii")
        space = os.readlink(PROC / "self/ns/pid")
    except OSError:
        return ""
    return hashlib.sha256(f"{boot}{space}".encode()).hexdigest()[:16]


def begun(pid: int) -> str | None:
    """When the process began, in ticks since the boot; null when there is none, empty when it cannot be told."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        return ""
    try:
        fields = (
            (PROC / str(pid) / "stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except OSError:
        return ""
    if len(fields) <= _BEGUN:
        return ""
    return None if fields[_STATE] in _DEAD else fields[_BEGUN]


def surely_gone(signature: str) -> bool:
    """Whether the worker that signed so ran here and is dead."""
    holder = logic.read_holder(signature)
    return holder is not None and logic.surely_gone(holder, place(), begun(holder.pid))
