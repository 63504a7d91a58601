"""One unit's page: total and grade, every item with points and reason, what it rests on, what the public said, years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.rubric import Indicator
from kaoping.scoring.sheet import WrittenUnit
from kaoping.web.portal import corrections
from kaoping.web.portal.city import asked_for, basis, shared, unreadable, withdrawn
from kaoping.web.portal.published import (
    BundleUnreadable,
    Content,
    Release,
    address,
    content,
)
from kaoping.web.portal.serving import public_page
from kaoping.web.portal.unit_evidence import HIDDEN, evidence_of, history_of, trend_of
from kaoping.web.portal.voices import (
    ballots_words,
    few_words,
    opinion_items,
    opinions,
    too_few,
    verdict,
    voices,
)
from kaoping.web.ui.observed import source_words
from kaoping.web.ui.parts.head import Crumb
from kaoping.web.ui.parts.lists import Figure, Gate
from kaoping.web.ui.parts.score import ScoreBar, ScoreRow
from kaoping.web.ui.wording import points


@require_safe
@public_page
def of_year(request: HttpRequest, key: OrganisedYear, code: str) -> HttpResponse:
    """The unit's sheet in the year's standing release."""
    return _page(request, key, None, code)


@require_safe
@public_page
def of_release(request: HttpRequest, key: OrganisedYear, number: int, code: str) -> HttpResponse:
    """The unit's sheet in one release, also after it was corrected."""
    return _page(request, key, number, code)


def _page(request: HttpRequest, key: OrganisedYear, number: int | None, code: str) -> HttpResponse:
    all_of_year, release = asked_for(key, number)
    if release is None:
        return withdrawn(request, all_of_year, number)
    try:
        found = content(release)
    except BundleUnreadable:
        return unreadable(request, release)
    sheet = found.sheet(code)
    if sheet is None:
        raise Http404
    return render(request, "portal/unit.html", _context(release, all_of_year, found, sheet))


def _context(
    release: Release, all_of_year: list[Release], found: Content, sheet: WrittenUnit
) -> dict[str, Any]:
    code, name = sheet["unit"], found.name(sheet["unit"])
    grade = found.grade(sheet["grade"])
    total = f"{sheet['total']} 分" if sheet["total"] is not None else "总分未定"
    parts = [name, *([total] if found.with_totals else []), grade or "等次未定"]
    said = voices(found, code)
    few = too_few(found, code)
    evidence, told = evidence_of(found, sheet), verdict(release, code)
    title = "，|".join(parts)
    changed = corrections.changes(release, all_of_year, found)
    group = sheet["group"] or "其他"
    return {
        **shared(release, all_of_year, found, code),
        "title": title,
        "name": name,
        "full_name": found.units[code].name if code in found.units else name,
        "crumbs": (
            Crumb(label="全市", url=address(release, "portal-year")),
            Crumb(label=group, url=address(release, "portal-year") + "#units"),
            Crumb(label=name),
        ),
        "grade": grade,
        "lead": _reason_words(found, sheet) + _lead(release, found, sheet),
        "figures": _figures(release, found, sheet),
        "vetoes": [_title(found, one) + "：" + _reason(sheet, one) for one in sheet["vetoes"]],
        "gates": [
            Gate(label=_title(found, one), met=met is True, note="没有查明" if met is None else "")
            for one, met in sheet["gates"].items()
        ],
        "bars": [_bar(found, sheet, top) for top in found.tops()] if found.with_points else [],
        "extras": _extras(found, sheet),
        "basis": basis(
            release,
            found,
            n=f"总分 {sheet['total']}" if sheet["total"] is not None else "总分未定",
            extra=("竖线为同组单位平均得分率", "精确算术，只在显示时保留两位小数"),
        ),
        "voices": said,
        "verdict": told,
        "evaluation_mark": found.evaluation_mark,
        "voices_basis": basis(
            release,
            found,
            n=ballots_words(int((told or {}).get("n") or 0)),
            extra=() if not said else ("± 为 95% 误差，单位是百分点",),
            csv=address(release, "portal-evaluation-csv") if said else "",
        ),
        "changed": None if changed is None else corrections.of_unit(found, changed, code),
        "evaluation": _evaluation(found, sheet),
        "answered": _answered(found, sheet),
        "few": [f"“{title}”：{few_words(found, n)}。" for title, n in few],
        "history": history_of(release, code),
        "trend": trend_of(release, found, code),
        "evidence": evidence,
        "evidence_basis": basis(
            release, found, n=f"{sum(one['table'].total for one in evidence)} 条", csv=""
        ),
    }


