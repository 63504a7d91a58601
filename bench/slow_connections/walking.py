"""People who walk complete flows: citizens evaluate and look up their receipt, officials sign in, read and sign out,
one of them with a file.

Each request is timed. Nobody sends anything again: an answer that is no answer counts as a failure.
"""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from bench.kills.city import PASSWORD, UNITS
from bench.kills.rooms.evaluation import OPTIONS

OFFICIALS: Final = ("handler", "head", "leader", "liaison-u1", "inspector")
# One of them sends a file with the last form.
UPLOADING: Final = "liaison-u1"
UPLOAD: Final = 5 * 1024 * 1024
CITIZENS: Final = 5
THINKING: Final = 0.3
TIMEOUT: Final = 20.0


@dataclass
class Timed:
    """What one person met: seconds of each request by what it was, and what went wrong."""

    seconds: list[tuple[str, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    flows: int = 0


@dataclass
class Walker:
    """A browser with a stop watch."""

    port: int
    timed: Timed
    over: threading.Event
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, what: str) -> str:
        """A page; follows one redirect after another."""
        for _ in range(5):
            status, text, location = self._ask("GET", path, None, what)
            if status not in (301, 302):
                break
            path = location
        return text

    def post(self, path: str, fields: dict[str, str], what: str) -> tuple[int, str]:
        """A form."""
        token = next((value for name, value in self.cookies.items() if name.endswith("csrf")), "")
        status, text, _ = self._ask(
            "POST", path, urlencode({"csrfmiddlewaretoken": token, **fields}).encode(), what
        )
        return status, text

    def upload(self, path: str, size: int, what: str) -> int:
        """A form with a file of ``size`` bytes."""
        token = next((value for name, value in self.cookies.items() if name.endswith("csrf")), "")
        head = f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n--x\r\n'
        file = 'Content-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
        body = f"{head}{file}".encode() + b"a" * size + b"\r\n--x--\r\n"
        return self._ask("POST", path, body, what, "multipart/form-data; boundary=x")[0]

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        what: str,
        kind: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, str, str]:
        self.over.wait(THINKING)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        begun = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self.timed.seconds.append((what, time.monotonic() - begun))
            self.timed.failures.append(f"{what} {method} {path}: {type(error).__name__}")
            raise Lost from None
        finally:
            connection.close()
        self.timed.seconds.append((what, time.monotonic() - begun))
        if answer.status >= 400:
            self.timed.failures.append(f"{what} {method} {path}: {answer.status}")
            raise Lost
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].strip().partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")


class Lost(Exception):
    """A flow ended before its time; it begins anew."""


def citizen(walker: Walker, number: int) -> None:
    """One whole evaluation: results, choose, fill in, hand in, look up the receipt."""
    walker.cookies.clear()
    walker.get("/", "results")
    walker.get("/evaluate/", "choose")
    code = UNITS[number % len(UNITS)]
    page = walker.get(f"/evaluate/{code}/", "form")
    token = _hidden(page, "token")
    _status, page = walker.post(
        f"/evaluate/{code}/", {**OPTIONS, "token": token, "opinion": "窗口排队很久"}, "hand in"
    )
    code = re.sub(r"<[^>]*>|\s", "", page.partition("data-copy-source>")[2].partition("</strong>")[0])
    if not code:
        walker.timed.failures.append("hand in: no receipt")
        raise Lost
    walker.get("/receipt/", "receipt page")
    walker.post("/receipt/", {"code": code}, "look up")


def official(walker: Walker, username: str) -> None:
    """One whole visit: sign in, every page of the navigation, sign out."""
    walker.cookies.clear()
    walker.get("/sign-in/", "sign-in page")
    status, _ = walker.post("/sign-in/", {"username": username, "password": PASSWORD, "next": "/"}, "sign in")
    if status != 302:
        walker.timed.failures.append(f"sign in {username}: {status}")
        raise Lost
    page = walker.get("/", "first page")
    bar = page.partition("<nav")[2].partition("</nav")[0]
    for path in dict.fromkeys(re.findall(r'href="(/[^"#]*)"', bar)):
        walker.get(path, "page")
    if username == UPLOADING:
        walker.upload("/sign-out/", UPLOAD, "sign out with a file")
    else:
        walker.post("/sign-out/", {}, "sign out")


def signed_in(port: int, username: str = "head") -> str:
    """The cookies of one person who is signed in."""
    walker = Walker(port, Timed(), threading.Event())
    walker.get("/sign-in/", "sign-in page")
    walker.post("/sign-in/", {"username": username, "password": PASSWORD, "next": "/"}, "sign in")
    walker.get("/", "first page")
    return "; ".join(f"{name}={value}" for name, value in walker.cookies.items())


def walk(port: int, seconds: float) -> list[Timed]:
    """Everybody walks flow after flow for so long; what each of them met."""
    over, all_timed, threads = threading.Event(), [], []

    def go(walker: Walker, one: Callable[[int], None]) -> None:
        number = 0
        while not over.is_set():
            number += 1
            try:
                one(number)
                walker.timed.flows += 1
            except Lost:
                continue

    for index in range(CITIZENS):
        walker = Walker(port + 1, Timed(), over)
        all_timed.append(walker.timed)
        threads.append(
            threading.Thread(target=go, args=(walker, lambda n, w=walker, i=index: citizen(w, n + i)))
        )
    for username in OFFICIALS:
        walker = Walker(port, Timed(), over)
        all_timed.append(walker.timed)
        threads.append(
            threading.Thread(target=go, args=(walker, lambda _n, w=walker, u=username: official(w, u)))
        )
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    return all_timed


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""
