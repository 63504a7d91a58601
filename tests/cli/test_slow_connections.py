"""A small run of the bench: slow clients of every kind against either face, and nobody who walks is refused.

Times are for the bench; here nobody may fail, and every slow client must be got rid of.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench.slow_connections.attacking import KINDS
from bench.slow_connections.running import DEADLINES, FACES, _holds, kinds_of

from tests.cli.running import environment


@pytest.mark.slow
def test_sixty_slow_clients_of_each_kind_stop_nobody() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.slow_connections", "--counts", "60", "--seconds", "4"],
        env=environment(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert [(one["face"], one["kind"]) for one in report["crowds"]] == [
        (face, kind) for face in FACES for kind in kinds_of(face)
    ]
    for crowd in report["crowds"]:
        assert crowd["failed"] == [] and crowd["flows"] > 0 and crowd["requests"] > 0, crowd
        assert crowd["connections"] > 0 and crowd["gone_after"] is not None, crowd


def test_nobody_signs_in_outside() -> None:
    assert kinds_of("inside") == list(KINDS)
    assert set(KINDS) - set(kinds_of("outside")) == {"large body own session"}
    assert set(DEADLINES) == set(KINDS)


def phase(**changes):
    good = {
        "kind": KINDS[0], "p95": 0.5, "failures": 0, "flows": 3, "connections": 200, "gone_after": DEADLINES[KINDS[0]],
    }  # fmt: skip
    return {**good, **changes}


def test_what_counts_as_held() -> None:
    assert _holds(phase(), 0.5)
    for wrong in (
        {"p95": 0.51},
        {"failures": 1},
        {"flows": 0},
        {"connections": 0},
        {"gone_after": None},
        {"gone_after": DEADLINES[KINDS[0]] + 1},
    ):
        assert not _holds(phase(**wrong), 0.5), wrong
