"""The browser: which one it is, what it may use, that nothing of it is left, and that no network knows of it."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kaoping.crawling import AddressGuard, Fetcher, Resolver
from kaoping.rendering import Gathering, Limits, NoPicture, Page, browser, find, picture_of, snapshot, version
from tests.crawling.serving import page, serve

CHROMIUM = find()
IN_CHROMIUM = pytest.mark.browser
WITH_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium，跳过浏览器测试")
Program = Callable[[str], Path]


@pytest.fixture
def program() -> Iterator[Program]:
    """``program("exit 3")``: a shell script in place of the browser, where nobody may read it too."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)

        def make(lines: str) -> Path:
            path = Path(folder) / "chromium"
            # The last argument but one says where the picture goes.
            path.write_text(
                f'#!/bin/sh\nfor one in "$@"; do case "$one" in --screenshot=*) to="${{one#*=}}";; esac; done\n{lines}\n'
            )
            path.chmod(0o755)
            return path

        yield make


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No folder and no process of a picture outlives it."""
    yield
    assert not list(Path(tempfile.gettempdir()).glob("kaoping-picture-*"))
    assert not [one for one in Path("/proc").glob("[0-9]*/cmdline") if b"kaoping-picture-" in _read(one)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


class TestWhich:
    def test_a_setting_names_it_or_turns_it_off(self, program: Program) -> None:
        made = program("echo Chromium 1.0")
        assert find(str(made)) == made and version(made) == "Chromium 1.0"
        assert find("off") is None and find("/nowhere/chromium") is None and find("/tmp") is None

    def test_one_that_does_not_start_has_no_version(self, program: Program) -> None:
        assert version(program("exit 1")) is None


class TestLimits:
    def test_its_time_is_up(self, program: Program) -> None:
        ticks = iter([0.0, *[1000.0] * 50])
        with pytest.raises(NoPicture, match="超过 45 秒"):
            browser.photograph("x", program("sleep 600 & sleep 600"), Limits(), monotonic=lambda: next(ticks))

    def test_what_it_started_beside_itself_ends_too(self, program: Program) -> None:
        ticks = iter([0.0, *[1000.0] * 50])
        with pytest.raises(NoPicture):
            browser.photograph(
                "x", program("setsid sleep 601 & sleep 601"), Limits(), monotonic=lambda: next(ticks)
            )
        assert not [one for one in Path("/proc").glob("[0-9]*/cmdline") if _read(one) == b"sleep\x00601\x00"]

    def test_its_memory_is_counted_together(self, program: Program) -> None:
        with pytest.raises(NoPicture, match="内存"):
            browser.photograph("x", program("head -c 300000000 /dev/zero | tail"), Limits(memory=50_000_000))

    def test_a_file_may_only_be_so_large(self, program: Program) -> None:
        with pytest.raises(NoPicture):
            browser.photograph("x", program('head -c 3000 /dev/zero > "$to"'), Limits(size=1000))

    @pytest.mark.parametrize(
        "does", ["exit 0", "exit 3", 'echo "<html>" > "$to"', 'ln -s /etc/passwd "$to"', "kill -9 $$"]
    )
    def test_what_gives_no_picture_says_so(self, program: Program, does: str) -> None:
        with pytest.raises(NoPicture):
            browser.photograph("x", program(does), Limits())

    def test_a_picture_of_another_size_is_none(self, program: Program) -> None:
        head = r"\211PNG\r\n\032\n\000\000\000\rIHDR\000\001\000\000\000\001\000\000"
        with pytest.raises(NoPicture, match="不是所要的图"):
            browser.photograph("x", program(f"printf '{head}' > \"$to\""), Limits())

    def test_no_setting_of_ours_goes_along(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KAOPING_SECRET_KEY", "nobody-may-know")
        said: list[str] = []
        monkeypatch.setattr(browser, "_taken", lambda place, _limits: said.append(place.read_text()) or b"")
        browser.photograph("x", program('env > "$to"'), Limits())
        assert "HOME=" in said[0] and "KAOPING" not in said[0] and "PYTHONPATH" not in said[0]

    def test_started_by_root_it_is_nobody(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
        if os.geteuid() != 0:
            pytest.skip("只有 root 能换成 nobody")
        path = program('id -u > "$to"; exit 0')
        said: list[str] = []
        monkeypatch.setattr(browser, "_taken", lambda place, _limits: said.append(place.read_text()) or b"")
        browser.photograph("x", path, Limits())
        assert said == ["65534\n"]


class Listeners:
    """Everything on this machine that a page could reach: TCP on both loopbacks and UDP; ``hits`` are what came."""

    def __init__(self, stack: ExitStack) -> None:
        self.hits: list[str] = []
        self.port = 0
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            made = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            made.bind((address, self.port))
            self.port = made.getsockname()[1]
            made.listen()
            made.settimeout(0.1)
            self._serve(stack, made, f"tcp {address}")
        made = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        made.bind(("127.0.0.1", self.port))
        made.settimeout(0.1)
        self._serve(stack, made, "udp")

    def _serve(self, stack: ExitStack, one: socket.socket, name: str) -> None:
        over = threading.Event()

        def run() -> None:
            while not over.is_set():
                try:
                    if one.type == socket.SOCK_DGRAM:
                        one.recvfrom(2000)
                    else:
                        one.accept()[0].close()
                except TimeoutError:
                    continue
                self.hits.append(name)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(over.set)


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    with ExitStack() as stack:
        yield Listeners(stack)


HOSTILE = """<!doctype html><html><head><link rel="dns-prefetch" href="//prefetch.kaoping.test"><link rel="preconnect" href="http://127.0.0.1:{port}/">
<link rel="prefetch" href="http://127.0.0.1:{port}/pre"><link rel="stylesheet" href="http://127.0.0.1:{port}/x.css">
<meta http-equiv="refresh" content="0;url=http://127.0.0.1:{port}/refresh">
<script>
const to = '127.0.0.1:{port}';
fetch('http://' + to + '/fetch', {{mode: 'no-cors'}}).catch(() => 0); navigator.sendBeacon('http://' + to + '/beacon');
try {{ new WebSocket('ws://' + to + '/ws'); new EventSource('http://' + to + '/es'); }} catch (e) {{}}
try {{ const p = new RTCPeerConnection({{iceServers: [{{urls: 'stun:' + to}}, {{urls: 'turn:' + to + '?transport=tcp', username: 'a', credential: 'b'}}]}});
  p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o)); }} catch (e) {{}}
