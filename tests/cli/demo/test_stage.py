"""The clock of a demonstration stands behind everything that was played."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kaoping.cli.demo.stage import Stage
from kaoping.support import clock
from kaoping.support.environment import DEMO_MARK


def test_nothing_played_lies_ahead_of_who_looks(tmp_path: Path) -> None:
    (tmp_path / DEMO_MARK).write_text("{}")
    stage = Stage(tmp_path)
    stage.at(date(2025, 11, 3))
    for _ in range(30):
        last = stage.tick(600)
    stage.settle()
    shown = clock.simulated(tmp_path)
    assert shown is not None
    assert shown > last
