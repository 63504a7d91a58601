"""One prepared data folder for all commands that need one; each test works on a copy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import kaoping


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder that ``kaoping init --json`` made, and what it printed."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    done = kaoping("init", "--data", folder, "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


@pytest.fixture
def data(prepared: tuple[Path, dict[str, Any]], tmp_path: Path) -> Callable[[], Path]:
    """``data()``: a fresh copy of the prepared folder."""

    def copy() -> Path:
        return Path(shutil.copytree(prepared[0], tmp_path / "data"))

    return copy
