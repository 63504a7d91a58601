"""Slow clients, in a process of their own: half a header, half a body, an answer that is never read, or a large body that
brings much at first and then drips, with a made-up session or the own one of one person.

Started by ``running`` with a port, a kind, a number, a path and cookies. A client that was cut off comes back at once, so that the
pressure stays; when standard input is closed nobody comes any more, and SIGTERM ends it. Says at the end how many were cut
off and how long the longest one held on.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Final

LARGE: Final = ("large body made-up session", "large body own session")
KINDS: Final = ("half header", "half body", "never reading", *LARGE)
# What a large body promises, and what all of them together bring before they drip: more than a face keeps.
STATED: Final = 170 * 1024 * 1024
TOGETHER: Final = 1200 * 1024 * 1024
PIECE: Final = b"a" * (64 * 1024)
BURST_SECONDS: Final = 20.0
DRIP_SECONDS: Final = 4.0
PER_SECOND: Final = 400


@dataclass
class Client:
    """One slow client."""

    socket: socket.socket
    begun: float
    dripped: float
    burst: int = 0


@dataclass
class Crowd:
    """``number`` clients of one kind at ``port``."""

    port: int
    kind: str
    number: int
    path: str
    cookies: str = ""
    clients: dict[int, Client] = field(default_factory=dict)
    returned: int = 0
    longest: float = 0.0
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def leave(self) -> None:
        """All hang up."""
        for client in self.clients.values():
            client.socket.close()
        self.selector.close()

    def come(self) -> bool:
        """One more; false when it could not connect."""
        one = socket.socket()
        if self.kind == "never reading":
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.settimeout(5)
        try:
            one.connect(("127.0.0.1", self.port))
            one.sendall(self._opening())
        except OSError:
            one.close()
            return False
        one.setblocking(False)
        now = time.monotonic()
        burst = min(STATED - 1024 * 1024, TOGETHER // self.number) if self.kind in LARGE else 0
        self.clients[one.fileno()] = Client(one, now, now, burst)
        if self.kind != "never reading":
            self.selector.register(one, selectors.EVENT_READ)
        return True

    def drip(self) -> None:
        """A byte from everybody whose turn it is; whoever was cut off is forgotten."""
        now = time.monotonic()
        for key, _events in self.selector.select(0):
            number = key.fd
            try:
                over = not self.clients[number].socket.recv(4096)
            except BlockingIOError:
                over = False
            except OSError:
                over = True
            if over:
                self._forget(number)
        for number, client in list(self.clients.items()):
            if client.burst > 0:
                self._burst(number, client)
                continue
            if now - client.dripped < DRIP_SECONDS:
                continue
            client.dripped = now
            if self.kind == "never reading":
                # A connection that is gone on the other side answers the next byte with a reset.
                if client.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    self._forget(number)
                    continue
                if now - client.begun < 12:
                    continue
            try:
                client.socket.send(b"a")
            except BlockingIOError:
                continue
            except OSError:
                self._forget(number)

    def bursting(self) -> bool:
        """Whether somebody has not yet brought what is brought at first."""
        return any(one.burst > 0 for one in self.clients.values())

    def _burst(self, number: int, client: Client) -> None:
        for _ in range(16):
            try:
                client.burst -= client.socket.send(PIECE[: client.burst])
            except BlockingIOError:
                return
            except OSError:
                self._forget(number)
                return
            if client.burst <= 0:
                return

    def _forget(self, number: int) -> None:
        client = self.clients.pop(number)
        self.longest = max(self.longest, time.monotonic() - client.begun)
        self.returned += 1
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(client.socket)
        client.socket.close()

    def _opening(self) -> bytes:
        head = f"{self.path} HTTP/1.1\r\nHost: localhost\r\n"
        if self.kind == "half header":
            return f"GET {head}X-Slow: ".encode()
        if self.kind == "half body":
            kind = "application/x-www-form-urlencoded"
            return f"POST {head}Content-Type: {kind}\r\nContent-Length: 60000\r\n\r\na=".encode()
        if self.kind in LARGE:
            head += f"Cookie: {self.cookies}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            return f"POST {head}Content-Length: {STATED}\r\n\r\n".encode()
        return f"GET {head}\r\n".encode()


def main() -> int:
    """Hold on until told to end."""
    port, kind, number, path = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    crowd = Crowd(port, kind, number, path, sys.argv[5])
    waiting = selectors.DefaultSelector()
    waiting.register(sys.stdin, selectors.EVENT_READ)
    full, refused, over = False, 0, False
    asked, started = threading.Event(), time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    while not asked.is_set():
        begun = time.monotonic()
        over = over or bool(waiting.select(0))
        for _ in range(PER_SECOND // 10):
            if over or len(crowd.clients) >= number:
                break
            if not crowd.come():
                refused += 1
                break
        patient = time.monotonic() - started < BURST_SECONDS
        if not full and len(crowd.clients) >= number and not (patient and crowd.bursting()):
            full = True
            print(json.dumps({"full": True}), flush=True)
        crowd.drip()
        time.sleep(max(0.0, 0.1 - (time.monotonic() - begun)))
    print(
        json.dumps(
            {
                "held": len(crowd.clients),
                "cut_off": crowd.returned,
                "refused": refused,
                "longest": round(crowd.longest, 1),
            }
        ),
        flush=True,
    )
    crowd.leave()
    waiting.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
