"""Free loopback ports in a row, below those that the system hands to outgoing connections."""

from __future__ import annotations

import contextlib
import os
import socket

_FIRST, _COUNT = 20000, 10000


def free_ports(number: int) -> int:
    """The first of ``number`` ports in a row on which nobody listens."""
    start = os.getpid() * 16 % _COUNT
    for step in range(0, _COUNT, 16):
        port = _FIRST + (start + step) % _COUNT
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for one in range(port, port + number):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", one))
            return port
    raise RuntimeError(f"no {number} free ports in a row")
