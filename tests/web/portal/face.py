"""Serves the outside face on loopback: ``python -m tests.web.portal.face`` prints its port and runs until it is ended."""

from __future__ import annotations

import os
from wsgiref.simple_server import WSGIRequestHandler, make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.web.portal.served_settings"

from django.core.wsgi import get_wsgi_application


class Quiet(WSGIRequestHandler):
    """No line for every request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()
