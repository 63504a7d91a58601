"""Typed words do not turn a page round: the one place through which every page of both faces leaves.

Words are stored as they were typed; a sign of direction in them would reverse the sentence, the row or the button behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from kaoping.foreign.visible import TURNING, undirected

# A page without them, as nearly all are, is not decoded.
_SIGNS: Final = tuple(one.encode() for one in TURNING)


class Undirected:
    """Takes the signs of direction out of pages; files and data leave as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        if page and any(one in response.content for one in _SIGNS):
            response.content = undirected(response.content.decode()).encode()
        return response
