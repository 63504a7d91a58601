"""The tree of one unit printed for people: every item with points, maximum and reason."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaoping.arithmetic import half_up, plain
from kaoping.scoring.provenance import PROPOSED, Adoption, is_open, of_number, words
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.sheet import Results, UnitSheet

STATUS_WORDS = {"scored": "", "not_scored": "未定", "not_applicable": "不涉及", "vetoed": "否决"}


def explain(rubric: Rubric, results: Results, unit: str, adopted: Adoption | None = None) -> str | None:
    """The tree as text, null when the unit is not in the results.

    ``adopted`` is the approval by which proposed numbers became the city's own: without one they are marked 待核.
    """
    sheet = next((one for one in results.units if one.unit == unit), None)
    return None if sheet is None else "\n".join(_lines(rubric, results, sheet, adopted))


def _lines(rubric: Rubric, results: Results, sheet: UnitSheet, adopted: Adoption | None) -> Iterator[str]:
    names = {band.code: band.name for band in (rubric.grades.bands if rubric.grades else ())}
    total = "未定" if sheet.total is None else half_up(sheet.total, results.places)
    rank = "" if sheet.rank is None else f"　组内第 {sheet.rank} 名"
    yield f"{sheet.unit}　总分 {total}　等次 {names.get(sheet.grade or '', '未定')}{rank}"
    if sheet.grade_reason:
        open_lines = rubric.grades is not None and is_open(rubric.grades.confidence, adopted)
        yield f"  {sheet.grade_reason}{'　待核' if open_lines else ''}"
    for component in rubric.components:
        points = half_up(sheet.components[component.code], results.places)
        mark = "，待核" if is_open(component.confidence, adopted) else ""
        own = sum(
            (
                sheet.lines[leaf.code].max
                for leaf in rubric.leaves()
                if leaf.role == "item" and leaf.component == component.code
            ),
            Fraction(0),
        )
        full = f"满分 {plain(component.points)}"
        if half_up(own, results.places) != half_up(component.points, results.places):
            full += f"，因有不涉及项，本单位折算后满分 {half_up(own, results.places)}"
        yield f"  {component.name} {points}（{full}{mark}）"
    for top in rubric.indicators:
        yield from _node(top, sheet, results.places, 1, adopted)
    if adopted:
        yield f"条文没有规定的数字：{words(PROPOSED, adopted)}"


def _node(
    node: Indicator, sheet: UnitSheet, places: int, depth: int, adopted: Adoption | None
) -> Iterator[str]:
    line = sheet.lines[node.code]
    word = STATUS_WORDS[line.status]
    points = word or f"{half_up(line.points, places)} / {half_up(line.max, places)}"
    if node.role in ("veto", "gate"):
        points = word
    mark = "　待核" if is_open(of_number(node), adopted) else ""
    parts = [f"{node.code} {node.name}", *([points] if points else []), f"{line.reason}{mark}"]
    yield "  " * depth + "　".join(parts)
    if line.observations:
        yield "  " * (depth + 2) + "依据记录：" + "、".join(line.observations)
    for child in node.children:
        yield from _node(child, sheet, places, depth + 1, adopted)
