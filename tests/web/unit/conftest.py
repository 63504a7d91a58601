"""A planned year with two units, as the campaign's own tests have it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kaoping.accounts.actor import Actor
from kaoping.support import clock
from tests.campaigns.examples import Year, make_year


@pytest.fixture
def year(
    cast: Callable[..., Actor],
    now: datetime,
    units: tuple[Any, Any],
    stored_files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Year:
    """The plan of 2025, unsigned; the clock's door follows the year's latest act."""
    made = make_year(cast, now)
    monkeypatch.setattr(clock, "now", lambda: made.tick())
    return made
