"""A planned year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kaoping.accounts.actor import Actor
from tests.campaigns.examples import Year, make_year


@pytest.fixture
def year(cast: Callable[..., Actor], now: datetime, units: tuple[Any, Any], stored_files: Path) -> Year:
    """The plan of 2025 with two departments, unsigned."""
    return make_year(cast, now)
