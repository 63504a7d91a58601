"""Chance for the demonstration, the same on every machine: digests of what is decided, never a random generator."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def fraction(*what: object) -> float:
    """A number in 0..1 that depends on ``what`` alone."""
    digest = hashlib.sha256("|".join(str(one) for one in what).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def pick(options: Sequence[T], weights: Sequence[float], *what: object) -> T:
    """One of ``options``, each as likely as its weight."""
    place = fraction(*what) * sum(weights)
    for option, weight in zip(options, weights, strict=True):
        place -= weight
        if place < 0:
            return option
    return options[-1]
