"""A Chromium for one page: started by its command line, cut off from every network, watched, and gone afterwards.

Its name lookups all fail, addresses written as numbers too; every connection goes to a proxy that is not there, this machine's
own addresses too; WebRTC may send nothing past that proxy. It has a profile and a home of its own in a folder that is removed.
Started by root it runs as nobody, so that its own sandbox stands; without that sandbox it does not start, and there is no
picture.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kaoping.rendering.snapshot import HEIGHT, WIDTH
from kaoping.support import clock

NOBODY: Final = 65534
# The programs themselves before the scripts that start them: a script brings flags of its own.
PLACES: Final = (
    "/usr/lib/chromium/chromium", "/usr/lib/chromium-browser/chromium-browser", "/usr/lib64/chromium-browser/chromium-browser",
    "/opt/google/chrome/chrome", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-stable",
)  # fmt: skip
WALLS: Final = (
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=socks5://0.0.0.0:0", "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp", "--dns-prefetch-disable", "--no-pings",
    "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-sync",
    "--disable-extensions", "--disable-default-apps", "--disable-client-side-phishing-detection", "--disable-remote-fonts",
    "--disable-3d-apis", "--disable-breakpad", "--disable-crash-reporter",
)  # fmt: skip
_START: Final = (
    "--headless=new", "--disable-gpu", "--mute-audio", "--hide-scrollbars", "--no-first-run", "--no-default-browser-check",
    "--password-store=basic", "--use-mock-keychain", f"--window-size={WIDTH},{HEIGHT}",
    # The picture is taken when so many milliseconds of the page's own time are over: the frame is drawn by then.
    "--virtual-time-budget=5000",
)  # fmt: skip
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ONE: Final = threading.Lock()  # several jobs of a worker make their pictures one after another
_GLANCE: Final = 0.2  # seconds between two looks at what it uses


class NoPicture(Exception):
    """No picture was made; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may use: ``wall`` and ``cpu`` in seconds, ``memory`` of all its processes together and ``size`` in bytes."""

    wall: float = 45.0
    cpu: int = 60
    memory: int = 1_500_000_000
    size: int = 20_000_000


def find(setting: str = "") -> Path | None:
    """The browser of this machine: the one that ``setting`` names, none for ``off``, else the first of the usual places."""
    if setting == "off" or not sys.platform.startswith("linux"):
        return None
    places = (setting,) if setting else PLACES
    return next((Path(one) for one in places if os.access(one, os.X_OK) and Path(one).is_file()), None)


def version(browser: Path) -> str | None:
    """What the browser calls itself, null when it does not start."""
    try:
        told = subprocess.run(
            [str(browser), "--version"], capture_output=True, timeout=20, check=True, env=_surroundings(Path("/nonexistent"))
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.decode("utf-8", "replace").strip()[:100] or None


def photograph(
    page: str, browser: Path, limits: Limits, *, monotonic: Callable[[], float] = clock.monotonic
) -> bytes:
    """The page as a PNG. Raises ``NoPicture``; no process and no file of it is left, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="kaoping-picture-"))
    try:
        (folder / "page.html").write_text(page, encoding="utf-8", errors="replace")
        if os.geteuid() == 0:
            for one in (folder, folder / "page.html"):
                os.chown(one, NOBODY, NOBODY)
        with _ONE:
            _run(browser, folder, limits, monotonic)
        return _taken(folder / "picture.png", limits)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(browser: Path, folder: Path, limits: Limits, monotonic: Callable[[], float]) -> None:
    process = subprocess.Popen(
        [
            sys.executable, "-P", "-m", "kaoping.rendering.launch", str(limits.cpu), str(limits.size), str(browser), *_START,
            *WALLS, f"--user-data-dir={folder / 'profile'}", f"--screenshot={folder / 'picture.png'}",
            (folder / "page.html").as_uri(),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_surroundings(folder),
        cwd=folder,
        start_new_session=True,
    )  # fmt: skip
    try:
        _watch(process, limits, monotonic)
    finally:
        end(process)


def _watch(process: subprocess.Popen[bytes], limits: Limits, monotonic: Callable[[], float]) -> None:
    over = monotonic() + limits.wall
    while True:
        with suppress(subprocess.TimeoutExpired):
            if process.wait(timeout=_GLANCE) != 0:
                raise NoPicture("浏览器没有启动或中途退出（它的沙箱用不了时也这样）")
            return
        if monotonic() > over:
            raise NoPicture(f"超过 {limits.wall:g} 秒没有排好，已中止")
        if sum(map(_memory, family(process.pid))) > limits.memory:
            raise NoPicture("用的内存超过限度，已中止")


def end(process: subprocess.Popen[bytes]) -> None:
    """End the browser with everything that it started, until nothing of it is left."""
    for _ in range(20):
        left = family(process.pid)
        for one in left:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GLANCE)
        if not left:
            return


def family(first: int) -> set[int]:
    """The living processes of a session and whatever descends from them."""
    parents, found = {}, set[int]()
    for pid, parent, session, state in _processes():
        if state == "Z":
            continue
        parents[pid] = parent
        if session == first or pid == first:
            found.add(pid)
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found and pid not in found}
        found |= more
        grown = bool(more)
    return found


def _processes() -> Iterator[tuple[int, int, int, str]]:
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError, ValueError, IndexError):
                said = Path(f"/proc/{entry}/stat").read_text(encoding="utf-8", errors="replace")
                fields = said.rpartition(")")[2].split()
                yield int(entry), int(fields[1]), int(fields[3]), fields[0]


def _memory(pid: int) -> int:
    """What a process holds for itself alone, in bytes."""
    with suppress(OSError, ValueError, IndexError):
        _size, resident, shared = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[:3]
        return max(0, int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _surroundings(folder: Path) -> dict[str, str]:
    """No setting and no password of ours goes along; the module that starts the browser is found where ours are."""
    places = os.pathsep.join(place for place in sys.path if os.path.isabs(place))
    return {
        "PYTHONPATH": places, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"), "XDG_CONFIG_HOME": str(folder / "config"),
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/dev/null", "TZ": "Asia/Shanghai",
    }  # fmt: skip


def _taken(path: Path, limits: Limits) -> bytes:
    """The picture that the browser wrote, if it is one of the size that was asked for."""
    try:
        with path.open("rb") as handle:
            content = handle.read(limits.size + 1)
    except OSError:
        raise NoPicture("浏览器没有写出图") from None
    size = (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))
    if (
        len(content) > limits.size
        or not content.startswith(_PNG)
        or size[0] > 2 * WIDTH
        or size[1] > 2 * HEIGHT
    ):
        raise NoPicture("浏览器写出的不是所要的图")
    return content
