"""Kill server, intake and worker of a running ``kaoping serve`` (SIGKILL) at random moments while people work.

    .venv/bin/python -m bench.kills [--kills 20] [--seed 1]

Officials, a liaison, citizens and background jobs write through the real doors. A form that got no answer is sent again
as it was, as people do. Afterwards what was acknowledged is compared with what is stored: nothing lost, nothing doubled.
``KAOPING_DATABASE_URL`` and ``KAOPING_BALLOT_DATABASE_URL`` move the data to PostgreSQL (an empty database).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench import installation, kills_compare
from bench.installation import Serving
from bench.kills_writers import WRITERS, Told

TARGETS = ("inside", "intake", "worker", "outside", "inside", "intake", "worker")


def run(folder: Path, *, kills: int, seed: int) -> dict[str, Any]:
    """Do it in an empty ``folder``; returns the figures."""
    chance = random.Random(seed)
    begun = time.monotonic()
    installation.prepare(folder)
    serving = Serving.start(folder)
    told = Told(serving.port)
    threads = [threading.Thread(target=told.work, args=(name, write)) for name, write in WRITERS]
    killed: dict[str, int] = {}
    try:
        for thread in threads:
            thread.start()
        for number in range(kills):
            # Mostly in full work; sometimes while the last victim is still coming up.
            if number % 4 and not serving.wait_until_up():
                raise RuntimeError((folder / "serve.log").read_text())
            time.sleep(chance.uniform(0.3, 3.0))
            target = TARGETS[number % len(TARGETS)]
            if serving.kill(target):
                killed[target] = killed.get(target, 0) + 1
        serving.wait_until_up()
        time.sleep(1)
        told.stop.set()
        for thread in threads:
            thread.join()
        kills_compare.wait_for_jobs()
    finally:
        told.stop.set()
        serving.stop()
    verbs = kills_compare.compare(told, folder)
    return {
        "kills": killed,
        "verbs": verbs,
        "acknowledged": sum(one["acknowledged"] for one in verbs.values()),
        "unanswered": sum(one["unanswered"] for one in verbs.values()),
        "lost": sum(one["lost"] for one in verbs.values()),
        "doubled": sum(one["doubled"] for one in verbs.values()),
        "troubles": told.troubles,
        "seconds": round(time.monotonic() - begun, 1),
    }


def clean(report: dict[str, Any]) -> bool:
    """Every verb was acknowledged at least once; nothing was lost, doubled, or went wrong otherwise."""
    worked = all(one["acknowledged"] for one in report["verbs"].values())
    return worked and not (report["lost"] or report["doubled"] or report["troubles"])


def main() -> int:
    """Print the figures; 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kaoping-kills-") as folder:
        report = run(Path(folder) / "data", kills=args.kills, seed=args.seed)
    print(json.dumps({**report, "clean": clean(report)}, ensure_ascii=False, indent=1))
    return 0 if clean(report) else 1


if __name__ == "__main__":
    sys.exit(main())
