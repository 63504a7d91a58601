"""One unit's page: total and grade, every item with points and reason, what it rests on, what the public said, years."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator
from kaoping.web.portal.city import basis, shared, unreadable, withdrawn
from kaoping.web.portal.published import BundleUnreadable, Content, Release, content, releases, standing
from kaoping.web.portal.serving import public_page
from kaoping.web.portal.voices import total_answers, verdict, voices
from kaoping.web.ui.observed import SOURCES, value_words
from kaoping.web.ui.wording import cn_date, points

HIDDEN: Final = "redacted:"


@require_safe
@public_page
def of_year(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The unit's sheet in the year's standing release."""
    all_of_year = releases(year)
    release = standing(year)
    if not all_of_year:
        raise Http404
    if release is None:
        return withdrawn(request, all_of_year)
    try:
        found = content(release)
    except BundleUnreadable:
        return unreadable(request, release)
    sheet = found.sheet(code)
    if sheet is None:
        raise Http404
    return render(request, "portal/unit.html", _context(release, all_of_year, found, sheet))


def _context(
    release: Release, all_of_year: list[Release], found: Content, sheet: Mapping[str, Any]
) -> dict[str, Any]:
    code, name = sheet["unit"], found.name(sheet["unit"])
    grade = found.grade(sheet["grade"])
    total = f"{sheet['total']} 分" if sheet["total"] is not None else "总分未定"
    parts = [name, *([total] if found.with_totals else []), grade or "等次未定"]
    said = voices(found, code)
    title = "，|".join(parts)
    group = sheet["group"] or "其他"
    return {
        **shared(release, all_of_year, found),
        "title": title,
        "name": name,
        "full_name": found.units[code].name if code in found.units else name,
        "crumbs": [
            {"label": "全市", "url": reverse("portal-year", args=[release.year])},
            {"label": group, "url": reverse("portal-year", args=[release.year]) + "#units"},
            {"label": name},
        ],
        "grade": grade,
        "grade_reason": named(found, sheet["grade_reason"]),
        "lead": _lead(release, found, sheet),
        "vetoes": [_title(found, one) + "：" + _reason(sheet, one) for one in sheet["vetoes"]],
        "gates": [
            {"label": _title(found, one), "met": met is True, "note": "没有查明" if met is None else ""}
            for one, met in sheet["gates"].items()
        ],
        "bars": [_bar(found, sheet, top) for top in found.tops()] if found.with_points else [],
        "extras": _extras(found, sheet),
        "basis": basis(
            release,
            found,
            n=f"总分 {sheet['total']}" if sheet["total"] is not None else "总分未定",
            extra=["竖线为同组单位平均", "精确算术，只在显示时保留两位小数"],
        ),
        "voices": said,
        "verdict": verdict(release, code),
        "voices_basis": basis(
            release,
            found,
            n=f"n = {points(total_answers(said))}",
            extra=["95% 误差"],
            csv=reverse("portal-evaluation-csv", args=[release.year]),
        ),
        "evaluation": _evaluation(found, sheet),
        "history": _history(release, code),
        "evidence": _evidence(found, sheet),
    }


def named(found: Content, text: str) -> str:
    """A sentence of the scorer with the names of vetoes and gates beside their codes."""
    for leaf in found.rubric.leaves():
        if leaf.role in ("veto", "gate") and leaf.code in text:
            text = text.replace(leaf.code, f"{leaf.code}（{leaf.name}）")
    return text


def _title(found: Content, code: str) -> str:
    item = found.rubric.find(code)
    return f"{code} {item.name}" if item else code


def _reason(sheet: Mapping[str, Any], code: str) -> str:
    line = sheet["indicators"].get(code)
    return str(line["reason"]) if line else "依据在完整数据包里"


def _lead(release: Release, found: Content, sheet: Mapping[str, Any]) -> str:
    losses = []
    for top in found.tops():
        line = sheet["indicators"].get(top.code)
        if line and line["status"] == "scored":
            losses.append((Fraction(line["max"]) - Fraction(line["exact"]), top))
    lost = [one for one in losses if one[0] > 0]
    if not lost:
        return ""
    worst = max(lost, key=lambda one: one[0])
    return f"{release.year} 年度失分最多的是“{worst[1].name}”，失 {points(worst[0], 2)} 分。"


