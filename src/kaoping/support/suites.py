"""The set of algorithms (``suite``) behind digests, seals and locked keys of a file that leaves or stays. Pure.

Everything that is written names its suite, or means ``intl`` where it names none: all that was made before, and the bundles,
whose bytes stay what they were. So another set – 国密: SM3, SM2, SM4 (密评, GB/T 39786) – comes without a new version of any
format: what names it is read by a program that knows it, and refused in words by one that does not. Only ``intl`` is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INTL: Final = "intl"
KEY: Final = "suite"
KNOWN: Final[Mapping[str, str]] = {INTL: "SHA-256、X25519、XSalsa20-Poly1305、Argon2id"}
# Reserved for 国密; files that name it are told apart from spoilt ones.
GM: Final = "gm"


class UnknownSuite(ValueError):
    """The suite that a file names is not built here; the message says so, and what to do."""


def suite_of(data: Mapping[str, object]) -> str:
    """The suite that an object names, ``intl`` where it names none. Raises ``UnknownSuite``."""
    named = data.get(KEY, INTL)
    if isinstance(named, str) and named in KNOWN:
        return named
    if named == GM:
        raise UnknownSuite("用的是国密算法套件（suite：gm），本版本还不支持，请用支持它的版本")
    raise UnknownSuite(f"suite：不认识算法套件“{str(named)[:40]}”，请用更新的程序")