def named(found: Content, text: str) -> str:
    """A sentence of the scorer with the names of vetoes and gates beside their codes."""
    for leaf in found.rubric.leaves():
        if leaf.role in ("veto", "gate") and leaf.code in text:
            text = text.replace(leaf.code, f"{leaf.code}（{leaf.name}）")
    return text


def _reason_words(found: Content, sheet: WrittenUnit) -> str:
    """Why the grade is what it is, as a sentence; empty where the release does not hold it."""
    reason = named(found, sheet["grade_reason"] or "")
    return f"{reason}{found.lines_mark}。" if reason else ""


def _title(found: Content, code: str) -> str:
    item = found.rubric.find(code)
    return f"{code} {item.name}" if item else code


def _reason(sheet: WrittenUnit, code: str) -> str:
    line = sheet["indicators"].get(code)
    return str(line["reason"]) if line else "依据在完整数据包里"


def _lead(release: Release, found: Content, sheet: WrittenUnit) -> str:
    """Where most points were lost: the first-level indicator and, where items are published, its two worst."""
    lost = _losses(found, sheet, found.tops())
    if not lost:
        return ""
    gone, worst = lost[0]
    items = [
        f"“{leaf.name}”失 {points(part, 2)} 分"
        for part, leaf in _losses(found, sheet, [leaf for leaf in worst.leaves() if worst.children])[:2]
    ]
    more = f"，其中{'，'.join(items)}" if items else ""
    return f"{release.year} 年度失分最多的是“{worst.name}”，失 {points(gone, 2)} 分{more}。"


def _losses(
    found: Content, sheet: WrittenUnit, items: Sequence[Indicator]
) -> list[tuple[Fraction, Indicator]]:
    """Points lost on each scored indicator, the most first; full points are left out."""
    losses = []
    for item in items:
        line = sheet["indicators"].get(item.code)
        gone = found.full(sheet, item.code) - Fraction(line["exact"]) if line else Fraction(0)
        if line and line["status"] == "scored" and gone > 0:
            losses.append((gone, item))
    return sorted(losses, key=lambda one: -one[0])


def _figures(release: Release, found: Content, sheet: WrittenUnit) -> list[Figure]:
    """The total beside its group, the records it rests on, ballots and opinions: only what the release holds."""
    entries = []
    middle, members = _middle(found, sheet)
    if sheet["total"] is not None and middle is not None:
        note = f"同组 {members} 个单位中位 {points(middle, 2)}"
        entries.append(Figure(label="总分", value=sheet["total"], note=note))
    kept = [
        found.observations[one]
        for line in sheet["indicators"].values()
        for one in line["observations"]
        if one in found.observations
    ]
    if kept:
        counts = Counter(source_words(one) for one in {one.id: one for one in kept}.values())
        note = "、".join(f"{source} {count}" for source, count in counts.most_common())
        entries.append(Figure(label="计分依据", value=f"{sum(counts.values())} 条", note=note))
    told = verdict(release, sheet["unit"])
    if told is not None:
        note = f"评议等次：{told['grade']}" if told.get("grade") else "不给出等次"
        entries.append(Figure(label="有效问卷", value=f"{points(told.get('n') or 0)} 份", note=note))
    asked = opinions(found, sheet["unit"])
    if asked is not None:
        note = f"按期整改 {asked['done']} 件" if asked["of"] else "没有要整改的"
        entries.append(Figure(label="公众的合理意见", value=f"{asked['of']} 件", note=note))
    return entries


