"""Says to the audit log from where each request comes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kaoping.accounts.origin import Origin, reference, said
from kaoping.support.client_address import of_request


class SaysOrigin:
    """Stands behind the sessions: the reference is taken when a line is written, after a signing-in changed the key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with said(lambda: Origin(of_request(request.META) or None, reference(request.session.session_key))):
            return self.get_response(request)
