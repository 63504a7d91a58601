"""Pages of the inside face in real Chromium, answered by the test client: no server, no port, the test's own transaction.

The browser runs in a thread of its own; every request comes back to the test's thread, where the database connection is.
"""

from __future__ import annotations

import atexit
import queue
import shutil
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

BINARY = next(
    (path for path in ("/usr/bin/chromium", shutil.which("chromium") or "") if path and Path(path).exists()),
    "",
)
IN_CHROMIUM = pytest.mark.browser
WITH_CHROMIUM = pytest.mark.skipif(not BINARY, reason="没有 Chromium，跳过浏览器测试")
HOST = "http://testserver"
# Upper bound of every wait, in milliseconds: a busy machine is no fault of what is tested.
PATIENCE = 60000
FORM = "application/x-www-form-urlencoded"
# Two frames after a change of size: before them the size is new and what lies on the page is not yet.
_OVER = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
  () => done(document.documentElement.scrollWidth - innerWidth))))"""


def over(page: Any) -> int:
    """By how many pixels a page runs off the side of its window, once it lies as it will."""
    return int(page.evaluate(_OVER))


class Window:
    """An open browser window; ``online = False`` makes every form and script fail as a lost network does.

    ``posts`` are the forms that arrived, in order.
    """

    def __init__(self, client: Client, asked: queue.Queue[Any]) -> None:
        self.online = True
        self.posts: list[tuple[str, bytes]] = []
        self._hold = ""
        self._held: list[Any] = []
        self.page: Any = None
        self._client = client
        self._asked = asked

    def in_test(self, work: Callable[[], Any]) -> Any:
        """Run ``work`` in the test's thread and give back what it gives."""
        box: queue.Queue[Any] = queue.Queue()
        self._asked.put((work, box))
        result, error = box.get(timeout=PATIENCE / 1000)
        if error is not None:
            raise error
        return result

    def open(self, path: str, page: Any = None) -> None:
        """Go to a page, in the first tab unless another is given."""
        assert (page or self.page).goto(HOST + path).ok

    def until(self, expression: str) -> None:
        """Wait until an expression holds in the page. The driver's own waiting is an ``eval``, which the page forbids."""
        for _ in range(PATIENCE // 100):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(expression)

    def settle(self) -> None:
        """Wait until the page that a form leads to is there, over all turns on the way."""
        self.page.wait_for_selector("main#main", state="attached")  # the turns have none
        self.page.wait_for_load_state("load")

    def afresh(self, client: Client) -> None:
        """A browser that knows nothing yet, and another person in it."""
        self._client, browser = client, self.page.context.browser
        self.page.context.close()
        self.page = browser.new_context().new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.route("**/*", self.answer)

    def become(self, client: Client) -> None:
        """Another person at the same browser."""
        self._client = client

    def tab(self) -> Any:
        """A further tab of the same browser."""
        page = self.page.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.route("**/*", self.answer)
        return page

    def hold(self, part: str) -> None:
        """Keep back forms to addresses with ``part``, as a slow network does."""
        self._hold = part

    def release(self) -> None:
        """Answer what was kept back."""
        self._hold = ""
        held, self._held = self._held, []
        for route in held:
            self.answer(route)

    def answer(self, route: Any) -> None:
        """Static files from the source; pages and forms from the test client."""
        request = route.request
        path = request.url.removeprefix(HOST)
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            route.fulfill(path=str(found)) if found else route.fulfill(status=404)
        elif not self.online and (request.method == "POST" or request.resource_type == "fetch"):
            route.abort()
        elif request.method == "POST" and self._hold and self._hold in path:
            self._held.append(route)
        else:
            body, kind = request.post_data_buffer or b"", request.headers.get("content-type", FORM)
            given = {
                name: request.headers[name]
                for name in ("accept", "referer", "origin")
                if name in request.headers
            }
            sent = self.in_test(lambda: self._send(request.method, path, body, kind, given))
            # Cookies stay with the test client, but for those that scripts of the page read.
            read = [one.OutputString() for one in sent.cookies.values() if not one["httponly"]]
            told = {"Set-Cookie": "\n".join(read)} if read else {}
            while request.resource_type == "fetch" and sent.status_code in (301, 302):
                to = sent.headers["Location"]
                sent = self.in_test(lambda to=to: self._send("GET", to, b"", kind, given))
            if sent.status_code in (301, 302):
                # The driver does not ask again for where an answer of its own leads.
                route.fulfill(
                    content_type="text/html",
                    headers={"Content-Type": "text/html", **told},
                    body=f'<meta http-equiv="refresh" content="0;url={sent.headers["Location"]}">',
                )
            else:
                route.fulfill(status=sent.status_code, headers={**sent.headers, **told}, body=sent.content)

    def _send(self, method: str, path: str, body: bytes, kind: str, given: dict[str, str]) -> Any:
        if method == "POST":
            self.posts.append((path, body))
            return self._client.post(path, body, content_type=kind, headers=given)
        return self._client.get(path, headers=given)


class _Driver:
    """One Chromium of this process, in the one thread that may speak to it; each script has a window of its own."""

    def __init__(self) -> None:
        self._scripts: queue.Queue[Callable[[Any], None] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._drive, daemon=True)
        self._thread.start()
        atexit.register(self._end)

    def do(self, script: Callable[[Any], None]) -> None:
        """``script`` gets a browser, or the error for which there is none, when those before it are done; it raises nothing."""
        self._scripts.put(script)

    def _drive(self) -> None:
        sync_api = pytest.importorskip("playwright.sync_api")
        with sync_api.sync_playwright() as driver:
            browser: Any = None
            while (script := self._scripts.get()) is not None:
                try:
                    if browser is None or not browser.is_connected():
                        browser = driver.chromium.launch(
                            executable_path=BINARY, args=["--no-sandbox", "--disable-background-networking"]
                        )
                except Exception as error:
                    script(error)
                else:
                    script(browser)

    def _end(self) -> None:
        self._scripts.put(None)
        self._thread.join(10)


_driver = cache(_Driver)


def browse(client: Client, script: Callable[[Window], None]) -> None:
    """Let ``script`` use a window signed in as ``client``; its failure is the test's failure."""
    pytest.importorskip("playwright.sync_api")
    asked: queue.Queue[Any] = queue.Queue()
    failed: list[BaseException] = []

    def drive(browser: Any) -> None:
        try:
            if isinstance(browser, Exception):
                raise browser
            window = Window(client, asked)
            window.page = browser.new_context().new_page()
            window.page.set_default_timeout(PATIENCE)
            window.page.route("**/*", window.answer)
            try:
                script(window)
            finally:
                for context in browser.contexts:
                    context.close()
        except BaseException as error:
            failed.append(error)
        finally:
            asked.put(None)

    _driver().do(drive)
    while (job := asked.get()) is not None:
        work, box = job
        try:
            box.put((work(), None))
        except Exception as error:
            box.put((None, error))
    if failed:
        raise failed[0]
