"""From the data of ``rubric.yaml`` to a checked ``Rubric``: every error names file, line and field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from kaoping.arithmetic import plain
from kaoping.foreign.days import day_fault, strict_day
from kaoping.scoring.methods import methods
from kaoping.scoring.observations import KINDS, SOURCES
from kaoping.scoring.provenance import ADOPTED, WRITTEN
from kaoping.scoring.rubric import Band, Component, GradeRule, Indicator, Level, Quota, Rubric
from kaoping.scoring.units import KINDS as UNIT_KINDS
from kaoping.standards.reader import Path, Reader, RulebookError
from kaoping.standards.settings import read_settings

__all__ = ["Answers", "RulebookError", "read_rubric"]

Answers = Mapping[str, Mapping[str, Any]]
ROLES: Final = ("item", "bonus", "penalty", "veto", "gate")
PERIODS: Final = ("previous_year", "calendar_year")
TOP_FIELDS: Final = frozenset({
    "total", "places", "unscored", "ranking", "redistribution", "ceiling", "rank_on", "components", "grades",
    "indicators", "limits", "note",
})  # fmt: skip
_KNOWN: Final = frozenset({
    "code", "name", "max", "role", "component", "method", "settings", "sources", "checks", "levels", "applies_to",
    "period", "announced_on", "basis", "observed_by", "evidence", "confidence", "locked", "children", "note",
})  # fmt: skip


def read_rubric(
    data: Mapping[str, Any], reader: Reader, rulebook: str, version: str, answers: Answers
) -> Rubric:
    """The checked rubric. ``answers`` gives each item of the public evaluation how its options count.

    Raises ``RulebookError``.
    """
    reader.no_others(data, TOP_FIELDS, ())
    components = tuple(
        Component(
            reader.text(row, "code", ("components", index)),
            reader.text(row, "name", ("components", index)),
            reader.number(row, "points", ("components", index)),
            _confidence(reader, row, ("components", index)),
        )
        for index, row in enumerate(reader.rows(data, "components", ()))
    )
    places: dict[str, Path] = {}
    tops = tuple(
        _indicator(reader, row, ("indicators", index), places, answers)
        for index, row in enumerate(reader.rows(data, "indicators", ()))
    )
    if not tops:
        raise reader.fail(("indicators",), "至少要有一项指标")
    total = reader.number(data, "total", (), "100")
    rubric = Rubric(
        rulebook=rulebook,
        version=version,
        places=reader.whole(data, "places", (), 2, most=6),
        total=total,
        unscored=reader.one_of(data.get("unscored", "pending"), ("pending", "zero"), ("unscored",)),
        ranking=reader.one_of(data.get("ranking", "competition"), ("competition", "dense"), ("ranking",)),
        components=components,
        indicators=tops,
        grades=_grades(reader, data.get("grades")),
        redistribution=reader.one_of(
            data.get("redistribution", "whole"), ("whole", "branch"), ("redistribution",)
        ),
        rank_on=reader.one_of(data.get("rank_on", "exact"), ("exact", "rounded"), ("rank_on",)),
        ceiling=reader.number(data, "ceiling", ()) if "ceiling" in data else None,
    )
    if rubric.ceiling is not None and rubric.ceiling < total:
        raise reader.fail(("ceiling",), "不能小于 total")
    _check_whole(reader, rubric, places)
    return rubric


def _indicator(
    reader: Reader, row: Mapping[str, Any], path: Path, places: dict[str, Path], answers: Answers
) -> Indicator:
    reader.no_others(row, _KNOWN, path)
    code = reader.text(row, "code", path)
    if code in places:
        raise reader.fail((*path, "code"), f"指标代码 {code} 写了两次")
    places[code] = path
    children = tuple(
        _indicator(reader, child, (*path, "children", index), places, answers)
        for index, child in enumerate(reader.rows(row, "children", path))
    )
    role = reader.one_of(row.get("role", "item"), ROLES, (*path, "role"))
    if role != "item" and (children or len(path) > 2):
        raise reader.fail((*path, "role"), "加分、扣分、否决和前提写在最上层，没有下级")
    leaf = not children
    method = reader.one_of(row.get("method"), tuple(methods()), (*path, "method")) if leaf else None
    if not leaf and row.get("method"):
        raise reader.fail((*path, "method"), "有下级的指标没有评分方法，请删去")
    settings = read_settings(reader, row.get("settings"), method, (*path, "settings"))
    if method == "satisfaction" and "weights" not in settings:
        if code not in answers:
            raise reader.fail(
                path, f"questionnaire.yaml 里没有 dimension 是 {code} 的题，本项又没有写 weights"
            )
        settings = {**answers[code], **settings}
    return Indicator(
        code=code,
        name=reader.text(row, "name", path),
        max=_max(reader, row, path, children),
        role=role,
        component=str(row["component"]) if row.get("component") else None,
        method=method,
        settings=settings,
        sources=_sources(reader, row, path) if leaf else {},
        checks=tuple(reader.strings(row, "checks", path)),
        levels=_levels(reader, row, path),
        applies_to=tuple(
            reader.one_of(kind, UNIT_KINDS, (*path, "applies_to", index))
            for index, kind in enumerate(reader.strings(row, "applies_to", path))
        ),
        period=reader.one_of(row["period"], PERIODS, (*path, "period")) if row.get("period") else None,
        announced_on=_date(reader, row.get("announced_on"), (*path, "announced_on")),
        basis=str(row.get("basis") or ""),
        observed_by=str(row.get("observed_by") or ""),
        evidence=str(row.get("evidence") or ""),
        confidence=_confidence(reader, row, path),
        locked=row.get("locked") is True,
        children=children,
    )


def _max(reader: Reader, row: Mapping[str, Any], path: Path, children: tuple[Indicator, ...]) -> Fraction:
    if not children:
        maximum = reader.number(row, "max", path)
        if maximum < 0:
            raise reader.fail((*path, "max"), "不能小于 0")
        return maximum
    added = sum((child.max for child in children), Fraction(0))
    if "max" in row and reader.number(row, "max", path) != added:
        raise reader.fail((*path, "max"), f"应等于下级分值之和 {plain(added)}")
    return added


def _confidence(reader: Reader, row: Mapping[str, Any], path: Path) -> str:
    value = row.get("confidence", "proposed")
    if value == ADOPTED:
        raise reader.fail(
            (*path, "confidence"),
            "adopted 由程序在年度方案批准时记，规则集里不能自己写；没有出处的写 proposed",
        )
    return reader.one_of(value, WRITTEN, (*path, "confidence"))


def _sources(reader: Reader, row: Mapping[str, Any], path: Path) -> dict[str, tuple[str, ...]]:
    given = row.get("sources")
    if not isinstance(given, dict) or not given:
        raise reader.fail((*path, "sources"), "写明收哪些来源的哪些取值，如 reviewer: [level]")
    found = {}
    for source in given:
        at = (*path, "sources", source)
        reader.one_of(source, SOURCES, at)
        found[source] = tuple(
            reader.one_of(kind, KINDS, at) for kind in reader.strings(given, source, (*path, "sources"))
        )
    return found


def _levels(reader: Reader, row: Mapping[str, Any], path: Path) -> tuple[Level, ...]:
    levels: list[Level] = []
    for index, one in enumerate(reader.rows(row, "levels", path)):
        at = (*path, "levels", index)
        reader.no_others(one, frozenset({"code", "name", "share", "description"}), at)
        share = reader.number(one, "share", at)
        if not 0 <= share <= 1:
            raise reader.fail((*at, "share"), "应在 0 与 1 之间")
        code = reader.text(one, "code", at)
        if code in {level.code for level in levels}:
            raise reader.fail((*at, "code"), f"档次代码 {code} 写了两次")
        levels.append(Level(code, reader.text(one, "name", at), str(one.get("description") or ""), share))
    if row.get("method") in ("levels", "judged") and not levels:
        raise reader.fail((*path, "levels"), "按档评分的指标要写明各档")
    return tuple(levels)


def _date(reader: Reader, value: Any, path: Path) -> date | None:
    if value is None:
        return None
    day = strict_day(str(value))
    if day is None:
        raise reader.fail(path, day_fault(str(value), "日期应形如 2025-01-31"))
    return day


def _grades(reader: Reader, data: Any) -> GradeRule | None:
    if data is None:
        return None
    path: Path = ("grades",)
    reader.mapping(data, path)
    reader.no_others(data, frozenset({"bands", "quota", "gated", "veto_grade", "confidence", "note"}), path)
    bands = tuple(
        Band(
            reader.text(row, "code", (*path, "bands", index)),
            reader.text(row, "name", (*path, "bands", index)),
            reader.number(row, "from", (*path, "bands", index)),
        )
        for index, row in enumerate(reader.rows(data, "bands", path))
    )
    if not bands or any(upper.least <= lower.least for upper, lower in zip(bands, bands[1:], strict=False)):
        raise reader.fail((*path, "bands"), "从高到低列出各等次，分数线不能相同")
    codes = tuple(band.code for band in bands)
    if len(set(codes)) < len(codes):
        raise reader.fail((*path, "bands"), "等次代码写了两次")
    gated = data.get("gated")
    return GradeRule(
        bands,
        _quota(reader, data.get("quota"), codes),
        reader.one_of(gated, codes, (*path, "gated")) if gated else None,
        reader.one_of(data.get("veto_grade", codes[-1]), codes, (*path, "veto_grade")),
        _confidence(reader, data, path),
    )


def _quota(reader: Reader, data: Any, codes: tuple[str, ...]) -> Quota | None:
    if data is None:
        return None
    path: Path = ("grades", "quota")
    reader.mapping(data, path)
    reader.no_others(data, frozenset({"grade", "share", "least", "ties", "confidence"}), path)
    share = reader.number(data, "share", path)
    if not 0 <= share <= 1:
        raise reader.fail((*path, "share"), "应在 0 与 1 之间")
    return Quota(
        reader.one_of(data.get("grade"), codes, (*path, "grade")),
        share,
        reader.whole(data, "least", path, 1),
        reader.one_of(data.get("ties", "out"), ("in", "out"), (*path, "ties")),
        _confidence(reader, data, path),
    )


def _check_whole(reader: Reader, rubric: Rubric, places: Mapping[str, Path]) -> None:
    total = sum((top.max for top in rubric.indicators if top.role == "item"), Fraction(0))
    if total != rubric.total:
        raise reader.fail(("total",), f"各一级指标之和是 {plain(total)}，应为 {plain(rubric.total)}")
    if not rubric.components:
        return
    given = {component.code: component.points for component in rubric.components}
    sums = dict.fromkeys(given, Fraction(0))
    for leaf in rubric.leaves():
        if leaf.role != "item":
            continue
        if leaf.component not in given:
            at = (*places[leaf.code], "component")
            raise reader.fail(at, f"{leaf.code} 没有归入任何一种考核方式（{'、'.join(given)}）")
        sums[leaf.component] += leaf.max
    for index, (code, points) in enumerate(given.items()):
        if sums[code] != points:
            raise reader.fail(
                ("components", index), f"{code} 各项之和是 {plain(sums[code])}，应为 {plain(points)}"
            )
