"""A small server on loopback: answers from a table of paths, remembers what was asked."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]


def page(body: str, **headers: str) -> Answer:
    return 200, {"Content-Type": "text/html; charset=utf-8"} | headers, body.encode()


def redirect(target: str) -> Answer:
    return 302, {"Location": target}, b""


@dataclass
class Served:
    """``table`` maps a path to an answer or to a function that makes one; anything else is 404."""

    table: dict[str, Answer | Callable[[], Answer]]
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextlib.contextmanager
def serve(table: dict[str, Answer | Callable[[], Answer]]) -> Iterator[Served]:
    served = Served(table)

    connections: set[socket.socket] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            connections.add(self.connection)
            try:
                super().handle()
            finally:
                connections.discard(self.connection)

        def do_GET(self) -> None:
            served.asked.append(f"{self.command} {self.path}")
            found = served.table.get(self.path, (404, {}, b"<html>404</html>"))
            status, headers, body = found() if callable(found) else found
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # the end waits for them
    served.port = server.server_address[1]
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        # Fetchers keep theirs for longer.
        for one in list(connections):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RD)
        server.server_close()
