"""Build a demonstration folder: the register, the cast, a finished year and a running one, up to a stage."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from kaoping.accounts.actor import SYSTEM
from kaoping.cli.demo.roster import roster_csv
from kaoping.cli.demo.routine import Routine
from kaoping.cli.demo.stage import BEGINNING, Stage
from kaoping.cli.demo.year import YearPlay
from kaoping.registry.services import import_roster

FINISHED, RUNNING = 2024, 2025


def build(folder: Path, until: str, sites_port: int) -> None:
    """Play 2024 to its publication and 2025 up to ``until``. The folder is prepared and marked already.

    ``sites_port`` is the loopback port on which the units' sites are served while they are crawled.
    """
    stage, routine = Stage(folder), Routine(sites_port)
    stage.at(BEGINNING)
    _say("导入单位名录")
    import_roster(actor=SYSTEM, filename="名录.csv", content=roster_csv().encode(), now=stage.tick())
    _say("建立人员和岗位")
    stage.hire()
    _say(f"{FINISHED} 年：从方案到公开")
    YearPlay(stage, FINISHED, ballots=40, routine=routine).play("published")
    _say(f"{RUNNING} 年：到“{until}”")
    YearPlay(stage, RUNNING, ballots=60, routine=routine).play(until)
    if until == "plan":
        stage.at(date(RUNNING, 3, 3))
    stage.settle()


def _say(text: str) -> None:
    print(f"  {text}…", file=sys.stderr, flush=True)
