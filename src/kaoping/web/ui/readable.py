"""What no page makes is answered before its view: a NUL, which PostgreSQL does not take, and an address that asks too much.

So is a form with bytes that are no UTF-8, which the framework reads as �: rows that nobody can change would keep it for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from kaoping.web.ui.errors import asked_too_much, bad_request, only_by_button, spoilt

BROKEN: Final = "\ufffd"
# Characters of one value in an address: a search is a few words. SQLite compares no pattern beyond 50,000.
LONGEST_ASKED: Final = 2_000


class Readable:
    """Answers 400 in words, so that no service and no query meets a NUL, a search of many pages, or a form that could not
    be read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django says nothing at all; a reload of a page that an act has answered leads here.
        bare = isinstance(response, HttpResponseNotAllowed) and not response.content
        return only_by_button(request, response.headers["Allow"]) if bare else response

    def process_view(
        self, request: HttpRequest, view: object, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Asked once the body is parsed; files have their own door, only their names are looked at."""
        if any("\0" in one for one in _said(request)):
            return bad_request(request)
        over = max((len(one) for _name, many in request.GET.lists() for one in many), default=0)
        if over > LONGEST_ASKED:
            return asked_too_much(request, over, LONGEST_ASKED)
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
