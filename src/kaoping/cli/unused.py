"""Observations that no score can use, named by line, so that a slip of the pen is seen rather than lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kaoping.scoring.announced import ANNOUNCED
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.succession import broken
from kaoping.scoring.units import Unit

Numbered = tuple[int, Observation]
_MOST_LINES: Final = 5


def unused(
    rubric: Rubric, units: Sequence[Unit], observations: Sequence[Numbered], *, ruled: bool = True
) -> list[str]:
    """One sentence for each cause, with the lines that it concerns, in order of the first of them.

    ``ruled`` false: the scorer asked for lets any line supersede any other.
    """
    lines: dict[str, list[int]] = {}
    unlawful = {one.line.id: one for one in broken(one for _number, one in observations)} if ruled else {}
    codes = {unit.code for unit in units}
    ids = {one.id for _number, one in observations}
    leaves = list(rubric.leaves())
    for number, one in observations:
        if one.id in unlawful:
            lines.setdefault(f"{unlawful[one.id]}，没有计入", []).append(number)
        for cause in _causes(one, codes, ids, leaves, ruled):
            lines.setdefault(cause, []).append(number)
    return [f"{_places(numbers)}：{cause}" for cause, numbers in lines.items()]


def _places(numbers: Sequence[int]) -> str:
    named = "、".join(str(number) for number in numbers[:_MOST_LINES])
    return f"第 {named} 行" + (f"等 {len(numbers)} 行" if len(numbers) > _MOST_LINES else "")


def _causes(
    one: Observation, units: set[str], ids: set[str], leaves: Sequence[Indicator], ruled: bool
) -> Iterator[str]:
    if not ruled and one.supersedes and one.supersedes not in ids:
        yield f"supersedes 写的 {one.supersedes} 不在文件里，没有更正或撤回任何一条"
    if one.unit not in units:
        yield f"单位 {one.unit} 不在单位表里，没有计入"
    if one.item and one.item not in {leaf.code for leaf in leaves}:
        yield f"指标 {one.item} 不是规则集的末级指标，没有计入"
        return
    if one.check == ANNOUNCED:
        return
    asked = [leaf for leaf in leaves if _looks_at(leaf, one)]
    if not asked:
        yield f"只写了检查项 {one.check}，规则集没有指标收它，没有计入"
    elif not any(_takes(leaf, one) for leaf in asked):
        names = "、".join(leaf.code for leaf in asked)
        yield f"指标 {names} 不收来源 {one.source} 的取值 {one.kind}，没有计入"
    elif one.kind == "level" and not any(_knows_level(leaf, one) for leaf in asked):
        leaf = asked[0]
        known = "、".join(level.code for level in leaf.levels)
        yield f"指标 {leaf.code} 没有档次 {one.value}，没有计入；有 {known}"


def _looks_at(leaf: Indicator, one: Observation) -> bool:
    """As ``scoring.selection``: the item that is named, else the items of the check; gates and vetoes always look."""
    return leaf.code == one.item or (
        one.check in leaf.checks and (one.item is None or leaf.role in ("gate", "veto"))
    )


def _takes(leaf: Indicator, one: Observation) -> bool:
    """A unit's own word is kept beside the score, and what the office decides is always taken: neither is a slip."""
    if one.kind in ("withdrawn", "looks") or one.source == "self":
        return True
    if one.source == "office" and one.kind in ("verdict", "points"):
        return True
    return one.kind in leaf.sources.get(one.source, ())


def _knows_level(leaf: Indicator, one: Observation) -> bool:
    return not leaf.levels or leaf.level(str(one.value)) is not None
