"""Words that a browser keeps for one person: sealed by the server, opened by the server, for that person only. And what
lies in the database but must not be read from a copy of it.

Browsers offer no cryptography on plain HTTP, and a key in a page could be read by whoever sits down next. So the key never
leaves the server: anybody may have words sealed *for* a person (nothing is stored here), and they are opened only in a
session of that person. No Django, no clock.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

# How long kept words can be opened; browsers forget them after the same time.
KEPT_FOR: Final = timedelta(days=7)


def seal(secret: str, owner: str, words: Mapping[str, Any], *, now: datetime) -> str:
    """Text that only ``unseal`` with the same secret and owner can read, with the instant inside."""
    plain = json.dumps({"at": now.isoformat(), "words": words}, ensure_ascii=False).encode()
    return urlsafe_b64encode(SecretBox(_key(secret, owner)).encrypt(plain)).decode()


def unseal(secret: str, owner: str, sealed: str, *, now: datetime) -> tuple[datetime, dict[str, Any]] | None:
    """When the words were sealed, and the words; None when they are somebody else's, broken or too old."""
    try:
        content = json.loads(SecretBox(_key(secret, owner)).decrypt(urlsafe_b64decode(sealed.encode())))
    except (CryptoError, ValueError, UnicodeError):
        return None
    at = datetime.fromisoformat(content["at"])
    return (at, content["words"]) if now - at < KEPT_FOR else None


def lock(secret: str, owner: str, text: str) -> str:
    """Text at rest that a copied database does not give away: the secret lies elsewhere."""
    return urlsafe_b64encode(SecretBox(_key(secret, owner, b"at rest")).encrypt(text.encode())).decode()


def unlock(secret: str, owner: str, locked: str) -> str | None:
    """The text, or None when it was locked with another secret or for somebody else."""
    try:
        return SecretBox(_key(secret, owner, b"at rest")).decrypt(urlsafe_b64decode(locked.encode())).decode()
    except (CryptoError, ValueError, UnicodeError):
        return None


def _key(secret: str, owner: str, purpose: bytes = b"kept words") -> bytes:
    """A key of one's own for each person; the purpose keeps it apart from other uses of the secret."""
    return blake2b(
        owner.encode(),
        key=blake2b(secret.encode(), digest_size=32).digest(),
        digest_size=32,
        person=purpose,
    ).digest()
