"""The names of the cookies that carry a session, its mark or its token against forged forms. Pure.

With HTTPS session and token begin with ``__Host-``: a browser then takes them from this host only, for every path, and over HTTPS
(RFC 6265bis 4.1.3; ASVS 4.0 3.4.4). Without HTTPS a browser would refuse such a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INSIDE_SESSION: Final = "kaoping_inside"
INSIDE_MARK: Final = "kaoping_inside_mark"
INSIDE_TOKEN: Final = "kaoping_inside_csrf"
OUTSIDE_TOKEN: Final = "kaoping_outside_csrf"
_HOST: Final = "__Host-"


def named(name: str, *, https: bool) -> str:
    """The name as it is set."""
    return _HOST + name if https else name


def plain(cookies: Mapping[str, str]) -> dict[str, str]:
    """The cookies by their names without ``__Host-``; one that a browser vouches for goes before a namesake."""
    vouched = {name.removeprefix(_HOST): value for name, value in cookies.items() if name.startswith(_HOST)}
    return {**cookies, **vouched}
