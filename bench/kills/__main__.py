"""Kill server, intake and worker of a running ``kaoping serve`` (SIGKILL) at random moments while people work, let them
hang (SIGSTOP), and fill the disk on which the folder lies.

    .venv/bin/python -m bench.kills [--kills 20] [--seed 1] [--loses 0.3] [--forms 100] [--port 0]

Officials, liaisons, experts, inspectors, citizens and background jobs write through the real doors, every verb of the
product. A form that got no answer is sent again as it was, as people do. The moment between an act and its answer is so
short that few kills fall into it; so a share of all answers gets lost on the way as well. Afterwards what was
acknowledged is compared with what is stored: nothing lost, nothing doubled. ``KAOPING_DATABASE_URL`` and ``KAOPING_BALLOT_DATABASE_URL`` move the
data to PostgreSQL (an empty database).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.kills.running import DISK_MEGABYTES, clean, run
from bench.small_disk import small_disk


def main() -> int:
    """Print the figures; 1 when anything was lost, doubled, left half done or answered with an error page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="how many faults of all kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--loses", type=float, default=0.3, help="share of answers that get lost on the way")
    parser.add_argument("--forms", type=int, default=100, help="at most as many forms between two kills")
    parser.add_argument("--port", type=int, default=0, help="the first of four ports; 0 takes free ones")
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="kaoping-kills-") as folder,
        small_disk(Path(folder) / "disk", DISK_MEGABYTES) as disk,
    ):
        report = run(
            Path(folder) / "disk" / "data",
            disk=disk,
            kills=args.kills,
            seed=args.seed,
            loses=args.loses,
            forms=args.forms,
            port=args.port,
        )
    print(json.dumps({**report, "clean": clean(report)}, ensure_ascii=False, indent=1))
    return 0 if clean(report) else 1


if __name__ == "__main__":
    sys.exit(main())
