"""How an observation is told: its source, its value and its evidence, for timelines."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from kaoping.scoring import provenance
from kaoping.scoring.succession import SOURCE_WORDS
from kaoping.web.ui.wording import points

SOURCES: Final = SOURCE_WORDS
VERDICTS: Final = {
    "met": "符合",
    "not_met": "不符合",
    "undecided": "无法判定，不扣分",
    "not_applicable": "不涉及",
}

# A veto and a gate carry no points of their own; their maximum only says that one finding is enough.
EFFECTS: Final = {"veto": "单项否决，有一次就成立", "gate": "评优前提，有一次不符合就不满足"}
LIMITS: Final = {"penalty": "最多扣", "bonus": "最多加"}


def value_words(
    one: Any, levels: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None
) -> str:
    """What was seen, in words, for the desk, the unit, the reviewer and the public alike.

    ``one`` has ``kind`` and ``value``; ``levels`` gives the names of the item's level codes, ``options`` those of the
    question's answers (without them a tally is told as its number of questionnaires).
    """
    value: Any = one.value
    if one.kind == "verdict":
        return VERDICTS.get(str(value), str(value))
    if one.kind == "level":
        return (levels or {}).get(str(value), str(value))
    if one.kind == "ratio":
        return f"应办 {points(value['of'])}，办到 {points(value['done'])}"
    if one.kind == "count":
        return f"{points(value)} 件"
    if one.kind == "points":
        return f"定为 {points(value)} 分"
    if one.kind == "looks":
        return f"看了 {points(value['n'])} 次，{points(value['found'])} 次查出问题"
    if one.kind == "tally":
        counts = value["options"]
        if counts is None:
            return f"作出评价 {points(value['n'])} 份，份数不足，不列各选项"
        whole = f"{points(sum(counts.values()))} 份"
        if not options:
            return whole
        told = "、".join(f"{options.get(code, code)} {points(count)}" for code, count in counts.items())
        return f"{whole}：{told}"
    return "撤去原来的记录"


def rule(item: Any) -> list[tuple[str, str]]:
    """The rule behind an item for ``{% pairs %}``: article, how it is judged, what it can give, levels with their worth."""
    mark = provenance.mark(item.confidence)
    return [
        ("依据条文", item.legal_basis or "—"),
        ("怎么评", item.how or "—"),
        ("作用", f"{EFFECTS[item.role]}{mark}")
        if item.role in EFFECTS
        else (LIMITS.get(item.role, "满分"), f"{item.max} 分{mark}"),
        *[(one.label, f"{one.description}（{worth(item, one)}）") for one in item.levels],
    ]


def worth(item: Any, level: Any) -> str:
    """What a level of an item gives: its share of the maximum, in points."""
    return f"{points(Fraction(item.max) * Fraction(level.share), 2)} 分"
