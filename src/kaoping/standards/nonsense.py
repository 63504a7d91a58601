"""What a rulebook says that can do nothing, or does a thing twice: named by ``rulebook check``, without judging the design. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from kaoping.checks import all_checks
from kaoping.scoring.observations import FEEDS
from kaoping.scoring.rubric import Rubric
from kaoping.standards.loading import Rulebook


@dataclass(frozen=True, slots=True)
class Nonsense:
    """One place. ``wrong`` when points come out otherwise than it reads; else it only does nothing."""

    code: str
    message: str
    wrong: bool


def nonsense(rulebook: Rulebook) -> Iterator[Nonsense]:
    """Every place, in the order of the rubric."""
    yield from _checks(rulebook.rubric)
    yield from _components(rulebook.rubric)
    yield from _dimensions(rulebook)


def _checks(rubric: Rubric) -> Iterator[Nonsense]:
    known = {check.id for check in all_checks()} | set(FEEDS)
    first: dict[str, str] = {}
    for leaf in rubric.leaves():
        for check in dict.fromkeys(leaf.checks):
            if leaf.checks.count(check) > 1:
                yield Nonsense(leaf.code, f"检查项 {check} 写了两次", False)
            if check not in known:
                close = get_close_matches(check.upper(), known, n=1, cutoff=0.7)
                meant = f"；是不是 {close[0]}" if close else ""
                yield Nonsense(leaf.code, f"没有检查项 {check}，这一项不会因它得分或扣分{meant}", True)
            # Gates and vetoes look at findings beside the item that they cost points in.
            if leaf.role in ("gate", "veto"):
                continue
            if check in first:
                yield Nonsense(leaf.code, f"检查项 {check} 已经列在 {first[check]}，同一问题会扣两次", True)
            first.setdefault(check, leaf.code)


def _components(rubric: Rubric) -> Iterator[Nonsense]:
    used = {leaf.component for leaf in rubric.leaves()}
    for component in rubric.components:
        if component.code not in used:
            yield Nonsense(component.code, "这种考核方式没有一项指标", False)


def _dimensions(rulebook: Rulebook) -> Iterator[Nonsense]:
    codes = {leaf.code for leaf in rulebook.rubric.leaves()}
    for question in (rulebook.questionnaire or {}).get("questions", ()):
        dimension = question.get("dimension")
        if dimension and dimension not in codes:
            yield Nonsense(
                str(question.get("id")), f"这一题计入 {dimension}，规则集没有这项末级指标，答案不计分", False
            )
