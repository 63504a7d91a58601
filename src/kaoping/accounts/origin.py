"""From where the act that is being written down is asked for: address and session of the request, if there is one.

A request's thread says it once at its beginning; commands and background jobs have no origin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Origin:
    """``session`` is a reference that tells sessions apart and opens none; both are null without a request."""

    address: str | None = None
    session: str | None = None


NOWHERE: Final = Origin()
_asked: ContextVar[Callable[[], Origin] | None] = ContextVar("origin", default=None)


def reference(session_key: str | None) -> str | None:
    """A short digest of a session's key, for the log; null when there is no session."""
    if not session_key:
        return None
    return sha256(b"kaoping audit log " + session_key.encode()).hexdigest()[:_DIGITS]


def here() -> Origin:
    """Where this thread's request comes from, as of now: signing in changes the session."""
    asked = _asked.get()
    return asked() if asked else NOWHERE


@contextmanager
def said(origin: Callable[[], Origin]) -> Iterator[None]:
    """Within the block acts come from there."""
    token = _asked.set(origin)
    try:
        yield
    finally:
        _asked.reset(token)
