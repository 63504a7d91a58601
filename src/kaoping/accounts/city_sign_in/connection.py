"""Connections to the city's sign-in: bounded in time and size, no redirects, nothing from the environment."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import requests
from requests.adapters import HTTPAdapter

from kaoping.accounts.city_sign_in.logic import Failed

S = TypeVar("S", bound=requests.Session)
# Seconds until there is a connection, and without a byte.
TIMEOUT: Final = (5, 10)
# No token, key list or ticket is larger.
LARGEST: Final = 512 * 1024


class Bounded(HTTPAdapter):
    """Reads an answer whole, up to ``LARGEST``, under ``TIMEOUT``, whatever the caller asked for."""

    def send(self, request: requests.PreparedRequest, *_args: Any, **more: Any) -> requests.Response:
        """The answer. Raises ``RequestException`` when it does not come, or is too long."""
        more |= {"timeout": TIMEOUT, "stream": True}
        answer = super().send(request, **more)
        content = b""
        for part in answer.iter_content(16 * 1024):
            content += part
            if len(content) > LARGEST:
                answer.close()
                raise requests.exceptions.ContentDecodingError("answer too long")
        answer._content = content
        return answer


def bounded(session: S, authority: str) -> S:
    """The session, made to reach only by ``Bounded``; ``authority`` names a file of certificates to trust instead."""
    session.trust_env = False
    session.max_redirects = 0
    session.verify = authority or True
    session.adapters.clear()
    for scheme in ("https://", "http://"):
        session.mount(scheme, Bounded())
    return session


def no_answer(error: Exception) -> Failed:
    """What to tell when the city's machine cannot be reached or answers nonsense."""
    return Failed(
        f"统一身份认证没有正常应答（{type(error).__name__}）。请过一会儿再试，或用登录名和口令登录。"
    )
