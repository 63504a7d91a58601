"""A tiny proxy on loopback that does with headers what a shipped nginx profile says, and the profile as directives."""

import re
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

FOLDER = Path(__file__).parents[2] / "docs/handbook/proxy"


def directives(name):
    """``[(name, [values])]`` of a profile, without comments and blocks."""
    text = re.sub(r"#.*", "", (FOLDER / name).read_text(encoding="utf-8"))
    found = []
    for line in re.findall(r"([a-z_]+)\s+([^;{}]+);", text):
        found.append((line[0], [one.strip("'\"") for one in re.findall(r"'[^']*'|\"[^\"]*\"|\S+", line[1])]))
    return found


def header_rules(name):
    """What the profile writes into which header; an empty text drops it."""
    return {values[0].lower(): values[1] for key, values in directives(name) if key == "proxy_set_header"}


@contextmanager
def proxied(port, name, variables):
    """The port of a proxy in front of ``port``; ``$remote_addr`` is the client's real address."""
    rules = header_rules(name)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            values = {"$host": self.headers["Host"], "$remote_addr": self.client_address[0], **variables}
            sent = {key: value for key, value in self.headers.items() if key.lower() not in rules}
            sent |= {key: values.get(value, value) for key, value in rules.items() if value}
            way = HTTPConnection("127.0.0.1", port, timeout=20, source_address=("127.0.0.1", 0))
            with closing(way) as behind:
                behind.request("POST", self.path, body, sent)
                answer = behind.getresponse()
                content = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
