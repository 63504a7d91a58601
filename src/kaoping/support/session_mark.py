"""A mark that goes with a session's cookie and says, without the database, that somebody signed in by it. Pure.

The front reads it before a body arrives: only of those signed in anything large is kept. It opens no page; whether the
session still lives is asked where pages are made. Whoever invents a session cookie cannot make the mark for it.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Final

_DIGITS: Final = 40
_PERSON_DIGITS: Final = 16
_LONGEST: Final = 100


def make(secret: str, session_key: str, person_id: str, now: float) -> str:
    """The mark of a person's session, as of ``now`` (seconds since 1970)."""
    person = _mac(secret, f"person {person_id}")[:_PERSON_DIGITS]
    said = f"{int(now):x}.{person}"
    return f"{said}.{_mac(secret, f'session {session_key} {said}')[:_DIGITS]}"


def person_of(secret: str, session_key: str, mark: str, now: float, seconds: float) -> str:
    """A reference that stands for the person who signed in; empty when the mark is none, of another session, or older
    than ``seconds``.
    """
    said, _, mac = mark.rpartition(".")
    issued, _, person = said.partition(".")
    if not session_key or len(mark) > _LONGEST or not mark.isascii():
        return ""
    if not hmac.compare_digest(mac, _mac(secret, f"session {session_key} {said}")[:_DIGITS]):
        return ""
    return person if -60 <= now - int(issued, 16) <= seconds else ""


def _mac(secret: str, text: str) -> str:
    return hmac.new(f"kaoping session mark {secret}".encode(), text.encode(), sha256).hexdigest()