</script></head><body><h1>x</h1><img src="http://127.0.0.1:{port}/i"><img src="http://[::1]:{port}/i"><img src="http://localhost:{port}/i">
<img src="http://rebind.kaoping.test:{port}/i"><img src="http://169.254.169.254/meta"><img src="http://10.0.0.1/i"><iframe src="http://127.0.0.1:{port}/f"></iframe>
<object data="http://127.0.0.1:{port}/o"></object><video src="http://127.0.0.1:{port}/v" autoplay></video><form id="f" action="http://127.0.0.1:{port}/form"></form>
<script>document.getElementById('f').submit(); location = 'http://' + to + '/gone';</script></body></html>"""


def first_rows(png: bytes, rows: int = 60) -> set[bytes]:
    """The colours of every tenth point of the first rows of an RGB picture without interlacing."""
    data, place, width = b"", 8, int.from_bytes(png[16:20], "big")
    while place < len(png):
        size = int.from_bytes(png[place : place + 4], "big")
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + size]
        place += 12 + size
    raw, line, before, found = zlib.decompress(data), width * 3, bytearray(width * 3), set()
    for row in range(rows):
        kind, now = raw[row * (line + 1)], bytearray(raw[row * (line + 1) + 1 : (row + 1) * (line + 1)])
        for at in range(line):
            left, up = (now[at - 3] if at >= 3 else 0), before[at]
            corner = before[at - 3] if at >= 3 else 0
            guess = left + up - corner
            paeth = min((left, up, corner), key=lambda one: abs(guess - one))
            now[at] = (now[at] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
        before = now
        found |= {bytes(now[at : at + 3]) for at in range(0, line, 30)}
    return found


@IN_CHROMIUM
@WITH_CHROMIUM
class TestInChromium:
    def test_the_picture_shows_the_page_in_its_own_colours_and_runs_no_script(self) -> None:
        assert CHROMIUM is not None
        css = b"body{margin:0}h1{margin:0;height:40px;background:rgb(250,240,10)}"
        html = '<link rel="stylesheet" href="a.css"><h1>公开指南</h1><script>document.body.style.background="rgb(1,2,3)"</script>'
        with (
            serve({"/": page(html), "/a.css": (200, {"Content-Type": "text/css"}, css)}) as site,
            Fetcher(AddressGuard.allowing(["127.0.0.0/8"])) as fetcher,
        ):
            kept = Page(html.encode(), "text/html; charset=utf-8", site.root)
            png = picture_of(kept, Gathering(fetcher, rate=None), CHROMIUM)
        colours = first_rows(png)
        assert bytes((250, 240, 10)) in colours and bytes((255, 255, 255)) in colours
        assert bytes((1, 2, 3)) not in colours

    def test_a_hostile_page_reaches_nothing_through_reader_and_fetcher(self, listeners: Listeners) -> None:
        assert CHROMIUM is not None
        resolver = Resolver.parse([f"rebind.kaoping.test:{listeners.port}:127.0.0.1"])
        with Fetcher(AddressGuard(), resolver=resolver) as fetcher:
            kept = Page(HOSTILE.format(port=listeners.port).encode(), "text/html", "http://www.example.cn/")
            picture_of(kept, Gathering(fetcher, rate=None), CHROMIUM)
        assert listeners.hits == []

    @pytest.mark.parametrize("framed", [True, False], ids=["framed", "as it came"])
    def test_a_hostile_page_reaches_nothing_even_where_the_reader_missed_it_all(
        self, listeners: Listeners, framed: bool
    ) -> None:
        """Each wall alone: the frame and its policy with the browser's walls, and those without any frame, scripts running."""
        assert CHROMIUM is not None
        text = HOSTILE.format(port=listeners.port)
        try:
            browser.photograph(snapshot.framed(text) if framed else text, CHROMIUM, Limits(wall=20))
        except NoPicture:
            assert not framed
        assert listeners.hits == []

    def test_no_file_of_this_machine_gets_into_a_picture(self, tmp_path: Path) -> None:
        assert CHROMIUM is not None
        with tempfile.NamedTemporaryFile("w", suffix=".html") as file:
            file.write("<body style='margin:0;background:rgb(9,8,7)'>")
            file.flush()
            os.chmod(file.name, 0o644)
            html = f'<meta http-equiv="refresh" content="0;url=file://{file.name}"><iframe src="file://{file.name}"></iframe><img src="file://{file.name}">'
            png = browser.photograph(snapshot.framed(html), CHROMIUM, Limits())
        assert bytes((9, 8, 7)) not in first_rows(png)

    def test_without_walls_the_listeners_would_know(
        self, listeners: Listeners, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert CHROMIUM is not None
        monkeypatch.setattr(browser, "WALLS", ())
        browser.photograph(f'<img src="http://127.0.0.1:{listeners.port}/i">', CHROMIUM, Limits())
        assert "tcp 127.0.0.1" in listeners.hits
