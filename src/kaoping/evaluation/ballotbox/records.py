"""What goes in and out of the ballot box."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one arriving ballot. ``REPEATED``: it was already in the box, nothing changed."""

    STORED = "stored"
    REPEATED = "repeated"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class OpinionRecord:
    """A citizen's words about a unit. ``id`` is random, ``day`` the day of arrival; no other time is kept."""

    id: str
    poll: str
    unit: str
    text: str
    day: date


@dataclass(frozen=True, slots=True)
class Arrival:
    """A ballot as the store takes it: SHA-256 of the receipt, opaque payload, the opinion split off."""

    poll: str
    receipt: bytes
    payload: bytes
    opinion: OpinionRecord | None = None


@dataclass(frozen=True, slots=True)
class SealedBallot:
    """A ballot as the store keeps it."""

    receipt: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """The closing of a poll: how many ballots, and the digest over all of them, to be published."""

    poll: str
    digest: str
    count: int
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """A receipt that is in the box: of which poll, and whether that poll is sealed."""

    poll: str
    sealed: bool


class BallotBoxError(RuntimeError):
    """The box cannot do this; the message says why, in words for the person."""


class NotSealed(BallotBoxError):
    """Ballots are read only after their poll is sealed."""

    def __init__(self, poll: str) -> None:
        super().__init__(f"评议 {poll} 还没有封存，任何人都不能读取问卷。")


class SealBroken(BallotBoxError):
    """What lies in the box is not what was sealed."""

    def __init__(self, poll: str) -> None:
        super().__init__(f"评议 {poll} 的问卷与封存时的校验值不符，停止开箱。")
