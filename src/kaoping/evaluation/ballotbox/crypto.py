"""Sealing ballots and the key that opens them.

Ballots are sealed with the public key of the poll (libsodium sealed box), which cannot open them. The private
key is split in two shares of which each alone tells nothing; each is locked by its opener's passphrase
(Argon2id). The whole key exists only while the ballots are opened, and is never stored.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from typing import Any, Final

from nacl import pwhash, utils
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from kaoping.support import suites

KEY_BYTES: Final = 32
LEAST_PASSPHRASE: Final = 12
PADDING: Final = 512  # sealed texts have lengths in steps, so that a length does not tell the answers


class PollKeyError(ValueError):
    """A key, share or passphrase that does not fit; the message is for the person."""


class WrongPassphrase(PollKeyError):
    """A passphrase does not unlock its share; ``which`` are the places (0, 1) of those of two that do not."""

    def __init__(self, which: tuple[int, ...] = ()) -> None:
        super().__init__("开箱口令不对，这一份密钥没有打开。")
        self.which = which


class Unreadable(ValueError):
    """A payload that the key does not open."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of a passphrase costs: passes over memory, and bytes of memory."""

    passes: int
    memory: int


NORMAL_COST: Final = Cost(passes=4, memory=64 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class PollKey:
    """What is kept of a new key: the public key (hex) and the two locked shares (text), one for each
    opener.
    """

    public_key: str
    locked: tuple[str, str]


def make_poll_key(first: str, second: str, cost: Cost = NORMAL_COST) -> PollKey:
    """A new key whose shares are locked by the passphrases of two openers. Raises ``PollKeyError``."""
    for passphrase in (first, second):
        if len(passphrase) < LEAST_PASSPHRASE:
            raise PollKeyError(f"开箱口令至少 {LEAST_PASSPHRASE} 个字符。")
    if first == second:
        raise PollKeyError("两位开箱人的口令不能相同。")
    private = PrivateKey.generate()
    one = utils.random(KEY_BYTES)
    other = _xor(bytes(private), one)
    public = bytes(private.public_key).hex()
    return PollKey(public, (_lock(one, first, cost), _lock(other, second, cost)))


def unlock_share(locked: str, passphrase: str) -> bytes:
    """One opener's share. Raises ``WrongPassphrase`` or ``PollKeyError``."""
    try:
        data: dict[str, Any] = json.loads(locked)
        suites.suite_of(data)
        salt, box = base64.b64decode(data["salt"]), base64.b64decode(data["box"])
        key = _derive(passphrase, salt, Cost(int(data["passes"]), int(data["memory"])))
    except suites.UnknownSuite as error:
        raise PollKeyError(f"这一份密钥{error}。") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PollKeyError("这一份密钥的记录读不出。") from None
    try:
        return SecretBox(key).decrypt(box)
    except CryptoError:
        raise WrongPassphrase from None


def join_shares(one: bytes, other: bytes, public_key: str) -> PrivateKey:
    """The private key of two shares, checked against the public key. Raises ``PollKeyError``."""
    if len(one) != KEY_BYTES or len(other) != KEY_BYTES:
        raise PollKeyError("两份密钥的长度不对。")
    private = PrivateKey(_xor(one, other))
    if not hmac.compare_digest(bytes(private.public_key).hex(), public_key):
        raise PollKeyError("两份密钥合不成这次评议的密钥。")
    return private


def open_with(key: PollKey, first: str, second: str) -> PrivateKey:
    """The private key, by the passphrases of both openers in their order.

    Both are tried, so that each opener is told of the own slip. Raises ``WrongPassphrase`` and ``PollKeyError``.
    """
    shares, wrong = [], []
    for place, (lock, word) in enumerate(zip(key.locked, (first, second), strict=True)):
        try:
            shares.append(unlock_share(lock, word))
        except WrongPassphrase:
            wrong.append(place)
    if wrong:
        raise WrongPassphrase(tuple(wrong))
    return join_shares(shares[0], shares[1], key.public_key)


def seal(plain: bytes, public_key: str) -> bytes:
    """Seal ``plain`` (text without trailing blanks) for the holder of the private key."""
    padded = plain + b" " * (-len(plain) % PADDING)
    return bytes(SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(padded))


def unseal(payload: bytes, private: PrivateKey) -> bytes:
    """What ``seal`` was given. Raises ``Unreadable``."""
    try:
        return bytes(SealedBox(private).decrypt(payload)).rstrip(b" ")
    except (CryptoError, ValueError, TypeError):
        raise Unreadable("问卷不能用这把密钥打开") from None


def _lock(share: bytes, passphrase: str, cost: Cost) -> str:
    salt = utils.random(pwhash.argon2id.SALTBYTES)
    box = bytes(SecretBox(_derive(passphrase, salt, cost)).encrypt(share))
    return json.dumps(
        {
            suites.KEY: suites.INTL,
            "kdf": "argon2id",
            "passes": cost.passes,
            "memory": cost.memory,
            "salt": base64.b64encode(salt).decode(),
            "box": base64.b64encode(box).decode(),
        }
    )


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return bytes(
        pwhash.argon2id.kdf(
            SecretBox.KEY_SIZE, passphrase.encode(), salt, opslimit=cost.passes, memlimit=cost.memory
        )
    )


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
