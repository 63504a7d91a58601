"""Points, grades and how they are spread: what is drawn of a number, and why it is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

# A number as it is stored or computed; text is a decimal number, or the words that stand in its place.
Number: TypeAlias = int | Decimal | Fraction | str

SEALS: Final = {
    "优秀": ("a", "优"),
    "良好": ("b", "良"),
    "合格": ("c", "合"),
    "不合格": ("d", "不"),
    "满意": ("a", "满"),
    "基本满意": ("b", "基"),
    "不满意": ("d", "不"),
}


@dataclass(frozen=True, slots=True)
class Seal:
    """A grade: square seal and word, the word alone for 未定, 未参加 and whatever has no seal.

    ``bare`` only in the cells of a matrix: the word then stands in the label.
    """

    word: str
    size: Literal["", "small", "large"] = ""
    note: str = ""
    bare: bool = False

    @property
    def kind(self) -> str:
        """The shape of the seal; '' where there is none."""
        return SEALS.get(self.word, ("", ""))[0]

    @property
    def letter(self) -> str:
        """The sign in the seal."""
        return SEALS.get(self.word, ("", ""))[1]


@dataclass(frozen=True, slots=True)
class Change:
    """An act (``what``) that moved the points of an item from ``before`` to ``after``."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step to the points of an item. ``value`` '' writes nothing, null a dash; ``link`` are the words of ``url``."""

    label: str
    text: str
    value: Number | None = ""
    url: str = ""
    link: str = "看依据"


@dataclass(frozen=True, slots=True)
class ScoreChain:
    """How one item's points came about; ``old`` is what they were before the first of the acts that ``changed`` them."""

    title: str
    points: Number
    max: Number
    steps: tuple[ChainStep, ...]
    crumbs: str = ""
    old: Number | None = None
    changed: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """An item below its bar: its points, why, and where the evidence is (``evidence`` in words, ``url`` where it leads).

    ``mark`` stands behind numbers that are nobody's but an example's.
    """

    label: str
    max: Number
    points: Number | None
    why: str
    evidence: str = ""
    url: str = ""
    old: Number | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """Points of one indicator with the explanation below. Without ``points``, ``state`` says why in words.

    ``peer`` is the mean share of points that the units of the same group got, in percent.
    """

    label: str
    points: Number | None
    max: Number | None
    state: str = "没有计分"
    mark: str = ""
    peer: Number | None = None
    open: bool = False
    rows: tuple[ScoreRow, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class GradeBand:
    """The totals of one grade, from ``start`` to below ``end``. ``count``: how many units were given it, where known.

    A veto, a gate or a quota moves a grade and no total, so the count need not be that of the totals in the band.
    """

    label: str
    start: Number
    end: Number
    count: int | None = None


@dataclass(frozen=True, slots=True)
class DistributionStrip:
    """One dot a unit on the axis of totals, with its table twin. ``bands`` rise without gaps.

    ``held`` are the totals of units whose grade is another than their band's, ``highlight`` the total that was looked for.
    """

    totals: Sequence[Number]
    bands: tuple[GradeBand, ...]
    held: Sequence[Number | None] = ()
    highlight: Number | None = None
    caption: str = "每点是一个单位。"
    mark: str = ""
    csv: str = ""


@dataclass(frozen=True, slots=True)
class RaterScore:
    """What a reviewer gave, by alias; null for who has not judged yet."""

    alias: str
    points: Number | None


@dataclass(frozen=True, slots=True)
class RaterSpread:
    """Reviewers on one scale; ``apart`` is the distance from the median that makes a dot hollow."""

    scores: tuple[RaterScore, ...]
    low: Number
    high: Number
    apart: Number | None = None
    note: str = ""
