"""Receipts: anonymous, yet each citizen can see that the ballot counted.

The form carries a random token; the receipt code is derived from it, so that sending the same form twice
gives the same receipt and one ballot. The box keeps only the SHA-256 of the code.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from kaoping.foreign.width import half_width
from kaoping.patterns import linear

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs, without 0, 1, I and O
LENGTH: Final = 12
GROUP: Final = 4
_TYPED: Final = 100  # a code with all the blanks and dashes anybody types around its signs
_JOINTS: Final = linear(r"[\s\p{Z}\-—–－]")
_TOKEN: Final = linear(r"[A-Za-z0-9_-]{22,64}")


class ReceiptError(ValueError):
    """Text that is no receipt code or no token."""


def new_token() -> str:
    """A token for one form: 128 random bits."""
    return secrets.token_urlsafe(16)


def receipt_of(poll: str, token: str) -> str:
    """The receipt code ``XXXX-XXXX-XXXX`` (60 bits) of the form that bears ``token``. Raises
    ``ReceiptError``.
    """
    if not _TOKEN.fullmatch(token):
        raise ReceiptError("表单标识不完整。请回到问卷页重新打开。")
    digest = hashlib.sha256(f"kaoping receipt\n{poll}\n{token}".encode()).digest()
    number = int.from_bytes(digest, "big")
    signs = [ALPHABET[(number >> 5 * place) % len(ALPHABET)] for place in range(LENGTH)]
    return grouped("".join(signs))


def grouped(signs: str) -> str:
    """The signs in groups of four, as people read them."""
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def normalise(text: str) -> str:
    """A typed code in its one form: case, width, blanks and dashes do not matter. Raises ``ReceiptError``."""
    signs = _JOINTS.sub("", half_width(text)).upper() if len(text) <= _TYPED else ""
    if len(signs) != LENGTH or set(signs) - set(ALPHABET):
        raise ReceiptError("回执码是 12 位字母和数字，形如 ABCD-EFGH-2345，没有 0、1、I、O。")
    return grouped(signs)


def receipt_hash(receipt: str) -> bytes:
    """What the box keeps of a receipt code. Raises ``ReceiptError``."""
    return hashlib.sha256(f"kaoping receipt code\n{normalise(receipt)}".encode()).digest()
