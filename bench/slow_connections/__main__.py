"""Slow clients against either face while five citizens and five officials walk complete flows.

    .venv/bin/python -m bench.slow_connections [--counts 200,2000] [--seconds 20] [--database sqlite] [--port 0]

Kinds: half a header, half a body, an answer that is never read, and large bodies that bring much and then drip, with a made-up
session or the own one of one person. Held means, for each crowd: the 95th percentile per
request is below a second and at most three times that of the same walk without attackers in the same run, nobody was
refused, and the face got rid of every slow client by its deadline. ``--database`` takes the address of an empty
PostgreSQL database for both the office and the ballots. Loopback only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
from pathlib import Path

from bench.slow_connections.attacking import KINDS
from bench.slow_connections.running import FACES, Plan, held, run


def main() -> int:
    """Print the figures; 1 when a crowd was not borne."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default="200,2000", help="how many slow clients, one crowd after another")
    parser.add_argument("--seconds", type=float, default=20, help="how long people walk beside each crowd")
    parser.add_argument(
        "--database", default="sqlite", help="sqlite, or the address of an empty PostgreSQL database"
    )
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--faces", default=",".join(FACES))
    parser.add_argument("--port", type=int, default=0, help="the first of four ports; 0 takes free ones")
    args = parser.parse_args()
    if args.database != "sqlite":
        os.environ["KAOPING_DATABASE_URL"] = os.environ["KAOPING_BALLOT_DATABASE_URL"] = args.database
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    plan = Plan(
        [int(one) for one in args.counts.split(",")],
        args.seconds,
        args.kinds.split(","),
        args.faces.split(","),
    )
    with tempfile.TemporaryDirectory(prefix="kaoping-slow-") as folder:
        report = run(Path(folder) / "data", plan, args.port)
    report = {"database": args.database.partition(":")[0], **report, "held": held(report)}
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0 if report["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
