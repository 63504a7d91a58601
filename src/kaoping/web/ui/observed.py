"""How an observation is told: its source, its value and its evidence, for timelines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Final, cast

from kaoping.scoring import provenance
from kaoping.scoring.succession import SOURCE_WORDS, act_kind
from kaoping.web.ui.told import Level, Rule, Seen, Sourced, Timed, Worth
from kaoping.web.ui.wording import cn_datetime, points

SOURCES: Final = SOURCE_WORDS
# What an act of the office was, where it was more than a finding: others decide an appeal than who runs the assessment.
DECIDED: Final = {"appeal": "复核决定", "ruling": "审定", "correction": "更正"}
VERDICTS: Final = {
    "met": "符合",
    "not_met": "不符合",
    "undecided": "无法判定，不扣分",
    "not_applicable": "不涉及",
}

# A veto and a gate carry no points of their own; their maximum only says that one finding is enough.
EFFECTS: Final = {"veto": "单项否决，有一次就成立", "gate": "评优前提，有一次不符合就不满足"}
LIMITS: Final = {"penalty": "最多扣", "bonus": "最多加"}


def source_words(one: Sourced) -> str:
    """Where a line comes from, for the desk, the unit and the public: its source, and for the office by what act."""
    act = act_kind(one.act) or ""
    if one.source == "office" and act in DECIDED:
        return DECIDED[act]
    return SOURCES.get(one.source, str(one.source))


def value_words(
    one: Seen, levels: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None
) -> str:
    """What was seen, in words, for the desk, the unit, the reviewer and the public alike.

    ``levels`` gives the names of the item's level codes, ``options`` those of the
    question's answers (without them a tally is told as its number of questionnaires).
    """
    value = one.value
    if one.kind == "verdict":
        return VERDICTS.get(str(value), str(value))
    if one.kind == "level":
        return (levels or {}).get(str(value), str(value))
    if one.kind == "ratio":
        return f"应办 {points(_part(value, 'of'))}，办到 {points(_part(value, 'done'))}"
    if one.kind == "count":
        return f"{points(value)} 件"
    if one.kind == "points":
        return f"定为 {points(value)} 分"
    if one.kind == "looks":
        return f"看了 {points(_part(value, 'n'))} 次，{points(_part(value, 'found'))} 次查出问题"
    if one.kind == "tally":
        counts = cast("Mapping[str, int] | None", _part(value, "options"))
        if counts is None:
            return f"作出评价 {points(_part(value, 'n'))} 份，份数不足，不列各选项"
        whole = f"{points(sum(counts.values()))} 份"
        if not options:
            return whole
        told = "、".join(f"{options.get(code, code)} {points(count)}" for code, count in counts.items())
        return f"{whole}：{told}"
    return "撤去原来的记录"


def _part(value: object, name: str) -> object:
    """One part of a value that has several: its kind says which."""
    return cast("Mapping[str, object]", value)[name]


# What the two instants of a line are called: when somebody looked, and when the ledger took it up.
_LOOKED: Final = {
    "retest": ("复测时间", "登记时间"),
    "visit": ("查看时间", "登记时间"),
    "draw": ("查看时间", "登记时间"),
    "monitor": ("查看时间", "认定时间"),
    "register": ("发生时间", "登记时间"),
    "ballot": ("评议时间", "计票时间"),
    "clock": ("截至时间", "登记时间"),
}
_ACTED: Final = {
    "ruling": "审定时间",
    "appeal": "复核决定时间",
    "correction": "更正时间",
    "batch": "撤回时间",
    "recheck": "核查时间",
}


def times(one: Timed, judged: datetime | None = None) -> list[tuple[str, datetime]]:
    """The instants of a line by their names, the telling one first; two that read alike are one.

    A judgement (a reviewer's, the office's, the unit's own) was made when it was made: its ``observed_at`` only says to which
    year it belongs, the last instant of that year where it was made later, and is no time of seeing. ``judged``: when a
    reviewer chose the level; the ledger itself knows only when the round was closed.
    """
    acted = _ACTED.get(act_kind(one.act) or "")
    if acted:
        return [(acted, one.recorded_at)]
    if one.source == "reviewer":
        found = [("评定时间", judged)] if judged else []
        return _distinct([*found, ("计入台账", one.recorded_at)])
    if one.source == "self":
        return [("提交时间", one.recorded_at)]
    if one.source == "office":
        return [("认定时间", one.recorded_at)]
    looked, taken = _LOOKED.get(one.source, ("观察时间", "登记时间"))
    return _distinct([(looked, one.observed_at), (taken, one.recorded_at)])


def _distinct(found: list[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    return found if len({cn_datetime(at) for _label, at in found}) == len(found) else found[:1]


def times_words(one: Timed, judged: datetime | None = None) -> str:
    """评定时间 2025年12月3日 14:20，计入台账 2026年1月8日 09:00."""
    return "，".join(f"{label} {cn_datetime(at)}" for label, at in times(one, judged))


def rule(item: Rule) -> list[tuple[str, str]]:
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


def worth(item: Worth, level: Level) -> str:
    """What a level of an item gives: its share of the maximum, in points."""
    return f"{points(Fraction(item.max) * Fraction(level.share), 2)} 分"
