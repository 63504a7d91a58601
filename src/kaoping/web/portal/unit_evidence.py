"""What a unit's published result rests on, and how it stood in earlier years."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from django.urls import reverse

from kaoping.scoring.observations import Observation
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.rubric import Indicator
from kaoping.scoring.sheet import WrittenUnit
from kaoping.web.portal.published import (
    BundleUnreadable,
    Content,
    Release,
    content,
    releases,
    standing,
)
from kaoping.web.portal.trend import trend
from kaoping.web.ui.observed import source_words, times, value_words
from kaoping.web.ui.parts.table import Cell, Value, table_of
from kaoping.web.ui.wording import cn_date

HIDDEN: Final = "redacted:"


def _keys(release: Release) -> set[OrganisedYear]:
    return {one.key for one in releases() if one.key.organiser == release.key.organiser}


def history_of(release: Release, code: str) -> list[list[Any]]:
    """The unit in every year that the same organiser published: total, grade, rules."""
    rows: list[list[Any]] = []
    for key in sorted(_keys(release), reverse=True):
        year, here = key.year, key == release.key
        one = release if here else standing(key)
        if one is None:
            rows.append([f"{year} 年度", "已撤回", "—", "—"])
            continue
        try:
            found = content(one)
        except BundleUnreadable:
            continue
        sheet = found.sheet(code)
        if sheet is None:
            continue
        link = (
            {"text": f"{year} 年度", "strong": True}
            if here
            else {"text": f"{year} 年度", "url": reverse("portal-unit", args=[key, code])}
        )
        grade = found.grade(sheet["grade"])
        rows.append(
            [
                link,
                found.total(sheet),
                {"grade": grade} if grade else "未定",
                f"{found.rulebook.version} 版",
            ]
        )
    return rows


def trend_of(release: Release, found: Content, code: str) -> dict[str, Any] | None:
    """The unit's totals of the organiser's years up to this one that used the same rules; null while there is nothing to draw."""
    years: list[tuple[int, Fraction]] = []
    for key in sorted(one for one in _keys(release) if one <= release.key):
        one = release if key == release.key else standing(key)
        try:
            known = content(one) if one is not None else None
        except BundleUnreadable:
            known = None
        sheet = known.sheet(code) if known is not None else None
        if known is None or sheet is None or not sheet["exact"]:
            continue
        if (known.rulebook.id, known.rulebook.digest) == (found.rulebook.id, found.rulebook.digest):
            years.append((key.year, Fraction(sheet["exact"])))
    bands = found.rubric.grades.bands if found.rubric.grades else ()
    lines = [(band.name, Fraction(band.least)) for band in bands if band.least]
    return trend(years, lines, mark=found.lines_mark)


def evidence_of(found: Content, sheet: WrittenUnit) -> list[dict[str, Any]]:
    """What the result rests on, item by item, each with its lines."""
    """The observations behind each item, in the order of the tree; empty when the level does not hold them."""
    entries = []
    for leaf in found.rubric.leaves():
        line = sheet["indicators"].get(leaf.code)
        kept = (
            [found.observations[one] for one in line["observations"] if one in found.observations]
            if line
            else []
        )
        if kept:
            entries.append(
                {
                    "code": leaf.code,
                    "top": next(top.name for top in found.rubric.indicators if leaf in top.leaves()),
                    "title": f"{leaf.code} {leaf.name}",
                    "table": table_of(
                        caption=f"{leaf.code} 的依据",
                        columns=["来源", "时间", "结果", "说明", "存档", "编号"],
                        rows=[_observation(found, leaf, one) for one in kept],
                        fold=True,
                    ),
                }
            )
    return entries


def _observation(found: Content, leaf: Indicator, one: Observation) -> list[Value]:
    proofs = [ref.sha256[:8] + "……" for ref in one.artefacts if ref.sha256]
    return [
        source_words(one),
        "，".join(f"{label} {cn_date(at)}" for label, at in times(one)),
        value_words(one, {level.code: level.name for level in leaf.levels}),
        "依规遮蔽" if (one.reason or "").startswith(HIDDEN) else one.reason or "—",
        Cell(text="、".join(proofs), mono=True) if proofs else "没有",
        Cell(text=one.id, mono=True),
    ]
