"""The outside face inside the test settings: its own addresses, templates and middleware, and no database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from kaoping.config import settings_outside
from tests.web.portal import publishing


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Iterator[Path]:
    """An empty published folder, served by the outside face."""
    monkeypatch.setenv("KAOPING_PUBLISHED", str(tmp_path))
    with override_settings(
        ROOT_URLCONF="kaoping.config.urls_outside",
        TEMPLATES=settings_outside.TEMPLATES,
        MIDDLEWARE=settings_outside.MIDDLEWARE,
        CSRF_COOKIE_NAME=settings_outside.CSRF_COOKIE_NAME,
        KAOPING_PUBLISHED=tmp_path,
        FACE="outside",
    ):
        yield tmp_path


@pytest.fixture
def visitor(folder: Path) -> Client:
    """Anybody on the internet."""
    return Client()


@pytest.fixture(scope="session")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two finished years, made once."""
    made = tmp_path_factory.mktemp("shelf")
    publishing.publish(made, 2024, shift=1)
    publishing.publish(made, 2025)
    return made


@pytest.fixture
def published(folder: Path, shelved: Path, settings: Any) -> Path:
    """The two finished years on the shelf that is served."""
    settings.KAOPING_PUBLISHED = shelved
    return shelved
