"""Serve the demonstration's sites on one loopback port, each by its host name, at the folder's simulated time."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kaoping.cli.demo.cast import sites
from kaoping.cli.demo.sites import Site, answer
from kaoping.support import clock


def server(known: Mapping[str, Site], port: int) -> ThreadingHTTPServer:
    """A server bound to ``port`` (0: any free one) on 127.0.0.1; the caller runs and stops it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the library's name
            made = answer(known, self.headers.get("Host", ""), self.path, clock.now())
            self.send_response(made.status)
            self.send_header("Content-Type", made.content_type)
            self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            self.wfile.write(made.body)

        def log_message(self, *_args: object) -> None:
            """Stay silent."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def main() -> None:
    """``python -m kaoping.cli.demo.site_server PORT``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    with server(sites(), parser.parse_args().port) as serving:
        serving.serve_forever()


if __name__ == "__main__":
    main()
