"""A request with a NUL in it is answered before its view: no page makes one, and PostgreSQL takes none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from kaoping.web.ui.errors import bad_request


class Readable:
    """Answers 400 in words where the address, a name or a value holds a NUL, so that no service and no query meets one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Asked once the body is parsed; files have their own door, only their names are looked at."""
        return bad_request(request) if any("\0" in one for one in _said(request)) else None


def _said(request: HttpRequest) -> Iterator[str]:
    yield request.path
    for given in (request.GET, request.POST):
        for name, values in given.lists():
            yield name
            yield from (str(one) for one in values)
    for name, files in request.FILES.lists():
        yield name
        yield from (one.name or "" for one in files)
