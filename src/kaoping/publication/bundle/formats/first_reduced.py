"""Formats 1 and later, lower levels of publication: what still lets itself be checked without the observations.

Every key is there at every level. What a level does not publish is null (numbers) or empty (tables and lists), and
nothing else: null, absent and empty are three things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from kaoping.arithmetic import half_up
from kaoping.patterns.linear import linear
from kaoping.publication.bundle.levels import FIRST_LEVEL, GRADES
from kaoping.publication.bundle.manifest import Manifest
from kaoping.scoring.grade import ranked
from kaoping.scoring.rubric import Rubric
from kaoping.scoring.sheet import UnitSheet
from kaoping.scoring.units import Unit
from kaoping.standards.loading import Rulebook

_EXACT: Final = linear("^-?[0-9]{1,60}/[1-9][0-9]{0,59}$")
_DECIMAL: Final = linear("^-?[0-9]{1,60}(?:[.][0-9]{1,20})?$")
_RESULT_KEYS: Final = frozenset({"rulebook", "version", "year", "period", "as_of", "units"})
_UNIT_KEYS: Final = frozenset(
    {
        "unit", "group", "total", "exact", "grade", "grade_reason", "rank", "components", "vetoes", "gates", "indicators",
    }
)  # fmt: skip
_LINE_KEYS: Final = frozenset({"points", "exact", "max", "status", "reason", "observations"})
_NAMES: Final = {"total": "总分（total）", "grade": "等次（grade）", "rank": "名次（rank）"}
_WRONG: Final = {
    "exact": "不是分数 a/b；没有公开或没有定的写 null",
    "total": "不是小数；没有公开或没有定的写 null",
    "group": "与 units.csv 的类别不同",
    "indicators": "一级指标与规则集的不同，或不该在这一级公开",
    "components": "考核方式与规则集的不同，或不该在这一级公开",
}
_STATUSES: Final = ("scored", "not_scored", "not_applicable", "vetoed")


def within(
    results: Mapping[str, Any], manifest: Manifest, rulebook: Rulebook, units: Sequence[Unit]
) -> list[str]:
    """Shape, rounded against exact, first-level points against the total, grade against bands, ranks, the list of units."""
    rubric = rulebook.rubric
    period = rulebook.period(manifest.data["year"], manifest.data["variant"])
    found = [f"results.json {text}" for text in _keys(results, _RESULT_KEYS)]
    if results.get("period") != [period.start.isoformat(), period.end.isoformat()]:
        found.append("results.json period：与规则集的考核期不同")
    rows = results.get("units")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        return [*found, "results.json units：不是单位列表"]
    assessed = [unit for unit in units if _assessed(unit, period.start, period.end)]
    if [one.get("unit") for one in rows] != [unit.code for unit in assessed]:
        return [*found, "results.json units：与 units.csv 里参评的单位不同"]
    level = manifest.level.code
    for one, unit in zip(rows, assessed, strict=True):
        wrong = [*_keys(one, _UNIT_KEYS), *_shape(one, unit, rubric, level)]
        wrong = wrong or list(_unit(one, rubric, level))
        found += [f"单位 {unit.code} {text}" for text in wrong]
    return found or list(_ranks(rows, rubric, level))


def first_level(rubric: Rubric) -> list[str]:
    """Codes whose points make up a total: the top of the tree, bonuses and penalties."""
    return [top.code for top in rubric.indicators if top.role in ("item", "bonus", "penalty")]


def _assessed(unit: Unit, start: date, end: date) -> bool:
    """Takes part, and existed on some day of the period."""
    gone = unit.valid_to is not None and unit.valid_to < start
    later = unit.valid_from is not None and unit.valid_from > end
    return unit.participates and not gone and not later


def _keys(one: Mapping[str, Any], wanted: frozenset[str]) -> list[str]:
    """Keys that lack or are too many, each by name."""
    return [f"{name}：{'缺字段' if name in wanted else '多出字段'}" for name in sorted(wanted ^ set(one))]


def _shape(one: Mapping[str, Any], unit: Unit, rubric: Rubric, level: str) -> Iterator[str]:
    """Every key of a unit holds what its level says: a value of its type, or null, or nothing."""
    with_totals = level != GRADES.code
    with_points = level == FIRST_LEVEL.code
    good = {
        "group": one.get("group") == unit.group,
        "total": _is_number(one.get("total"), _DECIMAL, with_totals),
        "exact": _is_number(one.get("exact"), _EXACT, with_totals),
        "grade": one.get("grade") is None or isinstance(one.get("grade"), str),
        "grade_reason": isinstance(one.get("grade_reason"), str)
        and bool(one.get("grade_reason")) is (with_totals and rubric.grades is not None),
        "rank": one.get("rank") is None or (type(one.get("rank")) is int and with_totals),
        "components": _is_table(
            one.get("components"), [part.code for part in rubric.components], with_points
        ),
        "vetoes": _are_vetoes(one.get("vetoes"), rubric),
        "gates": one.get("gates") == {},
        "indicators": _is_table(one.get("indicators"), first_level(rubric), with_points),
    }
    for name, right in good.items():
        if not right and name in one:
            yield f"{_NAMES.get(name, name)}：{_WRONG.get(name, '与公开级别应有的内容不同')}"
    if good["components"]:
        for code, points in one["components"].items():
            if not isinstance(points, str) or not _DECIMAL.match(points):
                yield f"考核方式得分 components {code}：不是小数"
    if good["indicators"]:
        for code, line in one["indicators"].items():
            yield from (f"指标 {code} {text}" for text in _line_shape(line))


def _is_number(value: Any, pattern: Any, published: bool) -> bool:
    """A number as text or null (not determined); null alone where the level does not publish it."""
    return value is None or (published and isinstance(value, str) and pattern.match(value) is not None)


def _is_table(value: Any, codes: Sequence[str], published: bool) -> bool:
    return isinstance(value, dict) and sorted(value) == (sorted(codes) if published else [])


def _are_vetoes(value: Any, rubric: Rubric) -> bool:
    known = [leaf.code for leaf in rubric.leaves() if leaf.role == "veto"]
    return isinstance(value, list) and value == [code for code in known if code in value]


def _line_shape(line: Any) -> list[str]:
    if not isinstance(line, dict):
        return ["不是指标的一行"]
    wrong = _keys(line, _LINE_KEYS)
    good = {
        "points": isinstance(line.get("points"), str) and _DECIMAL.match(line["points"]) is not None,
        "exact": isinstance(line.get("exact"), str) and _EXACT.match(line["exact"]) is not None,
        "max": isinstance(line.get("max"), str) and _DECIMAL.match(line["max"]) is not None,
        "status": line.get("status") in _STATUSES if isinstance(line.get("status"), str) else False,
        "reason": isinstance(line.get("reason"), str),
        "observations": line.get("observations") == [],
    }
    wrong += [
        f"{name}：{'不是分数 a/b' if name == 'exact' else '不合格式'}"
        for name, right in good.items()
        if not right and name in line
    ]
    return wrong


def _unit(one: Mapping[str, Any], rubric: Rubric, level: str) -> Iterator[str]:
    for code, line in one["indicators"].items():
        if half_up(Fraction(line["exact"]), rubric.places) != line["points"]:
            yield f"指标 {code} 得分（points）：与精确值 {line['exact']} 四舍五入不同"
    yield from _grade(one, rubric, level)
    if (one["total"] is None) != (one["exact"] is None):
        yield "总分（total）：与精确值（exact）一有一无"
    if one["exact"] is None:
        return
    total = Fraction(one["exact"])
    if half_up(total, rubric.places) != one["total"]:
        yield f"总分（total）：与精确值 {one['exact']} 四舍五入不同"
    if one["indicators"] and _sum(one["indicators"], rubric) != total:
        yield "总分（total）：与一级指标得分相加（含加分、扣分）的结果不同"
    if one["components"] and not _parts_add_up(one, rubric):
        yield "考核方式得分（components）：相加与一级指标得分不同"


def _grade(one: Mapping[str, Any], rubric: Rubric, level: str) -> Iterator[str]:
    """A grade there is once there is a total or a veto; never above the band of the total."""
    rule, grade = rubric.grades, one["grade"]
    order = [band.code for band in rule.bands] if rule else []
    if grade is not None and grade not in order:
        yield f"等次（grade）：规则集没有“{grade[:40]}”"
    if rule is None or level == GRADES.code and not one["vetoes"]:
        return
    if one["vetoes"]:
        if grade != rule.veto_grade:
            yield "等次（grade）：触发单项否决，等次却不是规则集所定的"
        return
    if (grade is None) != (one["exact"] is None):
        yield "等次（grade）：与总分一有一无"
    elif grade in order:
        total = Fraction(one["exact"])
        reached = next((n for n, band in enumerate(rule.bands) if total >= band.least), len(order) - 1)
        if order.index(grade) < reached:
            yield "等次（grade）：等次高于总分所在的档"


def _ranks(rows: Sequence[Mapping[str, Any]], rubric: Rubric, level: str) -> Iterator[str]:
    """Ranks follow from totals, groups and vetoes, which these levels publish; without totals none is published."""
    sheets = [
        UnitSheet(
            unit=one["unit"],
            group=one["group"],
            total=Fraction(one["exact"]) if one["exact"] is not None else None,
            grade=None,
            grade_reason="",
            rank=None,
            components={},
            vetoes=tuple(one["vetoes"]),
            gates={},
            lines={},
        )
        for one in rows
    ]
    places = rubric.places if rubric.rank_on == "rounded" else None
    for one, sheet in zip(rows, ranked(sheets, rubric.ranking, places), strict=True):
        if level != GRADES.code and one["rank"] != sheet.rank:
            told = "没有名次" if sheet.rank is None else f"第 {sheet.rank} 名"
            yield f"单位 {one['unit']} 名次（rank）：由总分和类别排得{told}，数据包写 {one['rank']}"


def _parts_add_up(one: Mapping[str, Any], rubric: Rubric) -> bool:
    """Each component is rounded by itself: the sum may lie half a last place a component beside the points of the items."""
    codes = {component.code for component in rubric.components}
    if any(leaf.role == "item" and leaf.component not in codes for leaf in rubric.leaves()):
        return True
    base = _base(one["indicators"], rubric)
    parts = sum((Fraction(points) for points in one["components"].values()), Fraction(0))
    return abs(parts - base) <= Fraction(len(codes), 2 * 10**rubric.places)


def _base(lines: Mapping[str, Any], rubric: Rubric) -> Fraction:
    items = [top.code for top in rubric.indicators if top.role == "item"]
    return sum((Fraction(lines[code]["exact"]) for code in items), Fraction(0))


def _sum(lines: Mapping[str, Any], rubric: Rubric) -> Fraction:
    """The total as the scorer adds it: the hundred, bonuses above their line, less penalties, within nothing and ceiling."""
    base, added = _base(lines, rubric), Fraction(0)
    for top in rubric.indicators:
        above = top.settings.get("only_above")
        if top.role == "bonus" and (above is None or base > Fraction(str(above))):
            added += Fraction(lines[top.code]["exact"])
        elif top.role == "penalty":
            added -= Fraction(lines[top.code]["exact"])
    return min(max(base + added, Fraction(0)), rubric.ceiling or rubric.total)
