"""A planned year and a folder for polls, for the tests of all audiences' screens."""

from pathlib import Path
from typing import Any

import pytest

from kaoping.evaluation.ballotbox import crypto
from kaoping.support import installation
from tests.campaigns.conftest import year

__all__ = ["year"]


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """A folder for a poll and for what is published."""
    monkeypatch.setenv("KAOPING_DATA", str(tmp_path))
    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    monkeypatch.setattr(crypto.make_poll_key, "__defaults__", (crypto.Cost(1, 8192),))
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    installation.write(tmp_path, installation.Mark("testtest", "copy"))
    return tmp_path
