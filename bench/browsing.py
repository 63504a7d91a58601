"""A small browser for load: cookies, forms, and the patience to send a form again that got no answer."""

from __future__ import annotations

import http.client
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

PAUSE, TRIES = 0.1, 600


class NoAnswer(Exception):
    """Nobody answered in time, or the connection broke: the form may have been taken."""


class NobodyThere(NoAnswer):
    """Nobody listened: the form was surely not taken."""


class GaveUp(RuntimeError):
    """Nobody answered for a minute: the bench itself cannot go on."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    status: int
    text: str
    location: str


@dataclass
class Browser:
    """One person at ``port``. ``unanswered`` counts forms that were cut off and may have been taken, ``refused`` those
    that met nobody.
    """

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    unanswered: int = 0
    refused: int = 0

    def get(self, path: str) -> Page:
        """A page, asked for until somebody answers."""
        return self._patiently(lambda: self._once("GET", path, None, ""))

    def post(self, path: str, fields: Mapping[str, str], file: tuple[str, bytes] | None = None) -> Page:
        """Send a form until it is answered, the same form each time."""
        token = next((value for name, value in self.cookies.items() if name.endswith("csrf")), "")
        given = {"csrfmiddlewaretoken": token, **fields}
        if file is None:
            body, kind = urlencode(given).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = _multipart(given, *file)
        return self._patiently(lambda: self._once("POST", path, body, kind), counts=True)

    def sign_in(self, username: str, password: str) -> Page:
        """Become somebody."""
        self.get("/sign-in/")
        return self.post("/sign-in/", {"username": username, "password": password, "next": "/password/"})

    def _patiently(self, ask: Callable[[], Page], *, counts: bool = False) -> Page:
        for _ in range(TRIES):
            try:
                page = ask()
            except NobodyThere:
                self.refused += counts
            except NoAnswer:
                self.unanswered += counts
            else:
                if page.status < 500:
                    return page
                self.unanswered += counts
            time.sleep(PAUSE)
        raise GaveUp

    def _once(self, method: str, path: str, body: bytes | None, kind: str) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except ConnectionRefusedError:
            raise NobodyThere from None
        except (OSError, http.client.HTTPException):
            raise NoAnswer from None
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Page(answer.status, text, answer.headers.get("Location", ""))


def hidden(page: Page, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return found[1] if found else ""


def _multipart(fields: Mapping[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return b"".join(
        [*parts, head, content, f"\r\n--{mark}--\r\n".encode()]
    ), f"multipart/form-data; boundary={mark}"
