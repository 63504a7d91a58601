"""A real installation for the bench: ``kaoping serve`` over a folder, and its processes."""

from __future__ import annotations

import contextlib
import http.client
import importlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def late(module: str) -> Any:
    """A module that needs Django's settings."""
    return importlib.import_module(module)


@dataclass
class Serving:
    """``kaoping serve`` on ``port`` and the two after it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, port: int) -> Serving:
        """Start and wait until every face answers."""
        with (folder / "serve.log").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "kaoping", "serve", "--data", str(folder), "--port", str(port)],
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        serving = cls(folder, port, process)
        if not serving.wait_until_up():
            serving.stop()
            raise RuntimeError((folder / "serve.log").read_text()[-3000:])
        return serving

    def wait_until_up(self, seconds: float = 90) -> bool:
        """Whether all three ports answer in time."""
        end = time.monotonic() + seconds
        paths = {0: "/health/", 1: "/evaluate/", 2: "/health"}
        while time.monotonic() < end:
            if all(_answers(self.port + offset, path) for offset, path in paths.items()):
                return True
            time.sleep(0.1)
        return False

    def members(self, target: str) -> list[int]:
        """Process ids of ``inside``, ``outside``, ``intake`` or ``worker``, the first one leading its group."""
        offset = {"inside": 0, "outside": 1, "intake": 2}.get(target)
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if offset is None:
                    hit = "work" in words and str(self.folder) in words
                else:
                    hit = "granian" in words and str(self.port + offset) in words
                if hit:
                    found.append(os.getpgid(int(entry.name)))
        return sorted(set(found))

    def kill(self, target: str, number: signal.Signals = signal.SIGKILL) -> list[int]:
        """A signal for a process and all that it started; the groups, none when it is just being started again."""
        groups = self.members(target)
        for group in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, number)
        return groups

    def stop(self) -> int:
        """SIGTERM, as an administrator would; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
