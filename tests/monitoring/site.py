"""One unit's site on loopback, served through the fetcher's resolver, as it looks on a chosen day."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kaoping.cli.demo.sites import BAD_NUMBER, DOWN, NO_FOOTER, Fault, Site, answer

FROM = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
BAD = Fault(BAD_NUMBER, date(2025, 3, 1), date(2025, 3, 31))
FOOT = Fault(NO_FOOTER, date(2025, 3, 1), date(2025, 3, 31))
SHUT = Fault(DOWN, date(2025, 3, 1), date(2025, 3, 31))


def after(days: int) -> datetime:
    """So many days after the first look."""
    return FROM + timedelta(days=days)


class World:
    """The served site and the day it shows."""

    def __init__(self) -> None:
        self.now = FROM
        self.port = 0
        self.sites: dict[str, Site] = {}
        self.answers = 0

    def put(self, *faults: Fault) -> Site:
        site = Site("U1", "样例市教育局", "3204000001", "014109429", faults)
        self.sites[site.host] = site
        return site


@contextmanager
def served() -> Iterator[World]:
    world = World()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            world.answers += 1
            made = answer(world.sites, self.headers.get("Host", ""), self.path, world.now)
            self.send_response(made.status)
            self.send_header("Content-Type", made.content_type)
            self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(made.body)

        do_HEAD = do_GET

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
