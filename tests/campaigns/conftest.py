"""A planned year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kaoping.accounts.actor import Actor
from tests.campaigns.examples import Year, make_year
from tests.campaigns.rulebook import SEVERE_FILES


@pytest.fixture
def year(cast: Callable[..., Actor], now: datetime, units: tuple[Any, Any], stored_files: Path) -> Year:
    """The plan of 2025 with two departments, unsigned."""
    return make_year(cast, now)


@pytest.fixture
def severe_year(
    cast: Callable[..., Actor], now: datetime, units: tuple[Any, Any], stored_files: Path
) -> Year:
    """The same, of a rulebook with vetoes and major deductions."""
    return make_year(cast, now, files=SEVERE_FILES)
