"""A real installation for ``bench/kills.py``: a folder with a small city, ``kaoping serve`` over it, and its processes."""

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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bench.ports import free_ports

NOW: Final = datetime(2025, 11, 24, 1, 30, tzinfo=UTC)
YEAR: Final = 2025
RUNS: Final = "job-runs.txt"
PASSWORD: Final = "bench-kills-2025"  # noqa: S105 - of a folder that is thrown away
UNITS: Final = tuple(f"U{number}" for number in range(1, 9))
PEOPLE: Final = {
    "admin": ("system_admin", ""),
    "security": ("security_admin", ""),
    "handler": ("office_handler", ""),
    "opener1": ("ballot_opener", ""),
    "opener2": ("ballot_opener", ""),
    "liaison": ("liaison", "U1"),
}


def late(module: str) -> Any:
    """A module that needs Django's settings."""
    return importlib.import_module(module)


def prepare(folder: Path) -> None:
    """``kaoping init``, then a city of eight departments, its people, the year at 部门自查 and an open poll.

    The folder is a demonstration, so that its clock stands at a working day of 2025 wherever this runs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.json").write_text("{}", encoding="utf-8")
    clock = late("kaoping.support.clock")
    clock.set_simulated(folder, NOW)
    os.environ.update(KAOPING_DATA=str(folder), DJANGO_SETTINGS_MODULE="kaoping.config.settings")
    subprocess.run([sys.executable, "-m", "kaoping", "init", "--json"], check=True, stdout=subprocess.DEVNULL)
    late("django").setup()
    system = late("kaoping.accounts.actor").SYSTEM
    rows = ["code,name,short_name,kind,parent,group,participates", "G1,样例市人民政府,市政府,government,,,否"]
    rows += [f"{code},样例市第{code}局,{code}局,department,G1,市级部门,是" for code in UNITS]
    late("kaoping.registry.services").import_roster(
        actor=system, filename="名录.csv", content="\n".join(rows).encode(), now=NOW
    )
    people = {}
    for username, (role, place) in PEOPLE.items():
        people[username] = late("kaoping.accounts.services").create_person(
            actor=system, username=username, name=username, password=PASSWORD, now=NOW, must_change=False
        )
        late("kaoping.registry.services").appoint(
            actor=system,
            person=people[username],
            role=role,
            organisation=place or None,
            valid_from=NOW.date(),
            now=NOW,
        )
    _year(people)


def _year(people: dict[str, Any]) -> None:
    handler = late("kaoping.registry.queries").actor_for(people["handler"], on=NOW.date())
    rulebook = late("kaoping.standards.loading").load_rulebook("changzhou-2020")
    version = late("kaoping.standards.services").adopt(actor=handler, rulebook=rulebook, now=NOW)
    plan = late("kaoping.campaigns.services.plan")
    campaign = plan.create_campaign(
        actor=handler, year=YEAR, title="样例", rulebook=version, timetable="A", example=True, now=NOW
    )
    plan.set_participation(actor=handler, campaign=campaign, kinds=("department",), on=NOW.date(), now=NOW)
    # The gates on the way have tests of their own; here only the stage in which most verbs are open matters.
    campaign.stage = "self_review"
    campaign.save(update_fields=["stage"])
    late("kaoping.campaigns.services.self_review").open_forms(campaign)
    late("kaoping.evaluation.services").prepare_poll(
        actor=handler,
        year=YEAR,
        title="样例评议",
        opens_at=NOW - timedelta(days=1),
        closes_at=NOW + timedelta(days=5),
        questionnaire=dict(rulebook.questionnaire or {}),
        units=[{"code": code, "name": f"{code}局", "short_name": code, "group": ""} for code in UNITS],
        openers=(people["opener1"], people["opener2"]),
        passphrases=("first opener's words", "second opener's words"),
        example=True,
        now=NOW,
    )


@dataclass
class Serving:
    """``kaoping serve`` on three free ports."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path) -> Serving:
        """Start and wait until every face answers."""
        port = free_ports(3)
        said = (folder / "serve.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "kaoping", "serve", "--data", str(folder), "--port", str(port)],
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        serving = cls(folder, port, process)
        if not serving.wait_until_up():
            raise RuntimeError((folder / "serve.log").read_text())
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

    def kill(self, target: str) -> bool:
        """SIGKILL for a process and all that it started; false when it is just being started again."""
        groups = self.members(target)
        for group in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        return bool(groups)

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
