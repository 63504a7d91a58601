"""What the front decides of each request of the two faces: its pool, the size of its body, and who asks.

Handing in, results with static files, everything else and the hashing of passwords each have threads of their own, so
that none of them starves another on the day when one is in demand. Bodies of those signed in have room of their own too:
a stranger takes nothing of it, and one person a quarter at most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

from kaoping.front import OTHERS, Plan, Rules
from kaoping.front.fair import Visitor
from kaoping.patterns import linear
from kaoping.support import clock, session_mark
from kaoping.support.client_address import client_address, trusted_proxies
from kaoping.support.cookie_names import INSIDE_MARK, INSIDE_SESSION, INSIDE_TOKEN, OUTSIDE_TOKEN, plain

MEGABYTE: Final = 1024 * 1024
SMALL: Final = 64 * 1024
# Four files of the largest size that is taken, with the rest of a form; outside as Django is told.
FORM_INSIDE: Final = 202 * MEGABYTE
FORM_OUTSIDE: Final = 160 * 1024
_VISITORS: Final = (INSIDE_SESSION, INSIDE_TOKEN, OUTSIDE_TOKEN)

SIGN_IN, CITY, FILES, HEALTH, PAGES = "sign-in", "city", "files", "health", "pages"
HANDING_IN, RESULTS = "handing-in", "results"
SIGNED_IN: Final = "signed-in"
# Forms that hash: passwords at the door, and the openers' passphrases, set when an evaluation is laid out and typed to open it.
_HASHING: Final = linear(r"/(?:sign-in|password|link)/.*|/desk/evaluation/[^/]+/(?:prepare|open)/")

# Of a request's cookies, the reference of the person who is signed in; empty for a stranger.
SignedIn = Callable[[Mapping[str, str]], str]


def inside_plan(method: str, path: str, cookies: str, signed_in: SignedIn) -> Plan:
    """The inside face: what hashes passwords waits apart, and so does whoever needs an answer of the city's sign-in; of who is
    not signed in nothing large is kept.

    Such a form is answered by the way to the sign-in page, for which its content is not needed.
    """
    if path == "/health/":
        return Plan(HEALTH, SMALL)
    if path.startswith("/static/"):
        return Plan(FILES, SMALL)
    if path.startswith("/sign-in/city/"):
        return Plan(CITY, SMALL)
    if method == "POST" and _HASHING.fullmatch(path):
        return Plan(SIGN_IN, SMALL)
    if method != "POST":
        return Plan(PAGES, SMALL)
    person = signed_in(_cookies(cookies))
    if not person:
        return Plan(PAGES, FORM_INSIDE, SMALL)
    return Plan(PAGES, FORM_INSIDE, FORM_INSIDE, SIGNED_IN, f"person {person}")


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
    mark = next((cookies[name] for name in _VISITORS if name in cookies), "")
    return Visitor(client_address(peer, headers.get("x-forwarded-for", ""), trusted_proxies()), mark[:80])


def _cookies(text: str) -> dict[str, str]:
    try:
        return plain({name: one.value for name, one in SimpleCookie(text[:4096]).items()})
    except CookieError:
        return {}


def signed_in(secret: str, hours: int) -> SignedIn:
    """Asks the mark beside the session's cookie, which is good for the ``hours`` of a session."""

    def person(cookies: Mapping[str, str]) -> str:
        key, mark = cookies.get(INSIDE_SESSION, ""), cookies.get(INSIDE_MARK, "")
        return session_mark.person_of(secret, key, mark, clock.machine_now().timestamp(), hours * 3600)

    return person


def inside(secret: str, hours: int) -> Rules:
    """The rules of the inside face, with the installation's key and the length of a session."""
    asked = signed_in(secret, hours)
    return Rules(
        pools={SIGN_IN: (2, 64), CITY: (2, 32), FILES: (2, 256), HEALTH: (1, 16), PAGES: (4, 128)},
        plan=lambda method, path, cookies: inside_plan(method, path, cookies, asked),
        visitor=visitor,
        health="/health/",
        rooms={OTHERS: (64 * MEGABYTE, 16 * MEGABYTE), SIGNED_IN: (4 * FORM_INSIDE, FORM_INSIDE)},
    )


OUTSIDE: Final = Rules(
    pools={HANDING_IN: (4, 256), FILES: (2, 256), HEALTH: (1, 16), RESULTS: (4, 128)},
    plan=outside_plan,
    visitor=visitor,
    health="/health/",
)
