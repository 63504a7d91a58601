"""The city's page of a year: how many of each grade, where the scores lie, every unit, what failed most, what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.rubric import Indicator
from kaoping.scoring.sheet import WrittenUnit
from kaoping.web.portal import corrections
from kaoping.web.portal.findings import failing, findings
from kaoping.web.portal.published import BundleUnreadable, Content, Release, address, content, releases
from kaoping.web.portal.serving import public_page
from kaoping.web.portal.voices import ballots, ballots_words, least_words, opinions, verdict, voices
from kaoping.web.ui.parts.head import Basis, Chip, Head, Settled
from kaoping.web.ui.parts.score import DistributionStrip, GradeBand
from kaoping.web.ui.wording import cn_date, points

MOST_FAILED: Final = 5
OUTCOMES: Final = {"upheld": "成立", "partly": "部分成立", "rejected": "不成立", "withdrawn": "申请单位撤回"}


@require_safe
@public_page
def latest(request: HttpRequest) -> HttpResponse:
    """The newest published year; words when there is none yet."""
    found = releases()
    if not found:
        return render(request, "portal/nothing.html", {"title": "还没有公开的考核结果"})
    newest = next((one for one in found if one.stands), found[0])
    return page(request, newest.key)


@require_safe
@public_page
def of_year(request: HttpRequest, key: OrganisedYear) -> HttpResponse:
    """One year."""
    return page(request, key)


@require_safe
@public_page
def of_release(request: HttpRequest, key: OrganisedYear, number: int) -> HttpResponse:
    """One release at its own address, also after it was corrected."""
    return page(request, key, number)


def page(request: HttpRequest, key: OrganisedYear, number: int | None = None) -> HttpResponse:
    """The page of a year's standing release, or of the one asked for, or of its withdrawal."""
    all_of_year, release = asked_for(key, number)
    if release is None:
        return withdrawn(request, all_of_year, number)
    try:
        found = content(release)
    except BundleUnreadable:
        return unreadable(request, release)
    return render(
        request, "portal/city.html", _context(release, all_of_year, found, request.GET.get("q", "").strip())
    )


def asked_for(key: OrganisedYear, number: int | None) -> tuple[list[Release], Release | None]:
    """All releases of a year and the one asked for (the one that counts without a number); null when withdrawn.

    Raises ``Http404``.
    """
    all_of_year = releases(key)
    if number is None:
        release = next((one for one in all_of_year if one.current), None)
    else:
        release = next((one for one in all_of_year if one.number == number), None)
        if release is None:
            raise Http404
    if not all_of_year:
        raise Http404
    return all_of_year, release if release and release.stands else None


def withdrawn(request: HttpRequest, all_of_year: list[Release], number: int | None = None) -> HttpResponse:
    """The year's results, or the release asked for, were taken back: when and why."""
    last = next((one for one in all_of_year if one.number == number), all_of_year[0])
    standing = next((one for one in all_of_year if one.current), None)
    context = {
        "title": f"发布 {last.place.name}|已撤回" if standing else f"{last.year} 年度|考核结果已撤回",
        "release": last,
        "years": years_beside(last.key),
        "demo": last.example,
        "data_url": reverse("portal-data-year", args=[last.key]),
        "standing": standing,
    }
    return render(request, "portal/withdrawn.html", context, status=410)


def unreadable(request: HttpRequest, release: Release) -> HttpResponse:
    """Our fault: the bundle is there, this program cannot show it."""
    context = {
        "title": f"{release.year} 年度的结果|暂时显示不出",
        "release": release,
        "bundle": release.zip.is_file(),
        "demo": release.example,
    }
    return render(request, "portal/unreadable.html", context, status=503)


def years_beside(key: OrganisedYear) -> list[OrganisedYear]:
    """The same organiser's other years with a release, newest first."""
    known = {one.key for one in releases() if one.key.organiser == key.organiser}
    return sorted(known - {key}, reverse=True)


def shared(release: Release, all_of_year: list[Release], found: Content, *path: str) -> dict[str, Any]:
    """What every page about a release shows: the example mark, digest, corrections, other years."""
    context: dict[str, Any] = {
        "release": release,
        "year": release.year,
        **corrections.status(release, all_of_year, path),
        "years": years_beside(release.key),
        "complete": found.complete,
        "level_name": found.level_name,
        "with_totals": found.with_totals,
        "with_points": found.with_points,
        "data_url": address(release, "portal-data-year"),
        "csv_url": address(release, "portal-csv"),
        "evaluation_csv": address(release, "portal-evaluation-csv"),
        "here_url": address(release, "portal-year"),
        "rubric_words": f"{found.rulebook.title}，{found.rulebook.version} 版",
    }
    if release.example or found.manifest.get("example") is True:
        context["demo"] = True
    return context


