"""Grades (考核办法 第八条): bands on unrounded totals, veto, gates of the best grade, its quota in each group, ties, ranks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from kaoping.arithmetic import half_up, plain
from kaoping.scoring.rubric import GradeRule
from kaoping.scoring.sheet import UnitSheet


def grade_all(
    sheets: Sequence[UnitSheet], rule: GradeRule | None, ranking: str, places: int, rank_on: str = "exact"
) -> list[UnitSheet]:
    """Sheets with grade, reason and rank, in the order they came."""
    placed = ranked(sheets, ranking, places if rank_on == "rounded" else None)
    if rule is None:
        return placed
    graded = [_by_band(sheet, rule, places) for sheet in placed]
    return _within_quota(graded, rule)


def ranked(sheets: Sequence[UnitSheet], ranking: str, places: int | None) -> list[UnitSheet]:
    """Rank within the group. A unit with a veto or an open total has none and takes no place from others.

    ``places`` compares totals rounded so; null compares exact ones.
    """

    def shown(total: Fraction) -> Fraction:
        return total if places is None else Fraction(half_up(total, places))

    totals: dict[str | None, list[Fraction]] = {}
    for one in sheets:
        if one.total is not None and not one.vetoes:
            totals.setdefault(one.group, []).append(shown(one.total))
    ranks: dict[tuple[str | None, Fraction], int] = {}
    for group, values in totals.items():
        above = 0
        for place, (total, how_many) in enumerate(sorted(Counter(values).items(), reverse=True)):
            ranks[(group, total)] = (above if ranking == "competition" else place) + 1
            above += how_many
    return [
        replace(one, rank=None if one.total is None or one.vetoes else ranks[(one.group, shown(one.total))])
        for one in sheets
    ]


def _by_band(sheet: UnitSheet, rule: GradeRule, places: int) -> UnitSheet:
    names = {band.code: band.name for band in rule.bands}
    if sheet.vetoes:
        name = names[rule.veto_grade]
        return replace(
            sheet,
            grade=rule.veto_grade,
            grade_reason=f"触发单项否决 {'、'.join(sheet.vetoes)}，定为{name}，不排名次",
        )
    if sheet.total is None:
        why = f"还有 {sheet.pending} 项没有得分" if sheet.pending else "各项都不涉及"
        return replace(sheet, grade=None, grade_reason=f"{why}，等次未定")
    band = next((one for one in rule.bands if sheet.total >= one.least), rule.bands[-1])
    shown = half_up(sheet.total, places)
    reason = f"总分 {shown}，达到{band.name}线 {plain(band.least)} 分"
    if band is rule.bands[-1]:
        reason = f"总分 {shown}，为{band.name}"
        if len(rule.bands) > 1:
            reason = (
                f"总分 {shown}，不到{rule.bands[-2].name}线 {plain(rule.bands[-2].least)} 分，为{band.name}"
            )
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
    """The quota is the floor of the share of all units of the group, at least ``least``."""
    quota = rule.quota
    if quota is None:
        return sheets
    lower = _next(rule, quota.grade)
    names = {band.code: band.name for band in rule.bands}
    out: dict[str, str] = {}
    for group in dict.fromkeys(sheet.group for sheet in sheets):
        members = [one for one in sheets if one.group == group]
        places = max(int(quota.share * len(members)), quota.least)
        beyond, tied = _beyond([one for one in members if one.grade == quota.grade], places, quota.ties)
        for unit in beyond:
            why = "，与他单位同分、名额不够" if unit in tied else ""
            out[unit] = (
                f"本组 {len(members)} 个单位，{names[quota.grade]}名额 {places} 个{why}，定为{names[lower]}"
            )
    return [
        replace(one, grade=lower, grade_reason=f"{one.grade_reason}；{out[one.unit]}")
        if one.unit in out
        else one
        for one in sheets
    ]


def _beyond(candidates: Iterable[UnitSheet], places: int, ties: str) -> tuple[set[str], set[str]]:
    """Units beyond the quota, and those of them that are tied at its line.

    Equal totals are treated alike: when the last place is shared by more units than it holds, all of them stay
    (``in``) or all of them fall (``out``).
    """
    ordered = sorted(candidates, key=lambda one: one.total or Fraction(0), reverse=True)
    if len(ordered) <= places:
        return set(), set()
    line = ordered[places - 1].total
    if ordered[places].total != line:
        return {one.unit for one in ordered[places:]}, set()
    below = {one.unit for one in ordered if (one.total or Fraction(0)) < (line or Fraction(0))}
    tied = {one.unit for one in ordered if one.total == line}
    return (below, set()) if ties == "in" else (below | tied, tied)


def _next(rule: GradeRule, code: str) -> str:
    codes = [band.code for band in rule.bands]
    return codes[min(codes.index(code) + 1, len(codes) - 1)]
