"""A visitor of the outside face in a test of the inside one: the same published folder, the other face's settings."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.test.utils import override_settings

from kaoping.config import settings_outside


class Visitor(Client):
    """Asks the outside face; has no session."""

    def request(self, **request: Any) -> Any:
        """One request under the settings of the outside face."""
        with override_settings(
            ROOT_URLCONF="kaoping.config.urls_outside",
            TEMPLATES=settings_outside.TEMPLATES,
            MIDDLEWARE=settings_outside.MIDDLEWARE,
            CSRF_COOKIE_NAME=settings_outside.CSRF_COOKIE_NAME,
            FACE="outside",
        ):
            return super().request(**request)