def basis(
    release: Release, found: Content, *, n: str, extra: tuple[str, ...] = (), csv: str | None = None
) -> Basis:
    """The basis line of a block of published numbers; their file is that of the year, another one, or none (empty)."""
    return Basis(
        n=n,
        period=f"{release.year} 年度",
        rubric=f"指标体系 {found.rulebook.version} 版",
        extra=extra,
        state=state(release),
        csv=address(release, "portal-csv") if csv is None else csv,
    )


def state(release: Release) -> Settled:
    """What the basis line calls a release: frozen, corrected (it corrects another), or replaced by a correction."""
    if not release.current and release.stands:
        return "replaced"
    return "corrected" if release.number > 1 else "frozen"


def _context(release: Release, all_of_year: list[Release], found: Content, wanted: str) -> dict[str, Any]:
    sheets = found.sheets
    hits = [one for one in sheets if wanted and _named(found, one["unit"], wanted)]
    said = voices(found)
    answer = _answer(found)
    published = (f"{cn_date(release.published_at)}公开",) if release.published_at else ()
    head = Head(
        title=answer,
        chips=_chips(release),
        basis=Basis(
            n=f"n = {len(sheets)}",
            rubric=f"指标体系 {found.rulebook.version} 版",
            extra=published,
            state=state(release),
            digest=release.public_digest,
            # The year's address shows whatever counts; a release keeps its own.
            address=reverse("portal-release", args=[release.key, release.number]),
        ),
    )
    changed = corrections.changes(release, all_of_year, found)
    return {
        **shared(release, all_of_year, found),
        "title": answer,
        "head": head,
        "findings": findings(release, found),
        "strip": strip(
            found,
            csv=address(release, "portal-csv"),
            highlight=_total(hits[0]) if len(hits) == 1 else None,
            highlighted=found.name(hits[0]["unit"]) if len(hits) == 1 else "",
        ),
        "changed": None if changed is None else len(changed),
        "changes": corrections.table(found, changed[: corrections.SHOWN], release) if changed else None,
        "basis": basis(release, found, n=f"n = {len(sheets)}"),
        "q": wanted,
        "columns": [top.name for top in found.tops()] if found.with_points else [],
        "groups": _groups(release, found, hits if wanted else sheets),
        "failed": _failed(release, found),
        "failed_whole": "项一级指标" if not found.complete else "项",
        "n": len(sheets),
        "fair_basis": basis(release, found, n=f"参评 {len(sheets)} 个单位", csv=""),
        "voices": said,
        "voices_least": least_words(found),
        "voices_left_out": any(one["left_out"] for one in said),
        "voices_differ": len({one["units"] for one in said}) > 1,
        "opinions": opinions(found),
        "appeals": _appeals(release),
        "left_out": release.place.facts.get("not_participating") or [],
        "voices_basis": basis(
            release,
            found,
            n=ballots_words(ballots(release)),
            extra=("± 为 95% 误差，单位是百分点",),
            csv=address(release, "portal-evaluation-csv"),
        ),
        "bundle_url": address(release, "portal-bundle") if release.zip.is_file() else "",
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


def _chips(release: Release) -> tuple[Chip, ...]:
    chips = [Chip(label=f"{release.year} 年度", tone="soft")]
    if release.number > 1:
        chips.append(Chip(label=f"第 {release.number - 1} 次更正", tone="cau"))
    return tuple(chips)


def _answer(found: Content) -> str:
    counts = Counter(one["grade"] for one in found.sheets)
    bands = found.rubric.grades.bands if found.rubric.grades else ()
    parts = [f"{counts[band.code]} 个{band.name}" for band in bands if counts[band.code]]
    if counts[None]:
        parts.append(f"{counts[None]} 个等次未定")
    return f"{len(found.sheets)} 个单位：|" + "，|".join(parts)


def _named(found: Content, unit: str, wanted: str) -> bool:
    known = found.units.get(unit)
    return wanted in found.name(unit) or (known is not None and wanted in known.name)


def strip(
    found: Content, *, csv: str = "", highlight: Fraction | None = None, highlighted: str = ""
) -> DistributionStrip:
    """The distribution strip of all totals; ``highlight`` is the total of the unit a search found."""
    bands = list(reversed(found.rubric.grades.bands)) if found.rubric.grades else []
    edges = [*(band.least for band in bands), found.rubric.total]
    mark = f"空心的一点是{highlighted}。" if highlight is not None and highlighted else ""
    given = Counter(one["grade"] for one in found.sheets)
    return DistributionStrip(
        totals=[total for one in found.sheets if (total := _total(one)) is not None],
        bands=tuple(
            GradeBand(band.name, edges[place], edges[place + 1], given[band.code])
            for place, band in enumerate(bands)
        ),
        held=[_total(one) for one in _apart(found)],
        highlight=highlight,
        caption=f"每点是一个单位，按总分排开。{mark}{_beside_the_bands(found)}",
        mark=found.lines_mark,
        csv=csv,
    )


def _total(one: WrittenUnit) -> Fraction | None:
    """The exact total: rounded up to a line, a unit's point would stand in the band above its own."""
    return Fraction(one["exact"] or one["total"]) if one["total"] is not None else None


def _beside_the_bands(found: Content) -> str:
    """Why the strip's counts and the grades differ, when they do: vetoes, gates and quotas move a grade, not a total."""
    if found.rubric.grades is None:
        return ""
    apart = len(_apart(found))
    if not apart:
        return "各档的数字是定为这一等次的单位数。等次还看单项否决、评优前提和名额。"
    return (
        f"各档的数字是定为这一等次的单位数。虚线圈的 {apart} 个单位，等次低于得分所在的分数段："
        "等次还看单项否决、评优前提和名额。"
    )


def _apart(found: Content) -> list[WrittenUnit]:
    """Units whose grade is another than the band of their total."""
    bands = found.rubric.grades.bands if found.rubric.grades else ()

    def band_of(total: str) -> str | None:
        return next((band.code for band in bands if Fraction(total) >= band.least), None)

    return [
        one for one in found.sheets if one["exact"] and one["grade"] and band_of(one["exact"]) != one["grade"]
    ]


def _groups(release: Release, found: Content, sheets: Sequence[WrittenUnit]) -> list[dict[str, Any]]:
    tops = found.tops() if found.with_points else []
    groups: dict[str, list[WrittenUnit]] = {}
    for one in sheets:
        groups.setdefault(one["group"] or "其他", []).append(one)
    return [
        {"name": name, "rows": [_row(release, found, one, tops) for one in members]}
        for name, members in groups.items()
    ]


def _row(release: Release, found: Content, one: WrittenUnit, tops: list[Indicator]) -> dict[str, Any]:
    return {
        "name": found.name(one["unit"]),
        "url": address(release, "portal-unit", one["unit"]),
        "total": found.total(one),
        "grade": found.grade(one["grade"]) if one["grade"] else None,
        "rates": [rate_of(release, found, one, top) for top in tops],
    }


def rate_of(release: Release, found: Content, sheet: WrittenUnit, top: Indicator) -> str:
    """得分率 of a first-level indicator for a table: points per hundred of the unit's own maximum.

    Own, because what does not apply to a unit moves its points to the rest: points could stand above the common maximum, the
    rate cannot stand above 100. What is not scored is no nought, and too few ballots are no 不涉及.
    """
    line = sheet["indicators"].get(top.code)
    if line is None:
        return "—"
    told = verdict(release, sheet["unit"])
    asked = any(leaf.method == "satisfaction" for leaf in top.leaves())
    if asked and told is not None and not told.get("grade"):
        return "份数不足"
    if line["status"] == "not_applicable":
        return "不涉及"
    if line["status"] not in ("scored", "vetoed"):
        return "没有计分"
    whole = found.full(sheet, top.code)
    return f"{points(Fraction(line['exact']) * 100 / whole, 1)}%" if whole else "—"


def _failed(release: Release, found: Content) -> list[dict[str, Any]]:
    """The items on which most units earned less than six tenths, with the number they applied to."""
    rows = sorted((one for one in failing(found).values() if one[1]), key=lambda one: -one[1])
    method = address(release, "portal-data-year")
    return [
        {"label": f"{leaf.code} {leaf.name}", "count": failed, "n": n, "url": f"{method}#i-{leaf.code}"}
        for leaf, failed, n in rows[:MOST_FAILED]
    ]
