"""Serves the generated site from memory: ``python -m bench.crawl.serving PAGES PORT``. GET and HEAD, kept connections.

``/_seen`` tells what was asked since it was last asked for that, and forgets it: the server's own view of a crawl.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

from bench.crawl.site import make_site


class Server(asyncio.Protocol):
    """One connection. Answers are made once; a request costs a lookup."""

    answers: dict[bytes, tuple[int, bytes, bytes]] = {}
    seen: Counter[str] = Counter()

    def __init__(self) -> None:
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Requests without bodies, one after another."""
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            request, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        first = request.split(b"\r\n", 1)[0].split(b" ")
        method, path = first[0].decode(), first[1]
        if path.startswith(b"http://"):
            path = b"/" + path.split(b"/", 3)[3]
        if path == b"/_seen":
            body = json.dumps(self.seen).encode()
            self.seen.clear()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            return
        status, head, body = self.answers.get(path, (404, NOT_FOUND, b""))
        self.seen[f"{method} {status} {path.decode('latin-1')}"] += 1
        self.transport.write(head + body if method == "GET" else head)
        if b"connection: close" in request.lower() or b"HTTP/1.0" in request[:200]:
            self.transport.close()


# The header LinkChecker asks its own kind to slow down no further.
_HEAD = (
    b"HTTP/1.1 %b\r\nServer: bench\r\nLinkChecker: allowed\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
)
NOT_FOUND = _HEAD % (b"404 Not Found", b"text/html", 0)


async def serve(pages: int, port: int) -> None:
    """Until ended."""
    for path, body in make_site(pages).files.items():
        kind = (
            b"text/html"
            if path.endswith(".html")
            else b"text/plain"
            if path.endswith(".txt")
            else b"application/pdf"
        )
        Server.answers[path.encode()] = (200, _HEAD % (b"200 OK", kind, len(body)), body)
    Server.answers[b"/"] = Server.answers[b"/index.html"]
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", port)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
