"""From the data of ``rubric.yaml`` to a checked ``Rubric``: every error names file, line and field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from kaoping.scoring.methods import methods
from kaoping.scoring.observations import KINDS, SOURCES
from kaoping.scoring.rubric import Band, Component, GradeRule, Indicator, Level, Quota, Rubric
from kaoping.scoring.units import KINDS as UNIT_KINDS

Lines = Mapping[tuple[str | int, ...], int]
ROLES: Final = ("item", "bonus", "penalty", "veto", "gate")
CONFIDENCES: Final = ("law", "published", "derived", "proposed")
_KNOWN: Final = {
    "code", "name", "max", "role", "component", "method", "settings", "sources", "levels", "applies_to", "period",
    "announced_on", "basis", "observed_by", "evidence", "confidence", "locked", "children",
}  # fmt: skip


class RulebookError(ValueError):
    """A rulebook that cannot be used: where (file, line from 1, field) and what to write instead."""

    def __init__(self, file: str, line: int, field: str, message: str) -> None:
        place = f"{file}" + (f" 第 {line} 行" if line else "") + (f" {field}" if field else "")
        super().__init__(f"{place}：{message}")
        self.file, self.line, self.field, self.message = file, line, field, message


class _Reader:
    """The data of one file with its lines."""

    def __init__(self, lines: Lines, file: str) -> None:
        self.lines, self.file = lines, file

    def fail(self, path: tuple[str | int, ...], message: str) -> RulebookError:
        line = next(
            (self.lines[path[:cut]] for cut in range(len(path), -1, -1) if path[:cut] in self.lines), 0
        )
        return RulebookError(self.file, line, ".".join(str(part) for part in path), message)

    def number(
        self, data: Mapping[str, Any], key: str, path: tuple[str | int, ...], default: str | None = None
    ) -> Fraction:
        value = data.get(key, default)
        try:
            if isinstance(value, bool) or value is None:
                raise ValueError
            return Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            raise self.fail((*path, key), '应为数字，如 "2" 或 "0.5"') from None

    def one_of(self, value: Any, allowed: tuple[str, ...], path: tuple[str | int, ...]) -> str:
        if value not in allowed:
            raise self.fail(path, f"应为 {'、'.join(allowed)} 之一")
        return str(value)

    def rows(self, data: Mapping[str, Any], key: str, path: tuple[str | int, ...]) -> list[dict[str, Any]]:
        value = data.get(key) or []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.fail((*path, key), "应为列表，每条是“字段: 值”")
        return value


def read_rubric(data: Mapping[str, Any], lines: Lines, rulebook: str, version: str, file: str) -> Rubric:
    """The checked rubric. Raises ``RulebookError``."""
    reader = _Reader(lines, file)
    components = tuple(
        Component(
            str(row.get("code")), str(row.get("name")), reader.number(row, "points", ("components", index))
        )
        for index, row in enumerate(reader.rows(data, "components", ()))
    )
    tops = tuple(
        _indicator(reader, row, ("indicators", index))
        for index, row in enumerate(reader.rows(data, "indicators", ()))
    )
    if not tops:
        raise reader.fail(("indicators",), "至少要有一项指标")
    rubric = Rubric(
        rulebook=rulebook,
        version=version,
        places=int(data.get("places", 2)),
        total=reader.number(data, "total", (), "100"),
        unscored=reader.one_of(data.get("unscored", "pending"), ("pending", "zero"), ("unscored",)),
        ranking=reader.one_of(data.get("ranking", "competition"), ("competition", "dense"), ("ranking",)),
        components=components,
        indicators=tops,
        grades=_grades(reader, data.get("grades")),
    )
    _check_whole(reader, rubric)
    return rubric


def _indicator(reader: _Reader, row: Mapping[str, Any], path: tuple[str | int, ...]) -> Indicator:
    unknown = sorted(set(row) - _KNOWN)
    if unknown:
        raise reader.fail((*path, unknown[0]), "不认识的字段")
    for key in ("code", "name"):
        if not row.get(key):
            raise reader.fail((*path, key), "不能空")
    children = tuple(
        _indicator(reader, child, (*path, "children", index))
        for index, child in enumerate(reader.rows(row, "children", path))
    )
    leaf = not children
    if leaf:
        reader.one_of(row.get("method"), tuple(methods()), (*path, "method"))
    maximum = (
        reader.number(row, "max", path)
        if leaf or "max" in row
        else sum((c.max for c in children if c.role == "item"), Fraction(0))
    )
    if children and maximum != sum((child.max for child in children if child.role == "item"), Fraction(0)):
        raise reader.fail((*path, "max"), "应等于下级分值之和")
    if maximum < 0:
        raise reader.fail((*path, "max"), "不能小于 0")
    return Indicator(
        code=str(row["code"]),
        name=str(row["name"]),
        max=maximum,
        role=reader.one_of(row.get("role", "item"), ROLES, (*path, "role")),
        component=str(row["component"]) if row.get("component") else None,
        method=str(row["method"]) if leaf else None,
        settings=dict(row.get("settings") or {}),
        sources=_sources(reader, row, path) if leaf else {},
        levels=_levels(reader, row, path),
        applies_to=tuple(
            reader.one_of(kind, UNIT_KINDS, (*path, "applies_to", index))
            for index, kind in enumerate(row.get("applies_to") or ())
        ),
        period=reader.one_of(row["period"], ("previous_year", "calendar_year"), (*path, "period"))
        if row.get("period")
        else None,
        announced_on=_date(reader, row.get("announced_on"), (*path, "announced_on")),
        basis=str(row.get("basis") or ""),
        observed_by=str(row.get("observed_by") or ""),
        evidence=str(row.get("evidence") or ""),
        confidence=reader.one_of(row.get("confidence", "proposed"), CONFIDENCES, (*path, "confidence")),
        locked=row.get("locked") is True,
        children=children,
    )


def _sources(
    reader: _Reader, row: Mapping[str, Any], path: tuple[str | int, ...]
) -> dict[str, tuple[str, ...]]:
    given = row.get("sources")
    if not isinstance(given, dict) or not given:
        raise reader.fail((*path, "sources"), "写明收哪些来源的哪些取值，如 reviewer: [level]")
    found = {}
    for source, kinds in given.items():
        reader.one_of(source, SOURCES, (*path, "sources", source))
        found[source] = tuple(reader.one_of(kind, KINDS, (*path, "sources", source)) for kind in kinds or ())
    return found


def _levels(reader: _Reader, row: Mapping[str, Any], path: tuple[str | int, ...]) -> tuple[Level, ...]:
    levels = []
    for index, one in enumerate(reader.rows(row, "levels", path)):
        share = reader.number(one, "share", (*path, "levels", index))
        if not 0 <= share <= 1:
            raise reader.fail((*path, "levels", index, "share"), "应在 0 与 1 之间")
        levels.append(
            Level(str(one.get("code")), str(one.get("name")), str(one.get("description") or ""), share)
        )
    if row.get("method") in ("levels", "judged") and not levels:
        raise reader.fail((*path, "levels"), "按档评分的指标要写明各档")
    return tuple(levels)


def _date(reader: _Reader, value: Any, path: tuple[str | int, ...]) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise reader.fail(path, "日期应形如 2025-01-31") from None


def _grades(reader: _Reader, data: Any) -> GradeRule | None:
    if data is None:
        return None
    path: tuple[str | int, ...] = ("grades",)
    if not isinstance(data, dict):
        raise reader.fail(path, "应为“字段: 值”的结构")
    bands = tuple(
        Band(str(row.get("code")), str(row.get("name")), reader.number(row, "from", (*path, "bands", index)))
        for index, row in enumerate(reader.rows(data, "bands", path))
    )
    if not bands or list(bands) != sorted(bands, key=lambda band: band.least, reverse=True):
        raise reader.fail((*path, "bands"), "从高到低列出各等次")
    codes = tuple(band.code for band in bands)
    quota = None
    if data.get("quota"):
        given, at = data["quota"], (*path, "quota")
        quota = Quota(
            reader.one_of(given.get("grade"), codes, (*at, "grade")),
            reader.number(given, "share", at),
            int(given.get("least", 1)),
            reader.one_of(given.get("ties", "out"), ("in", "out"), (*at, "ties")),
        )
    gated = data.get("gated")
    return GradeRule(
        bands,
        quota,
        reader.one_of(gated, codes, (*path, "gated")) if gated else None,
        reader.one_of(data.get("veto_grade", codes[-1]), codes, (*path, "veto_grade")),
    )


def _check_whole(reader: _Reader, rubric: Rubric) -> None:
    seen: set[str] = set()
    for node in rubric.walk():
        if node.code in seen:
            raise reader.fail(("indicators",), f"指标代码 {node.code} 写了两次")
        seen.add(node.code)
    total = sum((top.max for top in rubric.indicators if top.role == "item"), Fraction(0))
    if total != rubric.total:
        raise reader.fail(("total",), f"各一级指标之和是 {total}，应为 {rubric.total}")
    if not rubric.components:
        return
    given = {component.code: component.points for component in rubric.components}
    sums = dict.fromkeys(given, Fraction(0))
    for leaf in rubric.leaves():
        if leaf.role != "item":
            continue
        if leaf.component not in given:
            raise reader.fail(("indicators",), f"{leaf.code} 没有归入任何一种考核方式（component）")
        sums[leaf.component] += leaf.max
    for code, points in given.items():
        if sums[code] != points:
            raise reader.fail(("components",), f"{code} 各项之和是 {sums[code]}，应为 {points}")
