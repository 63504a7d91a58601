"""Backups sealed to recipients' public keys, in the format of age: who made one cannot open it either."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyrage

from kaoping.foreign.failures import in_words
from kaoping.foreign.opening import MEGABYTE, Unreadable, read_text

_PUBLIC: Final = "age1"
_HEADER: Final = b"age-encryption.org/v1"
_SECRET: Final = "AGE-SECRET-KEY-1"  # noqa: S105 - how such a line begins, no secret


class EnvelopeError(ValueError):
    """A key that is none, or one that does not open; the message says which."""


def is_sealed(path: Path) -> bool:
    """Whether the file begins as age begins."""
    with path.open("rb") as handle:
        return handle.read(len(_HEADER)) == _HEADER


def recipients(words: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Public keys as people write them. Raises ``EnvelopeError``."""
    found = []
    for word in words:
        try:
            found.append(pyrage.x25519.Recipient.from_str(word.strip()))
        except pyrage.RecipientError:
            if word.strip().startswith(_PUBLIC):
                said = "公钥校验不对，多半没有复制全，或抄错了字，请重新复制"
            else:
                said = f"不是 age 公钥：公钥以 {_PUBLIC} 开头，由 age-keygen 生成"
            raise EnvelopeError(f"“{word[:80]}”{said}") from None
    return found


def identities(path: Path) -> list[pyrage.x25519.Identity]:
    """The private keys in a file as ``age-keygen`` writes it. Raises ``EnvelopeError``."""
    try:
        lines = read_text(path, most=MEGABYTE).splitlines()
    except Unreadable as error:
        raise EnvelopeError(f"私钥文件读不出（{error.message}）") from None
    try:
        found = [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip().startswith(_SECRET)
        ]
    except pyrage.IdentityError:
        raise EnvelopeError("私钥文件里的私钥不完整") from None
    if not found:
        raise EnvelopeError(f"文件里没有私钥（以 {_SECRET} 开头的一行）")
    return found


def seal(plain: Path, sealed: Path, to: Sequence[pyrage.x25519.Recipient]) -> None:
    """Write ``plain`` sealed beside ``sealed``, for its owner only, and move it into place when it is whole."""
    temporary = sealed.with_name(f".{sealed.name}.part")
    temporary.unlink(missing_ok=True)
    private = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(private, "wb") as target, plain.open("rb") as source:
        pyrage.encrypt_io(source, target, list(to))
    temporary.replace(sealed)


def unseal(sealed: Path, plain: Path, by: Sequence[pyrage.x25519.Identity]) -> None:
    """Write what is in ``sealed`` to ``plain``. Raises ``EnvelopeError`` when no key opens it or it was altered."""
    private = os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(private, "wb") as target, sealed.open("rb") as source:
        try:
            pyrage.decrypt_io(source, target, list(by))
        except OSError as error:
            raise EnvelopeError(f"没有解开（{in_words(error)}）") from None
        except (pyrage.DecryptError, ValueError) as error:
            other = "No matching keys" in str(error)
            raise EnvelopeError(
                "这把私钥打不开：备份是加密给别人的" if other else "文件已损坏，解不开"
            ) from None
