"""The real installation, killed while people use every verb: nothing acknowledged is lost, nothing doubles."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench.kills import rooms, verbs

from tests.cli.running import environment

# What is no verb of the audit log: citizens' acts, and promises to the worker.
BESIDE = {"cast_ballot", "write_opinion", "job"}


def test_every_verb_of_the_product_is_killed_or_has_a_reason() -> None:
    """A new verb makes this red until a room of the bench writes it, or a reason says why none can."""
    covered = set(rooms.stored()) - BESIDE
    assert covered | set(verbs.EXCEPTIONS) == verbs.in_source()
    assert not covered & set(verbs.EXCEPTIONS)
    assert all(len(reason) > 20 for reason in verbs.EXCEPTIONS.values())


@pytest.mark.slow
def test_three_kills_lose_and_double_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.kills", "--kills", "3", "--seed", "7", "--forms", "30"],
        env=environment(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert (report["troubles"], report["error_pages"]) == ([], [])
    assert {verb: (one["lost"], one["doubled"]) for verb, one in report["verbs"].items()} == dict.fromkeys(
        report["verbs"], (0, 0)
    )
    assert all(one["acknowledged"] for one in report["verbs"].values())
    assert done.returncode == 0
