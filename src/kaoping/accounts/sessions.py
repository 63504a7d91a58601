"""Where sessions are kept (``SESSION_ENGINE``): under the digest of the key, with an absolute end.

The cookie holds the key; the table, a backup and a copied database hold only its digest, and open nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from kaoping.accounts.models import KeptSession
from kaoping.support import clock

# Written into the session when somebody signs in, and copied beside it so that the own sessions can be listed.
SINCE: Final = "since"
ADDRESS: Final = "address"
BROWSER: Final = "browser"
# Django's column takes 40 characters: 160 bits of the digest.
_DIGITS: Final = 40


def digest_of(key: str) -> str:
    """What is stored of a session key."""
    return sha256(f"session {key}".encode()).hexdigest()[:_DIGITS]


def end_of(idle_end: datetime, since: datetime | None, hours: int) -> datetime:
    """When a session ends: after the idle time, and at the latest ``hours`` after the person signed in."""
    return idle_end if since is None else min(idle_end, since + timedelta(hours=hours))


def since_of(data: Mapping[str, Any]) -> datetime | None:
    """When the person of a session signed in."""
    at = data.get(SINCE)
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) else None


class SessionStore(db.SessionStore):
    """Django's own store, which from here on never meets the key in clear."""

    @classmethod
    def get_model_class(cls) -> type[KeptSession]:
        """The table."""
        return KeptSession

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        return bool(super().exists(digest_of(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        """End this session, or the one of a key."""
        key = session_key or self.session_key
        if key:
            KeptSession.objects.filter(session_key=digest_of(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> KeptSession:
        """The row: who, since when, from where, and when it ends."""
        if SESSION_KEY in data and SINCE not in data:
            data[SINCE] = int(clock.machine_now().timestamp())
        since = since_of(data)
        if self.session_key is None:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs lack it
        assert self.session_key is not None
        return KeptSession(
            session_key=digest_of(self.session_key),
            session_data=self.encode(data),
            expire_date=end_of(
                self.get_expiry_date(modification=clock.machine_now()), since, settings.KAOPING_SESSION_HOURS
            ),
            person_id=str(data.get(SESSION_KEY, "")),
            since=since,
            address=str(data.get(ADDRESS, ""))[:45],
            browser=str(data.get(BROWSER, ""))[:200],
        )

    def _get_session_from_db(self) -> KeptSession | None:
        found = None
        if self.session_key:
            found = KeptSession.objects.filter(
                session_key=digest_of(self.session_key), expire_date__gt=clock.machine_now()
            ).first()
        if found is None:
            self._session_key = None
        return found

    # The pages are served by threads; nobody may store a key in clear by the other way.
    async def acreate_model_instance(self, data: dict[str, Any]) -> KeptSession:
        """Not used."""
        raise NotImplementedError

    async def _aget_session_from_db(self) -> KeptSession | None:
        raise NotImplementedError
