"""A small browser for load: cookies, forms, and the patience to send a form again that got no answer."""

from __future__ import annotations

import contextlib
import http.client
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

PAUSE, TRIES = 0.1, 600
# A face that cannot reach the intake says so in words with this status; the form may be sent again.
TRY_LATER = 503

Form = Mapping[str, str | Sequence[str]]


class NoAnswer(Exception):
    """Nobody answered in time, or the connection broke: the form may have been taken."""


class AnswerLost(NoAnswer):
    """The form was taken and the answer did not arrive, as when a kill falls between the two."""


class NobodyThere(NoAnswer):
    """Nobody listened: the form was surely not taken."""


class GaveUp(RuntimeError):
    """Nobody took a form for a minute: the bench itself cannot go on. Says which, and what the last answer was."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a form."""

    field: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    status: int
    text: str
    location: str

    def words(self) -> str:
        """What a person reads of it."""
        body = self.text.partition("<main")[2].partition("</main")[0] or self.text
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))[-500:]


@dataclass
class Browser:
    """One person at ``port``. ``loses`` says of each form whether its first answer is lost on the way.

    ``unanswered`` counts forms that were cut off and may have been taken, ``lost`` those of them whose answer was lost,
    ``refused`` those that met nobody, ``error_pages`` the addresses that answered with an error page instead of words.
    """

    port: int
    loses: Callable[[], bool] = bool
    cookies: dict[str, str] = field(default_factory=dict)
    unanswered: int = 0
    lost: int = 0
    refused: int = 0
    error_pages: list[str] = field(default_factory=list)

    def get(self, path: str, *, counts: bool = False) -> Page:
        """A page, asked for until somebody answers."""
        return self._patiently(lambda: self._once("GET", path, None, ""), path, counts=counts)

    def post(self, path: str, fields: Form, file: File | None = None) -> Page:
        """Send a form until it is answered, the same form each time."""
        token = next((value for name, value in self.cookies.items() if name.endswith("csrf")), "")
        given = {"csrfmiddlewaretoken": token, **fields}
        if file is None:
            body, kind = urlencode(given, doseq=True).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = _multipart(given, file)
        if self.loses():
            with contextlib.suppress(NoAnswer):
                self._once("POST", path, body, kind, loses=True)
            self.unanswered += 1
            self.lost += 1
        return self._patiently(lambda: self._once("POST", path, body, kind), path, counts=True)

    def sign_in(self, username: str, password: str) -> Page:
        """Become somebody."""
        self.get("/sign-in/")
        return self.post("/sign-in/", {"username": username, "password": password, "next": "/password/"})

    def _patiently(self, ask: Callable[[], Page], path: str, *, counts: bool) -> Page:
        last = ""
        for _ in range(TRIES):
            try:
                page = ask()
            except NobodyThere:
                self.refused += counts
                last = "nobody there"
            except NoAnswer:
                self.unanswered += counts
                last = "no answer"
            else:
                if page.status < 500:
                    return page
                self.unanswered += counts
                last = f"{page.status} {page.words()}"
                if page.status != TRY_LATER:
                    self.error_pages.append(f"{page.status} {path}: {page.words()}")
            time.sleep(PAUSE)
        raise GaveUp(f"{path}: {last}")

    def _once(self, method: str, path: str, body: bytes | None, kind: str, *, loses: bool = False) -> Page:
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
        if loses:
            raise AnswerLost
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Page(answer.status, text, answer.headers.get("Location", ""))


def hidden(page: Page, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return found[1] if found else ""


def _multipart(fields: Form, file: File) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    pairs = [
        (name, one)
        for name, value in fields.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in pairs
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{file.field}"; filename="{file.name}"\r\n\r\n'
    return b"".join(
        [*parts, head.encode(), file.content, f"\r\n--{mark}--\r\n".encode()]
    ), f"multipart/form-data; boundary={mark}"
