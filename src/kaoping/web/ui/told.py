"""What the shared words of screens read of a thing, however it is kept: stored, frozen in a bundle, or just worked out.

One protocol a thing. Who hands in something else is told by the type checker and not by an empty place on a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Protocol, runtime_checkable

# ruff: noqa: D102 - each member is the field of that name


class Seen(Protocol):
    """What was seen, in the form of its kind."""

    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> object: ...


class Sourced(Protocol):
    """Where a line comes from, and by what act."""

    @property
    def source(self) -> str: ...
    @property
    def act(self) -> str | None: ...


class Timed(Sourced, Protocol):
    """When somebody looked, and when the ledger took it up."""

    @property
    def observed_at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...


class Level(Protocol):
    """One level of an item, with its share of the maximum as decimal text."""

    @property
    def label(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def share(self) -> str: ...


class Worth(Protocol):
    """What an item can give, as decimal text."""

    @property
    def max(self) -> str: ...


class Rule(Worth, Protocol):
    """An item of a rulebook, as its rule is told."""

    @property
    def role(self) -> str: ...
    @property
    def levels(self) -> Sequence[Level]: ...
    @property
    def legal_basis(self) -> str: ...
    @property
    def how(self) -> str: ...
    @property
    def confidence(self) -> str: ...


class Scale(Protocol):
    """An item on a sheet: what it has there, of what."""

    @property
    def points(self) -> Fraction: ...
    @property
    def max(self) -> Fraction: ...


class Proof(Protocol):
    """A file by its digest, an address, or both."""

    @property
    def sha256(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...


@runtime_checkable
class Named(Protocol):
    """A file that was handed in under a name."""

    @property
    def name(self) -> str: ...


@runtime_checkable
class Captured(Protocol):
    """A link that was handed in: the digest of its page once that is archived, or why it is not."""

    @property
    def url(self) -> str: ...
    @property
    def capture_sha256(self) -> str: ...
    @property
    def capture_at(self) -> datetime | None: ...
    @property
    def capture_failure(self) -> str: ...


@runtime_checkable
class Added(Protocol):
    """Something handed in with an answer of the self-review."""

    @property
    def added_at(self) -> datetime: ...


@runtime_checkable
class Filed(Protocol):
    """Something handed in with an appeal."""

    @property
    def filed_at(self) -> datetime: ...
