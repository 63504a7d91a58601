"""The whole year in a real browser, as each member of the cast, from ``kaoping init`` to the verified copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.driver import Journey
from tests.journeys.installation import Installation
from tests.journeys.screens import Screens
from tests.journeys.stages import (
    audit,
    branches,
    evaluation,
    ledger,
    plan,
    preview,
    publication,
    report,
    review,
    routine,
    self_review,
    setting_up,
)

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", shutil.which("chromium") or "") if path and Path(path).exists()),
    "",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STAGES = (
    plan,
    routine,
    evaluation,
    ledger,
    self_review,
    review,
    preview,
    publication,
    report,
    branches,
    audit,
)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="没有 Chromium，跳过浏览器测试")]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """Processes of an own data folder; what they said is shown when the journey fails."""
    settings = {}
    if request.param == "postgresql":
        fresh = request.getfixturevalue("fresh_databases")
        settings = {"KAOPING_DATABASE_URL": fresh("main"), "KAOPING_BALLOT_DATABASE_URL": fresh("box")}
    made = Installation(tmp_path / "data", settings)
    yield made
    made.stop()
    print(made.log.read_text(encoding="utf-8", errors="replace")[-6000:] if made.log.is_file() else "")


@pytest.fixture
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


def test_the_year_end_to_end(installation: Installation, browser: Any) -> None:
    first_passwords = installation.make()
    assert set(first_passwords) == {"sysadmin", "secadmin", "auditor"}
    installation.start()
    # The screens are looked at on SQLite; on PostgreSQL the same year is walked for what is stored and said.
    journey = Journey(installation, browser, Screens(closely=not installation.settings))
    setting_up.walk(journey, first_passwords)
    for stage in STAGES:
        stage.walk(journey)
    assert len(journey.screens.seen) > 80
    assert journey.screens.violations == []
    assert journey.screens.too_wide == []
    assert journey.screens.complaints == []
