"""A request with a NUL in it is answered before its view: no page makes one, and PostgreSQL takes none.

So is a form with bytes that are no UTF-8, which the framework reads as �: rows that nobody can change would keep it for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from kaoping.web.ui.errors import bad_request, spoilt

BROKEN: Final = "\ufffd"


class Readable:
    """Answers 400 in words where the address, a name or a value holds a NUL, or a form what could not be read, so that no
    service and no query meets one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Asked once the body is parsed; files have their own door, only their names are looked at."""
        if any("\0" in one for one in _said(request)):
            return bad_request(request)
        # What a view with a bound of its own takes is sealed for its page, and goes into no row.
        broken = any(BROKEN in str(one) for _name, many in request.POST.lists() for one in many)
        return spoilt(request) if broken and not getattr(view, "own_bound", False) else None


def _said(request: HttpRequest) -> Iterator[str]:
    yield request.path
    for given in (request.GET, request.POST):
        for name, values in given.lists():
            yield name
            yield from (str(one) for one in values)
    for name, files in request.FILES.lists():
        yield name
        yield from (one.name or "" for one in files)
