"""Grades: bands on unrounded totals, veto, gates of the best grade, its quota in each group, ties and ranks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from kaoping.scoring.rounding import half_up
from kaoping.scoring.rubric import GradeRule
from kaoping.scoring.sheet import UnitSheet


def grade_all(
    sheets: Sequence[UnitSheet], rule: GradeRule | None, ranking: str, places: int
) -> list[UnitSheet]:
    """Sheets with grade, reason and rank, in the order they came."""
    ranked = _ranked(sheets, ranking)
    if rule is None:
        return ranked
    graded = [_by_band(sheet, rule, places) for sheet in ranked]
    return _within_quota(graded, rule)


def _ranked(sheets: Sequence[UnitSheet], ranking: str) -> list[UnitSheet]:
    ranks: dict[tuple[str | None, Fraction], int] = {}
    for group in {sheet.group for sheet in sheets}:
        totals = sorted(
            (one.total for one in sheets if one.group == group and one.total is not None), reverse=True
        )
        distinct = sorted(set(totals), reverse=True)
        for total in distinct:
            place = totals.index(total) if ranking == "competition" else distinct.index(total)
            ranks[(group, total)] = place + 1
    return [replace(one, rank=None if one.total is None else ranks[(one.group, one.total)]) for one in sheets]


def _by_band(sheet: UnitSheet, rule: GradeRule, places: int) -> UnitSheet:
    names = {band.code: band.name for band in rule.bands}
    if sheet.vetoes:
        name = names[rule.veto_grade]
        return replace(
            sheet, grade=rule.veto_grade, grade_reason=f"触发单项否决 {'、'.join(sheet.vetoes)}，定为{name}"
        )
    if sheet.total is None:
        return replace(sheet, grade=None, grade_reason=f"还有 {sheet.pending} 项没有得分，等次未定")
    band = next((one for one in rule.bands if sheet.total >= one.least), rule.bands[-1])
    reason = f"总分 {half_up(sheet.total, places)}，达到{band.name}线 {half_up(band.least, 0)} 分"
    if sheet.total < rule.bands[-1].least or band is rule.bands[-1]:
        reason = f"总分 {half_up(sheet.total, places)}，为{band.name}"
    open_gates = [code for code, met in sheet.gates.items() if met is False]
    if band.code == rule.gated and open_gates:
        lower = _next(rule, band.code)
        return replace(
            sheet,
            grade=lower,
            grade_reason=f"{reason}，但不满足{band.name}的前提 {'、'.join(open_gates)}，定为{names[lower]}",
        )
    return replace(sheet, grade=band.code, grade_reason=reason)


def _within_quota(sheets: list[UnitSheet], rule: GradeRule) -> list[UnitSheet]:
    quota = rule.quota
    if quota is None:
        return sheets
    out: set[str] = set()
    for group in dict.fromkeys(sheet.group for sheet in sheets):
        members = [one for one in sheets if one.group == group]
        places = max(int(quota.share * len(members)), quota.least)
        out |= _beyond([one for one in members if one.grade == quota.grade], places, quota.ties)
    lower = _next(rule, quota.grade)
    names = {band.code: band.name for band in rule.bands}
    return [
        replace(
            one,
            grade=lower,
            grade_reason=f"{one.grade_reason}；本组{names[quota.grade]}名额已满，定为{names[lower]}",
        )
        if one.unit in out
        else one
        for one in sheets
    ]


def _beyond(candidates: Iterable[UnitSheet], places: int, ties: str) -> set[str]:
    """Units beyond the quota. Equal totals are treated alike: at the line all stay (``in``) or all fall (``out``)."""
    ordered = sorted(candidates, key=lambda one: one.total or Fraction(0), reverse=True)
    if len(ordered) <= places:
        return set()
    line = ordered[places - 1].total
    if ordered[places].total != line:
        return {one.unit for one in ordered[places:]}
    if ties == "in":
        return {one.unit for one in ordered if (one.total or Fraction(0)) < (line or Fraction(0))}
    return {one.unit for one in ordered if (one.total or Fraction(0)) <= (line or Fraction(0))}


def _next(rule: GradeRule, code: str) -> str:
    codes = [band.code for band in rule.bands]
    return codes[min(codes.index(code) + 1, len(codes) - 1)]
