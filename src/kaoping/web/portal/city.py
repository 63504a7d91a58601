"""The city's page of a year: how many of each grade, where the scores lie, every unit, what failed most, what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.scoring.rubric import Indicator
from kaoping.web.portal.published import BundleUnreadable, Content, Release, content, releases, standing
from kaoping.web.portal.serving import public_page
from kaoping.web.portal.voices import ballots, evaluated, graded, total_answers, voices
from kaoping.web.ui.wording import cn_date, points

FAILED_BELOW: Final = Fraction(6, 10)
MOST_FAILED: Final = 5
OUTCOMES: Final = {"upheld": "成立", "partly": "部分成立", "rejected": "不成立"}


@require_safe
@public_page
def latest(request: HttpRequest) -> HttpResponse:
    """The newest published year; words when there is none yet."""
    found = releases()
    if not found:
        return render(request, "portal/nothing.html", {"title": "还没有公开的考核结果"})
    newest = next((one for one in found if one.stands), found[0])
    return page(request, newest.year)


@require_safe
@public_page
def of_year(request: HttpRequest, year: int) -> HttpResponse:
    """One year."""
    return page(request, year)


def page(request: HttpRequest, year: int) -> HttpResponse:
    """The page of a year's standing release, or of its withdrawal."""
    all_of_year = releases(year)
    if not all_of_year:
        raise Http404
    release = standing(year)
    if release is None:
        return withdrawn(request, all_of_year)
    try:
        found = content(release)
    except BundleUnreadable:
        return unreadable(request, release)
    return render(request, "portal/city.html", _context(release, all_of_year, found))


def withdrawn(request: HttpRequest, all_of_year: list[Release]) -> HttpResponse:
    """The year's results were taken back: when and why."""
    last = all_of_year[0]
    context = {
        "title": f"{last.year} 年度考核结果已撤回",
        "release": last,
        "years": years_beside(last.year),
        "demo": last.example,
        "data_url": reverse("portal-data-year", args=[last.year]),
    }
    return render(request, "portal/withdrawn.html", context, status=410)


def unreadable(request: HttpRequest, release: Release) -> HttpResponse:
    """Our fault: the bundle is there, this program cannot show it."""
    context = {
        "title": f"{release.year} 年度的结果暂时显示不出",
        "release": release,
        "bundle": release.zip.is_file(),
        "demo": release.example,
    }
    return render(request, "portal/unreadable.html", context, status=503)


def years_beside(year: int) -> list[int]:
    """Other years with a release, newest first."""
    return sorted({one.year for one in releases()} - {year}, reverse=True)


def shared(release: Release, all_of_year: list[Release], found: Content) -> dict[str, Any]:
    """What every page about a release shows: the example mark, digest, correction, other years."""
    context: dict[str, Any] = {
        "release": release,
        "year": release.year,
        "corrected": release.number > 1,
        "earlier": [one for one in all_of_year if one.number < release.number],
        "years": years_beside(release.year),
        "complete": found.complete,
        "level_name": found.level_name,
        "with_totals": found.with_totals,
        "with_points": found.with_points,
        "digest": release.public_digest,
        "digest_url": reverse("portal-data-year", args=[release.year]) + "#check",
        "data_url": reverse("portal-data-year", args=[release.year]),
        "csv_url": reverse("portal-csv", args=[release.year]),
        "rubric_words": f"{found.rulebook.title}，{found.rulebook.version} 版",
    }
    if release.example or found.manifest.get("example") is True:
        context["demo"] = True
    return context


def basis(release: Release, found: Content, **extra: Any) -> dict[str, Any]:
    """The basis line of a block of published numbers."""
    line: dict[str, Any] = {
        "period": f"{release.year} 年度",
        "rubric": f"指标体系 {found.rulebook.version} 版",
        "state": "corrected" if release.number > 1 else "frozen",
        "csv": reverse("portal-csv", args=[release.year]),
    }
    return {**line, **extra}


