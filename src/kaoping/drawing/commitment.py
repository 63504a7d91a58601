"""The committed seed: nobody, the office included, can choose who is drawn, and anybody can draw again.

Before the draw the office publishes the digest of the list and a commitment to a secret number (nonce). After
a public value is known that the office cannot choose (say the day's lottery figure), nonce and public value
together make the seed. Publishing the nonce afterwards proves that it was the committed one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

_PREFIX: Final = "kaoping draw 1"
LEAST_NONCE: Final = 16


class DrawError(ValueError):
    """A draw that cannot be made or does not agree with its protocol; the message says why."""


def list_digest(strata: Mapping[str, Sequence[str]]) -> str:
    """The SHA-256 of the list: one line ``stratum<TAB>unit`` for each unit, sorted. Raises ``DrawError``."""
    lines = sorted(f"{stratum}\t{unit}" for stratum, units in strata.items() for unit in units)
    for line in lines:
        if "\n" in line or line.count("\t") != 1:
            raise DrawError("名单中的代码不能含制表符或换行")
    if len(set(lines)) != len(lines):
        raise DrawError("名单中有重复的单位")
    return _digest("list", *lines)


def commit(digest: str, nonce: str) -> str:
    """The commitment to publish before the draw. ``nonce``: at least 16 random characters, kept secret till
    then.
    """
    if len(nonce) < LEAST_NONCE:
        raise DrawError(f"随机数至少 {LEAST_NONCE} 个字符，否则可以猜出来")
    return _digest("commit", digest, nonce)


def seed_of(digest: str, nonce: str, public_value: str) -> str:
    """The seed of the draw. ``public_value`` may be empty when the rulebook asks for none."""
    return _digest("seed", digest, nonce, public_value)


def ticket(seed: str, stratum: str, unit: str) -> str:
    """The unit's ticket: the lowest tickets of each stratum are drawn."""
    return _digest("ticket", seed, stratum, unit)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join((_PREFIX, *parts)).encode()).hexdigest()
