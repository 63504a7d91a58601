"""The rubric: a tree of indicators with points, and how points become grades. Pure data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final

# 单项否决 and 重大减分: they weigh so much that two persons put them into a ledger, never one.
SEVERE: Final = ("veto", "penalty")


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a scale: what it looks like and the share of the points it earns (0..1)."""

    code: str
    name: str
    description: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Indicator:
    """A node of the tree. Leaves have a method; ``max`` of a branch is the sum of its children.

    ``role`` is item (counts in the hundred), bonus, penalty, veto or gate. ``settings`` are the method's own numbers;
    on a branch ``overflow`` lets deductions below it pass on to the branch above. ``sources`` says which kinds of value
    the item takes from which source; ``checks`` are ids of checks, and feeds (``observations.FEEDS``), whose lines it
    takes without being named: an automatic source names no item, here alone stands which one it feeds.
    ``applies_to`` lists kinds of unit, empty for all.
    ``period`` is null for the rulebook's period or ``previous_year`` (K3.6 judges the report on the year before).
    ``announced_on``: nothing observed on an earlier day costs a point; null for statutory duties, which bind without it.
    ``confidence`` says where the item's numbers come from: law, published, derived or proposed.
    ``locked``: a district's rulebook may not drop it (考核办法 第十条).
    """

    code: str
    name: str
    max: Fraction
    role: str = "item"
    component: str | None = None
    method: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    applies_to: tuple[str, ...] = ()
    period: str | None = None
    announced_on: date | None = None
    basis: str = ""
    observed_by: str = ""
    evidence: str = ""
    confidence: str = "proposed"
    locked: bool = False
    children: tuple[Indicator, ...] = ()

    def walk(self) -> Iterator[Indicator]:
        """This node and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> Iterator[Indicator]:
        """The nodes with a method."""
        return (node for node in self.walk() if not node.children)

    def level(self, code: str) -> Level | None:
        """The level of that code, or null."""
        return next((level for level in self.levels if level.code == code), None)


@dataclass(frozen=True, slots=True)
class Component:
    """平时考核, 社会评议 or 定期考核 (考核办法 第七条) and its points."""

    code: str
    name: str
    points: Fraction
    confidence: str = "proposed"


@dataclass(frozen=True, slots=True)
class Band:
    """A grade and the least total (unrounded) that earns it."""

    code: str
    name: str
    least: Fraction


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``share`` of each group (floor, at least ``least``) may hold ``grade``; ``ties`` at the line: in or out."""

    grade: str
    share: Fraction
    least: int
    ties: str
    confidence: str = "proposed"


@dataclass(frozen=True, slots=True)
class GradeRule:
    """Bands from best to worst, the quota, the gates of the best grade, the grade after a veto.

    The regulation fixes the names of the four grades (考核办法 第八条) and no line: the lines carry ``confidence``.
    """

    bands: tuple[Band, ...]
    quota: Quota | None
    gated: str | None
    veto_grade: str
    confidence: str = "proposed"


@dataclass(frozen=True, slots=True)
class Rubric:
    """Everything that turns observations into a sheet.

    ``unscored``: ``pending`` leaves the total and the grade open while an item has no basis, because an item that nobody
    could judge must not cost points; ``zero`` counts such items as nothing.
    ``redistribution`` of points that do not apply: ``whole`` scales every applicable item alike (earned ÷ applicable ×
    total), ``branch`` gives them to the neighbours under the same parent first.
    ``ceiling`` is the highest total that bonuses can reach. ``rank_on``: ranks compare ``exact`` totals, or totals
    ``rounded`` to ``places`` as they are published; grades always compare exact ones.
    """

    rulebook: str
    version: str
    places: int
    total: Fraction
    unscored: str
    ranking: str
    components: tuple[Component, ...]
    indicators: tuple[Indicator, ...]
    grades: GradeRule | None
    redistribution: str = "whole"
    ceiling: Fraction | None = None
    rank_on: str = "exact"

    def walk(self) -> Iterator[Indicator]:
        """Every node, parents first."""
        for top in self.indicators:
            yield from top.walk()

    def leaves(self) -> Iterator[Indicator]:
        """Every node with a method."""
        for top in self.indicators:
            yield from top.leaves()

    def checks(self) -> tuple[str, ...]:
        """Every check and feed that some leaf takes, in order of name."""
        return tuple(sorted({check for leaf in self.leaves() for check in leaf.checks}))

    def fed_by(self, check: str) -> Indicator | None:
        """The leaf that counts what a check or feed says: an item before a gate or veto; null when none does."""
        fed = [leaf for leaf in self.leaves() if check in leaf.checks]
        return next((leaf for leaf in fed if leaf.role not in ("gate", "veto")), next(iter(fed), None))

    def find(self, code: str) -> Indicator | None:
        """The node of that code, or null."""
        return next((node for node in self.walk() if node.code == code), None)