def _bar(found: Content, sheet: Mapping[str, Any], top: Indicator) -> dict[str, Any]:
    line = sheet["indicators"].get(top.code)
    bar: dict[str, Any] = {"label": top.name, "points": None, "max": None, "state": "没有公开"}
    if line is None:
        return bar
    scored = line["status"] in ("scored", "vetoed")
    bar |= {
        "points": line["points"] if scored else None,
        "max": _short(line["max"]),
        "state": STATUS.get(line["status"], line["status"]),
        "peer": _peer(found, sheet, top.code) if scored else None,
    }
    rows = [_line(found, sheet, leaf) for leaf in top.leaves() if leaf.code in sheet["indicators"]]
    if top.children and rows:
        bar["rows"] = rows
    elif not top.children:
        bar["rows"] = [_line(found, sheet, top)]
    else:
        bar["note"] = "公开到一级指标：各项的得分和依据留在市政务公开办，完整数据包的校验值见“方法与数据”。"
    return bar


STATUS: Final = {"not_applicable": "不涉及", "not_scored": "没有计分"}


def _line(found: Content, sheet: Mapping[str, Any], leaf: Indicator) -> dict[str, Any]:
    line = sheet["indicators"][leaf.code]
    kept = [one for one in line["observations"] if one in found.observations]
    row: dict[str, Any] = {
        "label": f"{leaf.code} {leaf.name}",
        "max": _short(line["max"]),
        "points": line["points"]
        if line["status"] in ("scored", "vetoed")
        else STATUS.get(line["status"], "—"),
        "why": line["reason"],
    }
    if kept:
        row["evidence"] = {"label": f"{len(kept)} 条", "url": f"#e-{leaf.code}"}
    elif line["observations"]:
        row["evidence"] = {"label": "没有公开"}
    return row


def _short(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _peer(found: Content, sheet: Mapping[str, Any], code: str) -> Fraction | None:
    """The mean of the group on one indicator; null when nobody else is in it."""
    values = [
        Fraction(one["indicators"][code]["exact"])
        for one in found.sheets
        if one["group"] == sheet["group"]
        and code in one["indicators"]
        and one["indicators"][code]["status"] in ("scored", "vetoed")
    ]
    return sum(values, Fraction(0)) / len(values) if len(values) > 1 else None


def _extras(found: Content, sheet: Mapping[str, Any]) -> list[list[Any]]:
    """Bonuses and deductions outside the hundred, where something was recorded."""
    signs = {"bonus": "+", "penalty": "−"}
    rows = []
    for leaf in found.rubric.leaves():
        line = sheet["indicators"].get(leaf.code)
        if leaf.role in signs and line and line["status"] == "scored" and Fraction(line["exact"]):
            rows.append([f"{leaf.code} {leaf.name}", f"{signs[leaf.role]}{line['points']}", line["reason"]])
    return rows


def _evaluation(found: Content, sheet: Mapping[str, Any]) -> str:
    """One sentence on the points of the evaluation, when the rulebook has such a component."""
    component = next((one for one in found.rubric.components if one.code == "evaluation"), None)
    got = sheet["components"].get("evaluation")
    if component is None or got is None:
        return ""
    return f"社会评议得 {got} 分，满分 {points(component.points)}。"


def _history(release: Release, code: str) -> list[list[Any]]:
    """The unit in every published year: total, grade, rules."""
    rows: list[list[Any]] = []
    for year in sorted({one.year for one in releases()}, reverse=True):
        one = release if year == release.year else standing(year)
        if one is None:
            rows.append([f"{year} 年", "已撤回", "—", "—"])
            continue
        try:
            found = content(one)
        except BundleUnreadable:
            continue
        sheet = found.sheet(code)
        if sheet is None:
            continue
        link = (
            {"text": f"{year} 年", "strong": True}
            if year == release.year
            else {"text": f"{year} 年", "url": reverse("portal-unit", args=[year, code])}
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


def _evidence(found: Content, sheet: Mapping[str, Any]) -> list[dict[str, Any]]:
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
                    "title": f"{leaf.code} {leaf.name}",
                    "table": {
                        "caption": f"{leaf.code} 的依据",
                        "columns": ["来源", "看到的时间", "结果", "说明", "存档", "编号"],
                        "rows": [_observation(found, leaf, one) for one in kept],
                        "fold": True,
                    },
                }
            )
    return entries


def _observation(found: Content, leaf: Indicator, one: Observation) -> list[Any]:
    proofs = [ref.sha256[:8] + "……" for ref in one.artefacts if ref.sha256]
    return [
        SOURCES.get(one.source, one.source),
        cn_date(one.observed_at),
        value_words(one, {level.code: level.name for level in leaf.levels}),
        "依规遮蔽" if (one.reason or "").startswith(HIDDEN) else one.reason or "—",
        {"text": "、".join(proofs), "mono": True} if proofs else "没有",
        {"text": one.id, "mono": True},
    ]
