"""What django-axes asks of us: whose failures are counted, how many are too many, and who is never shut out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from kaoping.accounts import browsers, throttle
from kaoping.accounts.queries import person_by_username
from kaoping.support import clock
from kaoping.support.client_address import of_request

COOKIE: Final = "kaoping_known"


def address_of(request: HttpRequest) -> str:
    """The client's address (``AXES_CLIENT_IP_CALLABLE``)."""
    return of_request(request.META)


def name_of(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Under which name a failure is counted (``AXES_USERNAME_CALLABLE``): names ignore case."""
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    return browsers.stored_name(str(typed))


def limit(request: HttpRequest, credentials: Mapping[str, Any] | None) -> int:
    """Failures after which this address waits for this name (``AXES_FAILURE_LIMIT``)."""
    name, now = name_of(request, credentials), clock.machine_now()
    person = person_by_username(name)
    known = person is not None and browsers.knows_address(person, address_of(request), now=now)
    return throttle.limit(known_address=known, everywhere=browsers.everywhere(name, now=now))


def never_shut_out(request: HttpRequest, credentials: Mapping[str, Any] | None) -> bool:
    """Whether this browser is known to the person and has not failed too often itself (``AXES_WHITELIST_CALLABLE``)."""
    browser = known_browser(request, name_of(request, credentials))
    return browser is not None and not throttle.waits(
        browser.failures, browser.failing_since, clock.machine_now()
    )


def known_browser(request: HttpRequest, name: str) -> Any:
    """The known browser of the person of this name that sends this request, or None."""
    person = person_by_username(name)
    if person is None:
        return None
    return browsers.browser_of(person, request.COOKIES.get(COOKIE, ""), now=clock.machine_now())


def remember(request: HttpRequest, response: HttpResponse, person: Any) -> None:
    """From now on this browser is known to the person."""
    secret = request.COOKIES.get(COOKIE, "")
    if not 20 <= len(secret) <= 100:
        secret = secrets.token_urlsafe(24)
    browsers.remember(person, secret, address_of(request), now=clock.machine_now())
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(throttle.KNOWN_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
