"""Plant null, ``[]``, ``{}``, missing and wrong types at every place of every golden bundle: ``python -m bench.tampering``.

Each plant has to be named by ``verify``, or provably to change nothing, or to be one of the documented exceptions
(``tests/publication/bundle/judging.py``). ``--one-in N --seed S`` takes every Nth place, another part with each seed.
Prints JSON; ends with 1 when a plant passes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from tests.publication.bundle.judging import examine, same_rulebook_once
from tests.publication.bundle.tampering import plants
from tests.publication.bundle.test_golden import FOLDERS

from kaoping.foreign.container import read


def of_folder(folder: Path, one_in: int, seed: int) -> dict[str, Any]:
    """The figures of one bundle."""
    chosen = (one for number, one in enumerate(plants(read(folder))) if number % one_in == seed % one_in)
    with same_rulebook_once():
        seen, wrong = examine(folder, chosen)
    return {"bundle": folder.name, "planted": seen, "passed": wrong}


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one-in", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    work = partial(of_folder, one_in=options.one_in, seed=options.seed)
    with ProcessPoolExecutor(options.processes) as pool:
        found = list(pool.map(work, FOLDERS))
    report = {
        "one_in": options.one_in,
        "seed": options.seed,
        "planted": sum(one["planted"] for one in found),
        "bundles": {one["bundle"]: one["planted"] for one in found},
        "passed": [f"{one['bundle']}: {words}" for one in found for words in one["passed"]],
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if report["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
