"""A year that a second person signed, ready to be frozen, with an empty shelf."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kaoping.accounts.actor import Actor
from kaoping.campaigns.services import sign_off
from tests.campaigns.examples import Year, make_year


@pytest.fixture
def published_folder(tmp_path: Path, settings: Any) -> Path:
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    return tmp_path / "published"


@pytest.fixture
def frozen(
    cast: Callable[..., Actor],
    now: datetime,
    units: tuple[Any, Any],
    stored_files: Path,
    published_folder: Path,
) -> Year:
    year = make_year(cast, now).to("appeals")
    year.compute()
    assert year.campaign.appeals_close_at is not None
    year.at = year.campaign.appeals_close_at
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    return year
