"""Every number that a rulebook sets beside the points of its items: parts, lines, quota, questionnaire, dates. Pure.

The regulations name the three ways of assessing (考核办法 第七条), the four grades (第八条) and the three grades of the public
evaluation (社会评议制度 第七条); no share, line or quota stands in them. Each is listed with where it comes from, so that the
leading group decides on it knowingly and a reader of the data sees which are the city's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaoping.arithmetic import plain
from kaoping.scoring.provenance import PROPOSED
from kaoping.scoring.rubric import GradeRule
from kaoping.standards.limits import said
from kaoping.standards.loading import Rulebook

_CLASSES: Final = {"satisfied": "满意", "basic": "基本满意", "dissatisfied": "不满意"}


@dataclass(frozen=True, slots=True)
class Number:
    """What it fixes, its value in words, and where it comes from (``scoring.provenance``)."""

    name: str
    value: str
    confidence: str


def numbers(rulebook: Rulebook) -> list[Number]:
    """All of them, in the order in which a reader meets them."""
    rubric = rulebook.rubric
    found = [Number(part.name, f"{plain(part.points)} 分", part.confidence) for part in rubric.components]
    if rubric.grades:
        found += _of_grades(rubric.grades)
    found += _of_questionnaire(rulebook.questionnaire or {})
    found += [
        Number(f"时间安排 {code}", one.name, rulebook.timetable.confidence)
        for code, one in rulebook.timetable.variants.items()
    ]
    return found


def limit_numbers(rulebook: Rulebook) -> list[Number]:
    """What the program works by under this rulebook, its own numbers and those that it leaves as they are."""
    return [Number(name, str(value), rulebook.limits.confidence) for name, value in said(rulebook.limits)]


def of_questionnaire(data: Mapping[str, Any]) -> str:
    """Where the numbers of the public evaluation come from: weights, lines, the least number of ballots."""
    return str((data.get("satisfaction") or {}).get("confidence") or PROPOSED)


def _of_grades(rule: GradeRule) -> Iterator[Number]:
    names = {band.code: band.name for band in rule.bands}
    for band in rule.bands:
        if band.least:
            yield Number(f"{band.name}线", f"{plain(band.least)} 分以上", rule.confidence)
    if rule.quota:
        share = f"每组不超过 {plain(rule.quota.share * 100)}%，至少 {rule.quota.least} 家"
        yield Number(f"{names[rule.quota.grade]}名额", share, rule.quota.confidence)


def _of_questionnaire(data: Mapping[str, Any]) -> Iterator[Number]:
    rule = data.get("satisfaction") or {}
    confidence = of_questionnaire(data)
    weights, lines = rule.get("weights") or {}, rule.get("lines") or {}
    if weights:
        told = "、".join(f"{_CLASSES.get(code, code)} {value}" for code, value in weights.items())
        yield Number("满意度折算", told, confidence)
    if lines:
        told = "、".join(f"{_CLASSES.get(code, code)} {value} 以上" for code, value in lines.items())
        yield Number("评议等次线", told, confidence)
    if rule.get("wide") is not None:
        yield Number("标“仅供参考”的误差", f"± {rule['wide']} 以上", confidence)
    if data.get("min_n") is not None:
        yield Number("定等次的最低份数", f"{data['min_n']} 份", confidence)