def _context(release: Release, all_of_year: list[Release], found: Content) -> dict[str, Any]:
    sheets = found.sheets
    said = voices(found)
    answer = _answer(found)
    published = [f"{cn_date(release.published_at)}公开"] if release.published_at else []
    head = {
        "title": answer,
        "chips": _chips(release),
        "basis": {
            "n": f"n = {len(sheets)}",
            "rubric": f"指标体系 {found.rulebook.version} 版",
            "extra": published,
            "state": "corrected" if release.number > 1 else "frozen",
            "digest": release.public_digest,
            "address": reverse("portal-year", args=[release.year]),
        },
    }
    return {
        **shared(release, all_of_year, found),
        "title": answer,
        "head": head,
        "findings": _findings(release, found, said),
        "strip": strip(found, csv=reverse("portal-csv", args=[release.year])),
        "unscored": sum(1 for one in sheets if one["total"] is None) if found.with_totals else 0,
        "basis": basis(release, found, n=f"n = {len(sheets)}"),
        "groups": _groups(release, found),
        "failed": _failed(release, found),
        "failed_whole": "一级指标" if not found.complete else "项",
        "voices": said,
        "ballots": ballots(release),
        "appeals": _appeals(release),
        "left_out": release.place.facts.get("not_participating") or [],
        "voices_basis": basis(
            release,
            found,
            n=f"n = {points(total_answers(said))}",
            extra=["95% 误差"],
            csv=reverse("portal-evaluation-csv", args=[release.year]),
        ),
        "bundle_url": reverse("portal-bundle", args=[release.year]) if release.zip.is_file() else "",
        "bundle_size": release.zip.stat().st_size if release.zip.is_file() else None,
    }


def _appeals(release: Release) -> str:
    """How many 复核申请 were decided and how, in one sentence; empty when there was none."""
    counts: Mapping[str, int] = release.place.facts.get("appeals") or {}
    parts = [f"{label} {counts[key]} 项" for key, label in OUTCOMES.items() if counts.get(key)]
    return (
        f"单位提出复核申请 {sum(counts.values())} 项：{'，'.join(parts)}。由原评分人以外的人决定。"
        if parts
        else ""
    )


def _chips(release: Release) -> list[dict[str, str]]:
    chips = [{"label": f"{release.year} 年度", "tone": "soft"}]
    if release.number > 1:
        chips.append({"label": f"第 {release.number - 1} 次更正", "tone": "cau"})
    return chips


def _answer(found: Content) -> str:
    counts = Counter(one["grade"] for one in found.sheets)
    bands = found.rubric.grades.bands if found.rubric.grades else ()
    parts = [f"{counts[band.code]} 个{band.name}" for band in bands if counts[band.code]]
    if counts[None]:
        parts.append(f"{counts[None]} 个等次未定")
    return f"{len(found.sheets)} 个单位：|" + "，|".join(parts)


def _findings(release: Release, found: Content, said: list[dict[str, Any]]) -> list[dict[str, str]]:
    entries = []
    before = standing(release.year - 1)
    if before is not None and found.with_totals:
        entries += _moves(before, found)
    few = len({one["unit"] for one in found.sheets} - graded(release)) if evaluated(release) else 0
    if few:
        entries.append(
            {"label": "还不知道", "tone": "", "text": f"{few} 个单位有效问卷不足，没有给出满意度等次。"}
        )
    vetoed = [found.name(one["unit"]) for one in found.sheets if one["vetoes"]]
    if vetoed:
        entries.append({"label": "单项否决", "tone": "neg", "text": f"{'、'.join(vetoed)}触发单项否决。"})
    worst = max(said, key=lambda one: Fraction(one["counts"]["dissatisfied"], one["n"]), default=None)
    if worst and len(said) > 1 and worst["counts"]["dissatisfied"]:
        entries.append(
            {
                "label": "公众最不满意",
                "tone": "",
                "text": f"“{worst['title']}”：不满意 {worst['shares']['dissatisfied']}%。",
            }
        )
    return entries


