"""Format 1, lower levels of publication: what still lets itself be checked without the observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from kaoping.patterns import linear
from kaoping.scoring.rounding import half_up
from kaoping.scoring.rubric import Rubric
from kaoping.scoring.units import Unit

_EXACT: Final = linear(r"-?\p{Nd}{1,60}/[1-9]\p{Nd}{0,59}")


def within(results: Any, rubric: Rubric, units: Sequence[Unit]) -> list[str]:
    """Rounded against exact, first-level points against the total, the grade against the bands, the list of units."""
    rows = results.get("units") if isinstance(results, dict) else None
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        return ["results.json units：不是单位列表"]
    found = []
    start, end = (date.fromisoformat(day) for day in results["period"])
    if [one.get("unit") for one in rows] != [unit.code for unit in units if _assessed(unit, start, end)]:
        found.append("results.json units：与 units.csv 里参评的单位不同")
    for one in rows:
        found += [f"单位 {one.get('unit')} {text}" for text in _unit(one, rubric)]
    return found


def first_level(rubric: Rubric) -> list[str]:
    """Codes whose points make up a total: the top of the tree, bonuses and penalties."""
    return [top.code for top in rubric.indicators if top.role in ("item", "bonus", "penalty")]


def _assessed(unit: Unit, start: date, end: date) -> bool:
    """Takes part, and existed on some day of the period."""
    gone = unit.valid_to is not None and unit.valid_to < start
    later = unit.valid_from is not None and unit.valid_from > end
    return unit.participates and not gone and not later


def _unit(one: Mapping[str, Any], rubric: Rubric) -> list[str]:
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
    if lines and sorted(lines) != sorted(first_level(rubric)):
        found.append("一级指标（indicators）：与规则集的不同")
    elif lines and _sum(lines, rubric) != total:
        found.append("总分（total）：与一级指标得分相加（含加分、扣分）的结果不同")
    reached = next((place for place, band in enumerate(bands) if total >= band.least), len(bands) - 1)
    if one["grade"] in order and order.index(one["grade"]) < reached:
        found.append("等次（grade）：等次高于总分所在的档")
    return found


def _sum(lines: Mapping[str, Any], rubric: Rubric) -> Fraction:
    """The total as scorer 1 adds it: the hundred, bonuses above their line, less penalties, within nothing and ceiling."""
    points = {code: _fraction(line["exact"]) for code, line in lines.items()}
    tops = {top.code: top for top in rubric.indicators if top.code in points}
    base = sum((points[code] for code, top in tops.items() if top.role == "item"), Fraction(0))
    added = Fraction(0)
    for code, top in tops.items():
        above = top.settings.get("only_above")
        if top.role == "bonus" and (above is None or base > Fraction(str(above))):
            added += points[code]
        elif top.role == "penalty":
            added -= points[code]
    return min(max(base + added, Fraction(0)), rubric.ceiling or rubric.total)


def _fraction(text: Any) -> Fraction:
    if not isinstance(text, str) or not _EXACT.fullmatch(text):
        raise ValueError(f"“{str(text)[:40]}”不是分数 a/b")
    return Fraction(text)
