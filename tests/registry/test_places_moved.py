"""Upgrading an installation whose places stood beside visits: each keeps as id what the ledger's lines call it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment


@pytest.mark.slow
def test_places_enter_the_register_with_their_ids_and_spellings(tmp_path):
    settings = {
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
        "KAOPING_DATA": str(tmp_path),
        "KAOPING_SECRET_KEY": "moving",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.registry.places_moving"],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["图书馆查阅点", "图书馆 查阅点", ["查阅点"], "", False]]
