"""Serve the city, let people walk without and with attackers, and judge."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.installation import Serving
from bench.kills import city
from bench.ports import free_ports
from bench.slow_connections.attacking import KINDS
from bench.slow_connections.attacking import LARGE as LARGE_BODIES
from bench.slow_connections.walking import signed_in, walk

MOST_SECONDS: Final = 1.0
MOST_TIMES: Final = 3.0
# When a slow client of each kind must be gone (seconds after its beginning): its deadline, and some seconds for a busy machine.
DEADLINES: Final = {
    "half header": 10 + 5,
    "half body": 30 + 10,
    "never reading": 30 + 15,
    **dict.fromkeys(LARGE_BODIES, 30 + 15),
}
LARGE: Final = "large.bin"
MOST_WAITING: Final = 60.0
FACES: Final = {"inside": 0, "outside": 1}
_LISTENING, _FIN_WAIT_1 = "0A", "04"


def kinds_of(face: str, kinds: Sequence[str] = KINDS) -> list[str]:
    """The kinds that mean something there: nobody signs in outside."""
    return [kind for kind in kinds if face == "inside" or kind != LARGE_BODIES[1]]


@dataclass
class Plan:
    """What is tried: how many slow clients, for how long people walk beside each crowd."""

    counts: Sequence[int]
    seconds: float
    kinds: Sequence[str] = KINDS
    faces: Sequence[str] = tuple(FACES)


def run(folder: Path, plan: Plan, port: int = 0) -> dict[str, Any]:
    """Do it in an empty ``folder``; the figures."""
    begun = time.monotonic()

    def say(words: str) -> None:
        load = os.getloadavg()[0]
        print(f"{time.monotonic() - begun:6.1f} s, load {load:.1f}: {words}", file=sys.stderr, flush=True)

    port = port or free_ports(4)
    city.prepare(folder, port + 3)
    _lay_out_large_file(folder)
    say("the city is there")
    serving = Serving.start(folder, port)
    try:
        walk(port, 3)  # what is done once, at first use, is no part of any figure
        alone = [_phase(serving, "", "", 0, plan.seconds)]
        say(f"alone: {alone[0]}")
        crowds = []
        for face in plan.faces:
            for kind in kinds_of(face, plan.kinds):
                for count in plan.counts:
                    crowds.append(_phase(serving, face, kind, count, plan.seconds))
                    say(f"{crowds[-1]}")
        alone.append(_phase(serving, "", "", 0, plan.seconds))
        say(f"alone again: {alone[1]}")
    finally:
        serving.stop()
    limit = min(MOST_SECONDS, MOST_TIMES * max(one["p95"] for one in alone))
    for one in crowds:
        one["held"] = _holds(one, limit)
    return {
        "limit": round(limit, 3),
        "alone": alone,
        "crowds": crowds,
        "load": [round(one, 1) for one in os.getloadavg()],
        "seconds": round(time.monotonic() - begun, 1),
    }


def held(report: dict[str, Any]) -> bool:
    """Whether every crowd was borne, and nobody failed without one."""
    return all(one["held"] for one in report["crowds"]) and not any(
        one["failures"] for one in report["alone"]
    )


def _holds(phase: dict[str, Any], limit: float) -> bool:
    return bool(
        phase["p95"] <= limit
        and not phase["failures"]
        and phase["flows"]
        and phase["connections"]
        and phase["gone_after"] is not None
        and phase["gone_after"] <= DEADLINES[phase["kind"]]
    )


def _phase(serving: Serving, face: str, kind: str, count: int, seconds: float) -> dict[str, Any]:
    crowd = _Crowd(serving, face, kind, count) if count else None
    memory_before = _memory(serving)
    try:
        if crowd:
            crowd.wait_until_full()
        timed = walk(serving.port, seconds)
        memory = _memory(serving)
        open_then = crowd.held() if crowd else 0
    finally:
        said = crowd.end() if crowd else {}
    every = sorted(second for one in timed for _what, second in one.seconds)
    slowest: Counter[str] = Counter()
    for one in timed:
        for what, second in one.seconds:
            slowest[what] = max(slowest[what], second)  # type: ignore[assignment]
    failures = [failure for one in timed for failure in one.failures]
    return {
        "face": face,
        "kind": kind,
        "count": count,
        "requests": len(every),
        "flows": sum(one.flows for one in timed),
        "p50": round(every[len(every) // 2], 3),
        "p95": round(every[int(len(every) * 0.95)], 3),
        "longest": round(every[-1], 3),
        "slowest": {what: round(second, 2) for what, second in slowest.most_common(3)},
        "failures": len(failures),
        "failed": failures[:5],
        "connections": open_then,
        "memory_mb": memory,
        "memory_before_mb": memory_before,
        **({"attackers": said, "gone_after": said.pop("gone_after")} if crowd else {}),
    }


class _Crowd:
    """The attackers' process, and what the machine says of their connections."""

    def __init__(self, serving: Serving, face: str, kind: str, count: int) -> None:
        self.port, self.kind = serving.port + FACES[face], kind
        path, cookies = f"/static/{LARGE}" if kind == "never reading" else _form(face), ""
        if kind in LARGE_BODIES:
            path = "/unit/" if face == "inside" else path
            cookies = signed_in(serving.port) if kind == LARGE_BODIES[1] else "kaoping_inside=made-up"
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bench.slow_connections.attacking",
                str(self.port),
                kind,
                str(count),
                path,
                cookies,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_until_full(self) -> None:
        """Until all are there; those of thousands that are cut off while the last ones come, come again."""
        assert self.process.stdout is not None
        with contextlib.suppress(ValueError):
            json.loads(self.process.stdout.readline())

    def held(self) -> int:
        """Connections that the face still holds, or for which the system still keeps an unread answer.

        A connection that the face has closed belongs to no process any more, whatever the client does with its end.
        """
        wanted, found = f":{self.port:04X}", 0
        for name in ("tcp", "tcp6"):
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
                    words = line.split()
                    kept = words[9] != "0" or words[3] == _FIN_WAIT_1
                    found += words[1].endswith(wanted) and words[3] != _LISTENING and kept
        return found

    def end(self) -> dict[str, Any]:
        """No more come; those who are there go on as before until the face has got rid of them all."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        begun, gone = time.monotonic(), None
        while time.monotonic() - begun < MOST_WAITING:
            if self.held() == 0:
                gone = round(time.monotonic() - begun, 1)
                break
            time.sleep(0.5)
        self.process.terminate()
        with self.process.stdout:
            said: dict[str, Any] = json.loads(self.process.stdout.readline() or "{}")
        self.process.wait(30)
        return {**said, "gone_after": gone}


def _form(face: str) -> str:
    return "/sign-in/" if face == "inside" else "/evaluate/U1/"


def _lay_out_large_file(folder: Path) -> None:
    """As large as a bundle of a year, and more than the system keeps for a connection; anybody may fetch it."""
    (folder / "static" / LARGE).write_bytes(os.urandom(4 * 1024 * 1024))


def _memory(serving: Serving) -> dict[str, int]:
    """Resident megabytes of each face and of the intake, all their processes together."""
    found = {}
    for target in ("inside", "outside", "intake"):
        total = 0
        groups = set(serving.members(target))
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError, IndexError, ValueError):
                if os.getpgid(int(entry.name)) in groups:
                    total += int((entry / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        found[target] = total // (1024 * 1024)
    return found
