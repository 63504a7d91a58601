"""A checksum beside each ballot, so that damage is found before the opening and not by it.

It has no key: whoever may write the database can mend both. From the seal on, the published digest catches that too.
"""

from __future__ import annotations

import hashlib


def checksum(receipt: bytes, poll: str, payload: bytes) -> bytes:
    """SHA-256 over the receipt's hash (32 bytes), the poll's id, a zero byte and the sealed payload."""
    return hashlib.sha256(receipt + poll.encode() + b"\0" + payload).digest()


def in_words(damaged: dict[str, int]) -> str:
    """``damaged`` (polls and their number of ballots) for people."""
    return "，".join(f"{poll} 有 {count} 份" for poll, count in sorted(damaged.items()))
