"""What a campaign needs to know of a rulebook's items, apart from how they are scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from kaoping.arithmetic import half_up
from kaoping.scoring.observations import BEFORE_SIGNS, ObservationError, check_value

# As every screen shows points.
PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an item's scale. ``share`` is the part of the item's maximum it gives, as decimal text."""

    code: str
    label: str
    description: str
    share: str


@dataclass(frozen=True, slots=True)
class Item:
    """One leaf indicator. ``first`` is the code of its first-level indicator, ``max`` decimal text."""

    code: str
    title: str
    first: str
    first_title: str
    role: str  # item (counts in the hundred), bonus, penalty, veto or gate
    component: str
    max: str
    judged: bool  # reviewers give a level
    self_reviewed: bool  # the unit answers it in its self-review
    levels: tuple[Level, ...]
    kinds: frozenset[str]  # kinds of unit it applies to; empty for all
    legal_basis: str
    how: str
    evidence: str
    confidence: str  # scoring.provenance: law | published | adopted | derived | proposed

    def applies_to(self, kind: str) -> bool:
        """Whether units of ``kind`` are assessed on it."""
        return not self.kinds or kind in self.kinds


def judged(items: Iterable[Item], kind: str) -> list[Item]:
    """The items that reviewers score for units of ``kind``."""
    return [item for item in items if item.judged and item.applies_to(kind)]


def self_reviewed(items: Iterable[Item], kind: str) -> list[Item]:
    """The items that a unit of ``kind`` answers."""
    return [item for item in items if item.self_reviewed and item.applies_to(kind)]


def refusal_of_level(item: Item | None, kind: str, level: str) -> str | None:
    """Why ``level`` is no answer to the item, or null."""
    if item is None:
        return "没有这一项指标。"
    if not item.applies_to(kind):
        return f"{item.code} {item.title}不适用于本类单位。"
    known: Mapping[str, str] = {one.code: one.label for one in item.levels}
    if level and level not in known:
        return f"{item.code} 没有“{level}”这一档，可选：{'、'.join(known.values())}。"
    return None


def refusal_to_self_review(item: Item | None) -> str | None:
    """Why a unit says nothing of this item in its self-review, or null: a veto is not answered with 不涉及."""
    if item is None or item.self_reviewed:
        return None
    return f"{item.code} {item.title}不由单位自查，不用填。"


def refusal_of_points(item: Item | None, text: str) -> str | None:
    """Why ``text`` cannot be given as points of the item on its own scale, or null."""
    if item is None:
        return "没有这一项指标。"
    if item.role != "item":
        return f"{item.code} 不在百分之内，不能直接改分。请撤去不成立的那条记录。"
    try:
        points = Decimal(check_value("points", text.strip(), BEFORE_SIGNS))
    except ObservationError:
        return "分数请写成小数，如 3.5，数字用半角。"
    places = max(PLACES, -int(Decimal(item.max).as_tuple().exponent))
    if -int(points.normalize().as_tuple().exponent) > places:
        return f"分数最多写 {places} 位小数。"
    if not 0 <= points <= Decimal(item.max):
        return f"{item.code} {item.title}最高 {item.max} 分。请改为 0 到 {item.max} 之间。"
    return None


def stretched(points: str | Fraction, own: str | Fraction, whole: Fraction) -> Fraction:
    """Points written on the rulebook's scale (of ``own``) on the sheet's, on which the item counts ``whole``.

    The sheet stretches an item where a unit has items that do not apply: their points go to the rest.
    """
    return Fraction(points) * whole / Fraction(own)


def shown(line: Mapping[str, Any]) -> str | None:
    """The points of an item's line of ``results.json`` as people see them; null while it is not scored."""
    return half_up(Fraction(line["exact"]), PLACES) if line["status"] == "scored" else None


def unchanged(code: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """The points of an item where they are what they were; null where they differ, or there were none.

    Both are the unit's object of ``results.json``. What differs only below what is shown is the same: whoever reads the
    decision sees no change.
    """
    old = shown(before["indicators"][code])
    return old if old == shown(after["indicators"][code]) else None


def refusal_of_same(
    code: str, before: Mapping[str, Any], after: Mapping[str, Any], *, instead: str
) -> str | None:
    """Why points may not be given that already stand, or null. ``instead``: what to do when they are right as they stand."""
    old = unchanged(code, before, after)
    if old is None:
        return None
    return f"按台账，{code} 现在就是 {old} 分（计分表的分），照这样填得分不变。请填别的分；{instead}。"


def logged_of_same(code: str) -> str:
    """What the log keeps of that refusal: whoever reads the log sees acts, not scores."""
    return f"{code} 填的就是现在的分，得分不变。"
