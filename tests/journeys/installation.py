"""A data folder of its own, the commands on it, and its processes: both faces, intake, worker, the units' sites."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bench.ports import free_ports

from kaoping.beijing import BEIJING
from kaoping.support import clock
from kaoping.support.environment import DEMO_MARK

PATIENCE = 120.0
BEGINNING = date(2025, 1, 6)


class Installation:
    """Made by ``kaoping init``, served by ``kaoping serve``. Its clock is simulated: the folder is marked 示例."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder, self.settings = folder, settings
        first = free_ports(4)
        self.port, self.sites_port = first, first + 3
        self.inside = f"http://127.0.0.1:{first}"
        self.outside = f"http://127.0.0.1:{first + 1}"
        self.log = folder.parent / f"{folder.name}.log"
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """What the processes see; nothing of the tests' own settings."""
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("KAOPING_", "DJANGO_"))
        }
        return {
            **kept,
            "KAOPING_DATA": str(self.folder),
            "KAOPING_CRAWL_ALLOW": "127.0.0.0/8",
            "KAOPING_CHROMIUM": "off",
            "KAOPING_CRAWL_RESOLVE": f"*.kaoping.test:{self.sites_port}:127.0.0.1",
            **self.settings,
        }

    def make(self) -> dict[str, str]:
        """``kaoping init``: the one-time passwords of the three administrators by sign-in name."""
        self.folder.mkdir(parents=True)
        (self.folder / DEMO_MARK).write_text("{}", encoding="utf-8")
        self.at(BEGINNING)
        said = self.command("init", "--data", str(self.folder), "--json")
        assert said.returncode == 0, said.stderr
        return {one["username"]: one["password"] for one in json.loads(said.stdout)["accounts"]}

    def command(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run ``kaoping`` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "kaoping", *words],
            capture_output=True,
            text=True,
            check=False,
            **{"env": self.environment, "timeout": PATIENCE, **more},
        )

    def start(self) -> None:
        """Serve, and wait until both faces and the intake answer."""
        with self.log.open("ab") as log:
            for words in (
                ["kaoping.cli.demo.site_server", str(self.sites_port)],
                ["kaoping", "serve", "--data", str(self.folder), "--port", str(self.port)],
            ):
                self._running.append(
                    subprocess.Popen(
                        [sys.executable, "-m", *words],
                        env=self.environment,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                )
        wait_for(lambda: _answers(f"{self.inside}/sign-in/"), "内网")
        wait_for(lambda: _answers(f"{self.outside}/evaluate/"), "外网")
        wait_for(lambda: _listens(self.port + 2), "收卷")
        wait_for(lambda: _listens(self.sites_port), "网站")

    def stop(self) -> None:
        """End what was started here."""
        for process in reversed(self._running):
            process.send_signal(signal.SIGTERM)
        for process in self._running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def at(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Move the simulated clock forward to an hour of a day in Beijing."""
        wanted = datetime.combine(day, time(hour, minute), tzinfo=BEIJING)
        now = clock.simulated(self.folder)
        if now is None or now < wanted:
            clock.set_simulated(self.folder, wanted)


def wait_for(ready: Any, what: str, *, every: float = 0.1) -> None:
    """Ask until ``ready()`` is true, with ``every`` seconds between; fails after two minutes."""
    deadline, pause = clock.monotonic() + PATIENCE, threading.Event()
    while not ready():
        assert clock.monotonic() < deadline, f"没有等到：{what}"
        pause.wait(every)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False
