"""Format 1, lower levels of publication: what still lets itself be checked without the observations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from kaoping.scoring.rounding import half_up
from kaoping.scoring.rubric import Rubric
from kaoping.scoring.units import Unit

_EXACT: Final = re.compile(r"-?\d{1,60}/[1-9]\d{0,59}")


def within(results: Any, rubric: Rubric, units: Sequence[Unit]) -> list[str]:
    """Rounded against exact, first-level points against the total, the grade against the bands, the list of units."""
    rows = results.get("units") if isinstance(results, dict) else None
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        return ["results.json units：不是单位列表"]
    found = []
    if [one.get("unit") for one in rows] != [unit.code for unit in units if unit.participates]:
        found.append("results.json units：与 units.csv 里参评的单位不同")
    extras = any(leaf.role in ("bonus", "penalty") for leaf in rubric.leaves())
    for one in rows:
        found += [f"单位 {one.get('unit')} {text}" for text in _unit(one, rubric, extras)]
    return found


def _unit(one: Mapping[str, Any], rubric: Rubric, extras: bool) -> list[str]:
    found = []
    lines = one["indicators"]
    for code, line in lines.items():
        if half_up(_fraction(line["exact"]), rubric.places) != line["points"]:
            found.append(f"指标 {code} 得分（points）：与精确值 {line['exact']} 四舍五入不同")
    if (one["total"] is None) != (one["exact"] is None):
        found.append("总分（total）：与精确值（exact）一有一无")
    bands = rubric.grades.bands if rubric.grades else ()
    order = [band.code for band in bands]
    if one["grade"] is not None and one["grade"] not in order:
        found.append(f"等次（grade）：规则集没有“{str(one['grade'])[:40]}”")
    if one["exact"] is None:
        return found
    total = _fraction(one["exact"])
    if half_up(total, rubric.places) != one["total"]:
        found.append(f"总分（total）：与精确值 {one['exact']} 四舍五入不同")
    if (
        lines
        and not extras
        and sum((_fraction(line["exact"]) for line in lines.values()), Fraction(0)) != total
    ):
        found.append("总分（total）：一级指标之和与总分不同")
    reached = next((place for place, band in enumerate(bands) if total >= band.least), len(bands) - 1)
    if one["grade"] in order and order.index(one["grade"]) < reached:
        found.append("等次（grade）：等次高于总分所在的档")
    return found


def _fraction(text: Any) -> Fraction:
    if not isinstance(text, str) or not _EXACT.fullmatch(text):
        raise ValueError(f"“{str(text)[:40]}”不是分数 a/b")
    return Fraction(text)
