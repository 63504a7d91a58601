"""The real installation, killed while people write: nothing acknowledged is lost, nothing doubles."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment


@pytest.mark.slow
def test_three_kills_lose_and_double_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.kills", "--kills", "3", "--seed", "7"],
        env=environment(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["troubles"] == []
    assert {verb: (one["lost"], one["doubled"]) for verb, one in report["verbs"].items()} == dict.fromkeys(
        report["verbs"], (0, 0)
    )
    assert all(one["acknowledged"] for one in report["verbs"].values())
    assert done.returncode == 0