def _moves(before: Release, found: Content) -> list[dict[str, str]]:
    """Units that rose and fell; only where both years used the same rules."""
    try:
        old = content(before)
    except BundleUnreadable:
        return []
    if (old.rulebook.id, old.rulebook.digest) != (found.rulebook.id, found.rulebook.digest):
        return [{"label": "与上年", "tone": "", "text": "两年用的指标体系不同，得分不能直接比。"}]
    totals = {one["unit"]: Fraction(one["exact"]) for one in old.sheets if one["exact"]}
    pairs = [
        (Fraction(one["exact"]), totals[one["unit"]])
        for one in found.sheets
        if one["exact"] and one["unit"] in totals
    ]
    up, down = sum(new > past for new, past in pairs), sum(new < past for new, past in pairs)
    entries = []
    if up:
        entries.append({"label": "变好的", "tone": "good", "text": f"{up} 个单位比上年得分高。"})
    if down:
        entries.append({"label": "变差的", "tone": "neg", "text": f"{down} 个单位比上年得分低。"})
    return entries


def strip(found: Content, *, csv: str = "", highlight: str | None = None) -> dict[str, Any]:
    """The distribution strip of all totals."""
    bands = list(reversed(found.rubric.grades.bands)) if found.rubric.grades else []
    edges = [*(band.least for band in bands), found.rubric.total]
    return {
        "totals": [one["total"] for one in found.sheets if one["total"] is not None],
        "bands": [
            {"label": band.name, "from": edges[place], "to": edges[place + 1]}
            for place, band in enumerate(bands)
        ],
        "highlight": highlight,
        "caption": "每点是一个单位，按总分排开。等次还看单项否决、前提和名额，所以点落在哪一段不一定就是那个等次。",
        "csv": csv,
    }


def _groups(release: Release, found: Content) -> list[dict[str, Any]]:
    tops = found.tops() if found.with_points else []
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in found.sheets:
        groups.setdefault(one["group"] or "其他", []).append(one)
    columns: list[Any] = [
        "单位",
        *([{"label": "总分", "num": True}] if found.with_totals else []),
        "等次",
        *({"label": top.name, "num": True} for top in tops),
    ]
    return [
        {
            "name": name,
            "n": len(members),
            "table": {
                "caption": f"{name}各单位得分",
                "columns": columns,
                "fold": True,
                "rows": [_row(release, found, one, tops) for one in members],
            },
        }
        for name, members in groups.items()
    ]


def _row(release: Release, found: Content, one: Mapping[str, Any], tops: list[Indicator]) -> list[Any]:
    return [
        {"text": found.name(one["unit"]), "url": reverse("portal-unit", args=[release.year, one["unit"]])},
        *([{"text": found.total(one), "strong": True}] if found.with_totals else []),
        {"grade": found.grade(one["grade"])} if one["grade"] else "未定",
        *(points_of(one, top.code) for top in tops),
    ]


def points_of(sheet: Mapping[str, Any], code: str) -> str:
    """Points of one indicator for a table: what is not scored is no nought."""
    line = sheet["indicators"].get(code)
    if line is None:
        return "—"
    if line["status"] == "not_applicable":
        return "不涉及"
    return str(line["points"]) if line["status"] in ("scored", "vetoed") else "没有计分"


def _failed(release: Release, found: Content) -> list[dict[str, Any]]:
    """The items on which most units earned less than six tenths, with the number they applied to."""
    leaves = (
        [leaf for leaf in found.rubric.leaves() if leaf.role == "item"] if found.complete else found.tops()
    )
    rows: list[dict[str, Any]] = []
    for leaf in leaves:
        lines = [one["indicators"].get(leaf.code) for one in found.sheets]
        scored = [
            (Fraction(line["exact"]), Fraction(line["max"]))
            for line in lines
            if line and line["status"] == "scored" and Fraction(line["max"])
        ]
        failed = sum(got < full * FAILED_BELOW for got, full in scored)
        if failed:
            rows.append(
                {"label": f"{leaf.code} {leaf.name}", "count": failed, "n": len(scored), "code": leaf.code}
            )
    rows.sort(key=lambda row: -row["count"])
    return [
        {**row, "url": f"{reverse('portal-data-year', args=[release.year])}#i-{row['code']}"}
        for row in rows[:MOST_FAILED]
    ]
