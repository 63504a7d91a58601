"""Run the command as people do: a process of its own, its output and exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def environment(**settings: str) -> dict[str, str]:
    """This environment without any Kaoping setting, plus ``settings``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KAOPING_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, **settings}


def kaoping(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """``kaoping …`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "kaoping", *map(str, arguments)],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
