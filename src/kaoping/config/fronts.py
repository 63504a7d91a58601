"""What the front decides of each request of the two faces: its pool, the size of its body, and who asks. Pure.

Handing in, results with static files, everything else and the hashing of passwords each have threads of their own, so
that none of them starves another on the day when one is in demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

from kaoping.front import Plan, Rules
from kaoping.front.fair import Visitor
from kaoping.support.client_address import client_address, trusted_proxies

SMALL: Final = 64 * 1024
# Four files of the largest size that is taken, with the rest of a form; outside as Django is told.
FORM_INSIDE: Final = 202 * 1024 * 1024
FORM_OUTSIDE: Final = 160 * 1024
INSIDE_SESSION: Final = "kaoping_inside"
_CSRF: Final = ("kaoping_inside_csrf", "kaoping_outside_csrf")

SIGN_IN, CITY, FILES, HEALTH, PAGES = "sign-in", "city", "files", "health", "pages"
HANDING_IN, RESULTS = "handing-in", "results"


def inside_plan(method: str, path: str, cookies: str) -> Plan:
    """The inside face: passwords are hashed apart, and so waits whoever needs an answer of the city; of who is not signed in nothing large is kept.

    Such a form is answered by the way to the sign-in page, for which its content is not needed.
    """
    if path == "/health/":
        return Plan(HEALTH, SMALL)
    if path.startswith("/static/"):
        return Plan(FILES, SMALL)
    if path.startswith("/sign-in/city/"):
        return Plan(CITY, SMALL)
    if method == "POST" and path.startswith(("/sign-in/", "/password/", "/link/")):
        return Plan(SIGN_IN, SMALL)
    if method != "POST":
        return Plan(PAGES, SMALL)
    return Plan(PAGES, FORM_INSIDE, FORM_INSIDE if INSIDE_SESSION in _cookies(cookies) else SMALL)


def outside_plan(method: str, path: str, cookies: str) -> Plan:
    """The outside face: what asks the intake stands apart from what only reads."""
    if path == "/health/":
        return Plan(HEALTH, SMALL)
    if path.startswith("/static/"):
        return Plan(FILES, SMALL)
    if method == "POST" and path.startswith(("/evaluate/", "/receipt/")):
        return Plan(HANDING_IN, FORM_OUTSIDE)
    return Plan(RESULTS, SMALL)


def visitor(peer: str, headers: Mapping[str, str]) -> Visitor:
    """Who waits: the client's address, and the browser behind it by its own cookie."""
    cookies = _cookies(headers.get("cookie", ""))
    mark = next((cookies[name] for name in (INSIDE_SESSION, *_CSRF) if name in cookies), "")
    return Visitor(client_address(peer, headers.get("x-forwarded-for", ""), trusted_proxies()), mark[:80])


def _cookies(text: str) -> dict[str, str]:
    try:
        return {name: one.value for name, one in SimpleCookie(text[:4096]).items()}
    except CookieError:
        return {}


INSIDE: Final = Rules(
    pools={SIGN_IN: (2, 64), CITY: (2, 32), FILES: (2, 256), HEALTH: (1, 16), PAGES: (4, 128)},
    plan=inside_plan,
    visitor=visitor,
    health="/health/",
)
OUTSIDE: Final = Rules(
    pools={HANDING_IN: (4, 256), FILES: (2, 256), HEALTH: (1, 16), RESULTS: (4, 128)},
    plan=outside_plan,
    visitor=visitor,
    health="/health/",
)