def _middle(found: Content, sheet: WrittenUnit) -> tuple[Fraction | None, int]:
    """The median total of the group, and how many units it is the median of; null when nobody else is in it."""
    totals = sorted(
        Fraction(one["exact"]) for one in found.sheets if one["group"] == sheet["group"] and one["exact"]
    )
    if len(totals) < 2:
        return None, len(totals)
    half = len(totals) // 2
    return (totals[half] if len(totals) % 2 else (totals[half - 1] + totals[half]) / 2), len(totals)


def _bar(found: Content, sheet: WrittenUnit, top: Indicator) -> ScoreBar:
    line = sheet["indicators"].get(top.code)
    if line is None:
        return ScoreBar(top.name, points=None, max=None, state="没有公开")
    scored = line["status"] in ("scored", "vetoed")
    rate = _peer(found, sheet, top.code) if scored else None
    leaves = [leaf for leaf in top.leaves() if leaf.code in sheet["indicators"]] if top.children else [top]
    return ScoreBar(
        label=top.name,
        points=line["points"] if scored else None,
        max=_short(line["max"]),
        state=STATUS.get(line["status"], line["status"]),
        mark=found.mark(top),
        peer=rate * 100 if rate is not None else None,
        rows=tuple(_line(found, sheet, leaf) for leaf in leaves),
        note=""
        if leaves
        else "公开到一级指标：各项的得分和依据留在政务公开办，完整数据包的校验值见“方法与数据”。",
    )


STATUS: Final = {"not_applicable": "不涉及", "not_scored": "没有计分"}


def _line(found: Content, sheet: WrittenUnit, leaf: Indicator) -> ScoreRow:
    line = sheet["indicators"][leaf.code]
    kept = [one for one in line["observations"] if one in found.observations]
    unseen = "没有公开" if line["observations"] else "没有"
    return ScoreRow(
        label=f"{leaf.code} {leaf.name}",
        max=_short(line["max"]),
        points=line["points"] if line["status"] in ("scored", "vetoed") else STATUS.get(line["status"], "—"),
        why=line["reason"],
        evidence=f"{len(kept)} 条" if kept else unseen,
        url=f"#e-{leaf.code}" if kept else "",
        mark=found.mark(leaf),
    )


def _short(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _peer(found: Content, sheet: WrittenUnit, code: str) -> Fraction | None:
    """同组平均得分率: the group's mean share of an indicator's points; null when nobody else is in it.

    Shares, because an item that does not apply to a unit moves its points to the others: maxima differ.
    """
    lines = [
        (Fraction(one["indicators"][code]["exact"]), found.full(one, code))
        for one in found.sheets
        if one["group"] == sheet["group"]
        and code in one["indicators"]
        and one["indicators"][code]["status"] in ("scored", "vetoed")
    ]
    shares = [got / full for got, full in lines if full]
    return sum(shares, Fraction(0)) / len(shares) if len(shares) > 1 else None


def _extras(found: Content, sheet: WrittenUnit) -> list[list[Any]]:
    """Bonuses and deductions outside the hundred, where something was recorded."""
    signs = {"bonus": "+", "penalty": "−"}
    rows = []
    for leaf in found.rubric.leaves():
        line = sheet["indicators"].get(leaf.code)
        if leaf.role in signs and line and line["status"] == "scored" and Fraction(line["exact"]):
            points_of, why = f"{signs[leaf.role]}{line['points']}", f"{line['reason']}{found.mark(leaf)}"
            rows.append([f"{leaf.code} {leaf.name}", points_of, why])
    return rows


def _evaluation(found: Content, sheet: WrittenUnit) -> str:
    """One sentence on the points of the evaluation, when the rulebook has such a component."""
    got = sheet["components"].get("evaluation")
    known = any(one.code == "evaluation" for one in found.rubric.components)
    return f"社会评议计 {got} 分。" if known and got is not None else ""


def _answered(found: Content, sheet: WrittenUnit) -> str:
    """What became of the public's opinions, in the words in which the office recorded it."""
    for code in opinion_items(found):
        line = sheet["indicators"].get(code)
        for name in line["observations"] if line else ():
            seen = found.observations.get(name)
            if (
                seen is not None
                and seen.source in ("register", "office")
                and seen.reason
                and not seen.reason.startswith(HIDDEN)
            ):
                return f"{seen.reason}。"
    return ""
