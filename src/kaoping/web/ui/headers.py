"""Headers that every answer of both faces carries and that Django has no setting for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

# No page asks the browser for any of these; photos are taken by the phone's own camera through a file field.
POLICY: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
        "serial",
        "bluetooth",
        "midi",
        "browsing-topics",
    )
)


class PermissionsPolicy:
    """What scripts of a page may ask the browser for: nothing of the device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", POLICY)
        return response
