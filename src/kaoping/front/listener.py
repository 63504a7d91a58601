"""What the kernel holds for clients that never read: bounded in time (``TCP_USER_TIMEOUT``) and size (``SO_SNDBUF``).

An answer that fits the kernel's buffers has left the program; without this it would lie there, and its connection with
it, for as long as the client likes. Connections inherit both options from the socket on which they were accepted. The
server binds its socket after the application has started and gives it to nobody, so it is looked for among the
process's own descriptors. Linux only; elsewhere nothing is done.
"""

from __future__ import annotations

import os
import socket
import stat
import sys
from pathlib import Path
from typing import Final

_DESCRIPTORS = Path("/proc/self/fd")


# Enough for 4 MB a second at 30 ms; by itself the kernel would hold up to 4 MB for each connection.
SEND_BUFFER: Final = 128 * 1024


def bound_unread_answers(seconds: float) -> bool:
    """Set the options on every listening TCP socket of this process; false while there is none yet."""
    if sys.platform != "linux":
        return True
    found = False
    for entry in os.listdir(_DESCRIPTORS):
        try:
            copy = _copy(int(entry))
        except OSError:  # closed meanwhile
            continue
        if copy is None:
            continue
        with copy:
            try:
                if copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
                    copy.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
                    found = True
            except OSError:
                continue
    return found


def _copy(descriptor: int) -> socket.socket | None:
    """The socket behind a descriptor by one of its own; null for what is none."""
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        return None
    own = os.dup(descriptor)
    try:
        return socket.socket(fileno=own)
    except OSError:
        os.close(own)
        raise
