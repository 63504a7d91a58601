"""Sessions that reading does not write: idle sign-out is kept by a mark that is renewed at most once a minute.

On a full disk or in a read-only folder people go on reading what they could read; only what has to be stored fails.
"""

from __future__ import annotations

from logging import getLogger
from typing import Final

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from kaoping.support import clock
from kaoping.support.storage import cannot_store

SEEN: Final = "seen"
_log = getLogger(__name__)


class NotStored(RuntimeError):
    """The session of a signing-in could not be stored; the cause says why."""


def due_for_renewal(seen: float | None, now: float, idle_seconds: int) -> bool:
    """Whether a session last renewed at ``seen`` is renewed at ``now`` (seconds): once a minute, and more often where
    the idle time is short, so that nobody is signed out noticeably early.
    """
    return seen is None or not 0 <= now - seen < min(60.0, idle_seconds / 30)


class Sessions(SessionMiddleware):
    """Django's sessions, renewed seldom, and with reading that survives when they cannot be stored."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Store what changed. A page that was only read is given out even when that fails."""
        reading = request.method in ("GET", "HEAD", "OPTIONS")
        session = request.session
        changed = session.modified
        if session.session_key:
            now, seen = clock.machine_now().timestamp(), session.get(SEEN)
            known = seen if isinstance(seen, int | float) else None
            # A session that has run out has lost its key by the time it was read.
            if session.session_key and due_for_renewal(known, now, settings.SESSION_COOKIE_AGE):
                session[SEEN] = int(now)
        try:
            return super().process_response(request, response)
        except Exception as error:
            if not cannot_store(error):
                raise
            # What only the renewal changed may be lost; so may what reading a page changed.
            if changed and not reading:
                raise NotStored from error
            _log.warning("session not renewed: %s", error)
            return response
