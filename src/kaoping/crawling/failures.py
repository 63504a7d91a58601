"""Why there is no usable answer, and whose failure it was: the site's, the network's, or ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """Whose failure it was."""

    SITE = "site"
    NETWORK = "network"
    US = "us"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no usable answer. ``cause`` is a short code with details, ``text`` Chinese for people."""

    whose: Whose
    cause: str
    text: str


def status_failure(status: int) -> Failure:
    """403, 429 and 503 may be aimed at a crawler rather than at the public: not provably the site's fault."""
    if status in (401, 403, 407, 429, 451, 503):
        return Failure(Whose.US, f"HTTP {status}", f"网站答复 {status}，可能是拦截了自动访问，要人工看")
    return Failure(Whose.SITE, f"HTTP {status}", f"网站答复 {status}")
