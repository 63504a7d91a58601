"""Method and data: the rules as a tree, the files with their digests, how to check them, downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.shortcuts import render
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from kaoping.scoring import provenance
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.provenance import Adoption
from kaoping.scoring.rubric import Indicator
from kaoping.scoring.sheet import WrittenLine
from kaoping.standards.numbers import numbers
from kaoping.web.portal import corrections
from kaoping.web.portal.city import asked_for, shared, unreadable, withdrawn
from kaoping.web.portal.published import (
    BundleUnreadable,
    Content,
    Release,
    address,
    catalogue,
    catalogue_digest,
    content,
    releases,
)
from kaoping.web.portal.serving import csv_response, public_page
from kaoping.web.portal.voices import asked, few_words, plain_title, too_few, voices
from kaoping.web.ui.parts.head import Basis, Chip, Head
from kaoping.web.ui.wording import cn_date, points, size_words

METHODS: Final = {
    "deduction": "扣分",
    "ratio": "按比例",
    "boolean": "有或没有",
    "levels": "分档",
    "judged": "评审人员按档盲评，取中位数",
    "points": "直接给分",
    "occurrences": "按次扣分",
    "satisfaction": "满意度换算",
}
ROLES: Final = {"bonus": "加分", "penalty": "扣分", "veto": "单项否决", "gate": "评优前提"}
FILE_WORDS: Final = {
    "results.json": "每个单位每一项的得分",
    "units.csv": "单位",
    "observations.jsonl": "观察记录",
    "observations.sha256": "每条观察记录的校验值",
    "tallies.json": "社会评议计票",
    "dictionary.md": "数据说明",
}
EXAMPLE: Final = "示例数据"


@require_safe
@public_page
def latest(request: HttpRequest) -> HttpResponse:
    """Method and data of the newest year."""
    found = releases()
    if not found:
        return render(request, "portal/nothing.html", {"title": "还没有公开的数据"})
    newest = next((one for one in found if one.stands), found[0])
    return _page(request, newest.key)


@require_safe
@public_page
def of_year(request: HttpRequest, key: OrganisedYear) -> HttpResponse:
    """Method and data of one year."""
    return _page(request, key)


@require_safe
@public_page
def of_release(request: HttpRequest, key: OrganisedYear, number: int) -> HttpResponse:
    """Method and data of one release, also after it was corrected."""
    return _page(request, key, number)


def _page(request: HttpRequest, key: OrganisedYear, number: int | None = None) -> HttpResponse:
    all_of_year, release = asked_for(key, number)
    # A withdrawn year keeps its method page: what was withdrawn stays checkable by its digest.
    if release is None:
        release = next((one for one in all_of_year if one.number == number), all_of_year[0])
    try:
        found = content(release)
    except BundleUnreadable:
        return unreadable(request, release)
    return render(request, "portal/data.html", _context(release, all_of_year, found))


def _context(release: Release, all_of_year: list[Release], found: Content) -> dict[str, Any]:
    rules = found.rulebook
    changed = corrections.changes(release, all_of_year, found)
    adopted, others = release.adopted, numbers(rules)
    doubtful = any(
        provenance.is_open(one, adopted)
        for one in (
            *(leaf.confidence for leaf in found.rubric.leaves()),
            *(other.confidence for other in others),
        )
    )
    title = f"{release.year} 年度：|{len(list(found.rubric.leaves()))} 项指标，|每个数都能自己算一遍"
    return {
        **shared(release, all_of_year, found),
        "title": title,
        "head": Head(
            title=title,
            chips=(Chip(label=f"{release.year} 年度", tone="soft"),),
            basis=Basis(
                period=" 至 ".join(cn_date(one) for one in found.results["period"]),
                as_of=found.results["as_of"],
                rubric=f"{rules.title}，{rules.version} 版",
            ),
        ),
        "rules": rules,
        "basis_lines": rules.about.get("legal_basis") or [],
        "note": (rules.about.get("note") or "") if doubtful else "",
        "doubtful": doubtful,
        "adopted": adopted,
        "tree": [_node(top, adopted) for top in found.rubric.indicators],
        "numbers": [
            (one.name, f"{one.value}　{provenance.words(one.confidence, adopted)}") for one in others
        ],
        "grades": _grades(found, adopted),
        "files": _files(found) if release.stands else [],
        "bundle_url": address(release, "portal-bundle") if release.stands and release.zip.is_file() else "",
        "bundle_size": size_words(release.zip.stat().st_size) if release.zip.is_file() else "",
        "command": f"kaoping verify {_zip_name(release)} --digest {release.public_digest}",
        "not_provable": found.manifest.get("not_provable") or [],
        "signatures": [
            {"role": one.get("role"), "at": one.get("at")} for one in found.manifest.get("signatures") or []
        ],
        "catalogue_digest": catalogue_digest(),
        "versions": [_version(one, release) for one in all_of_year],
        "changed": None if changed is None else len(changed),
        "changes": corrections.table(found, changed, release) if changed else None,
        "has_voices": bool(found.tallies),
        "questions": [plain_title(one) for one in asked(found)],
    }


def _node(item: Indicator, adopted: Adoption | None) -> dict[str, Any]:
    number = provenance.of_number(item)
    return {
        "code": item.code,
        "name": item.name,
        "max": points(item.max),
        "role": ROLES.get(item.role, ""),
        "method": METHODS.get(item.method or "", item.method or ""),
        "doubtful": provenance.is_open(number, adopted),
        "facts": [
            (label, text)
            for label, text in (
                ("依据", item.basis),
                ("怎么看", item.observed_by),
                ("要什么材料", item.evidence),
                ("计分", METHODS.get(item.method or "", "")),
                ("数字来源", provenance.words(number, adopted)),
            )
            if text
        ],
        "levels": [(one.name, f"{points(one.share * 100)}%", one.description) for one in item.levels],
        "children": [_node(child, adopted) for child in item.children],
    }


def _grades(found: Content, adopted: Adoption | None) -> list[str]:
    rule = found.rubric.grades
    if rule is None:
        return []
    names = {band.code: band.name for band in rule.bands}
    mark = provenance.mark(rule.confidence, adopted)
    lines = [f"{band.name}：{points(band.least)} 分以上{mark}" for band in rule.bands if band.least]
    lines += [f"{band.name}：不到上一档" for band in rule.bands if not band.least]
    if rule.quota:
        ties = "并列的都不给" if rule.quota.ties == "out" else "并列的都给"
        lines.append(
            f"每组{names[rule.quota.grade]}不超过 {points(rule.quota.share * 100)}%"
            f"（至少 {rule.quota.least} 个），线上{ties}{provenance.mark(rule.quota.confidence, adopted)}"
        )
    if rule.gated:
        lines.append(f"{names[rule.gated]}还要满足全部评优前提")
    lines.append(f"触发单项否决的，定为{names[rule.veto_grade]}")
    return lines


def _files(found: Content) -> list[list[Any]]:
    return [
        [
            {"text": name, "note": FILE_WORDS.get(name, "指标体系" if name.startswith("rulebook/") else "")},
            size_words(entry["size"]),
            {"text": entry["sha256"], "mono": True},
        ]
        for name, entry in sorted(found.manifest.get("files", {}).items())
    ]


def _version(one: Release, shown: Release) -> dict[str, Any]:
    state = "现行" if one.current else "已被更正"
    if not one.stands:
        state = f"{cn_date(one.withdrawn_at)}撤回：{one.withdrawn_reason or '没有写明理由'}"
    return {
        "name": "首次公开" if one.number == 1 else f"第 {one.number - 1} 次更正",
        "at": one.published_at,
        "state": state,
        "reason": corrections.reason(one) if one.number > 1 else "",
        "url": "" if one.number == shown.number or not one.stands else address(one, "portal-year"),
        "public": one.public_digest,
        "full": one.full_digest,
    }


@require_safe
@public_page
def results_csv(request: HttpRequest, key: OrganisedYear) -> HttpResponse:
    """Every unit with total, grade and the points of every published indicator."""
    return _answer(request, key, None, _results_csv)


@require_safe
@public_page
def release_csv(request: HttpRequest, key: OrganisedYear, number: int) -> HttpResponse:
    """The same of one release."""
    return _answer(request, key, number, _results_csv)


def _results_csv(release: Release, found: Content) -> HttpResponse:
    items = [
        item
        for item in found.rubric.walk()
        if any(item.code in one["indicators"] for one in found.sheets)
        and item.role in ("item", "bonus", "penalty")
    ]
    columns = ["代码", "单位", "简称", "分组", "总分", "精确总分", "等次", "等次说明", "单项否决"]
    columns += [*(f"{item.code} {item.name}" for item in items), "数字的来历"]
    rows = []
    for one in found.sheets:
        unit = found.units.get(one["unit"])
        row: list[Any] = [one["unit"], unit.name if unit else "", found.name(one["unit"]), one["group"]]
        row += [
            one["total"],
            one["exact"],
            found.grade(one["grade"]),
            one["grade_reason"],
            "、".join(one["vetoes"]),
        ]
        row += [*(_cell(one["indicators"].get(item.code)) for item in items), found.numbers_from]
        rows.append(row)
    return _marked(f"kaoping-{_named(release)}-results.csv", columns, rows, example=release.example)


def _cell(line: WrittenLine | None) -> str:
    if line is None:
        return ""
    words = {"not_applicable": "不涉及", "not_scored": "没有计分"}
    return words.get(line["status"], str(line["points"]))


@require_safe
@public_page
def evaluation_csv(request: HttpRequest, key: OrganisedYear) -> HttpResponse:
    """Counts of the public evaluation by unit and question; below the least number only how many took a stand."""
    return _answer(request, key, None, _evaluation_csv)


@require_safe
@public_page
def release_evaluation_csv(request: HttpRequest, key: OrganisedYear, number: int) -> HttpResponse:
    """The same of one release."""
    return _answer(request, key, number, _evaluation_csv)


def _evaluation_csv(release: Release, found: Content) -> HttpResponse:
    if not found.tallies:
        raise Http404
    columns = [
        "代码",
        "单位",
        "题目",
        "有效份数",
        "满意",
        "基本满意",
        "不满意",
        "说不清",
        "满意%",
        "误差±",
        "说明",
    ]
    rows = list(_voice_rows(found))
    return _marked(f"kaoping-{_named(release)}-evaluation.csv", columns, rows, example=release.example)


def _voice_rows(found: Content) -> Iterator[list[Any]]:
    for sheet in found.sheets:
        for one in voices(found, sheet["unit"]):
            counts = one["counts"]
            yield [
                sheet["unit"],
                found.name(sheet["unit"]),
                one["title"],
                one["n"],
                *(counts[key] for key in ("satisfied", "basic", "dissatisfied", "unclear")),
                one["shares"]["satisfied"],
                one["margins"]["satisfied"],
                "",
            ]
        for title, n in too_few(found, sheet["unit"]):
            yield [sheet["unit"], found.name(sheet["unit"]), title, *[""] * 7, few_words(found, n)]


def _marked(name: str, columns: list[str], rows: list[list[Any]], *, example: bool) -> HttpResponse:
    if example:
        columns = [*columns, "数据性质"]
        rows = [[*row, EXAMPLE] for row in rows]
        name = f"example-{name}"
    return csv_response(name, columns, rows)


def _named(release: Release) -> str:
    """The year, with the number where it is not the one that counts."""
    return f"{release.year}" if release.current else f"{release.year}-{release.number}"


def _answer(
    request: HttpRequest,
    key: OrganisedYear,
    number: int | None,
    make: Callable[[Release, Content], HttpResponse],
) -> HttpResponse:
    """The file of a release, or what its page says instead: that it was withdrawn and why, or that we cannot read it."""
    all_of_year, release = asked_for(key, number)
    if release is None:
        return withdrawn(request, all_of_year, number)
    try:
        return make(release, content(release))
    except BundleUnreadable:
        return unreadable(request, release)


@require_safe
@public_page
def catalogue_json(request: HttpRequest) -> HttpResponse:
    """The catalogue of releases, byte for byte; its SHA-256 stands at the foot of every page."""
    found = catalogue()
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="application/json")


@require_safe
def bundle(request: HttpRequest, key: OrganisedYear) -> HttpResponseBase:
    """The bundle as a ZIP; its tag is the published digest, so that a reader who has it is not sent it again."""
    return _bundle(request, key, None)


@require_safe
def release_bundle(request: HttpRequest, key: OrganisedYear, number: int) -> HttpResponseBase:
    """The same of one release, also after it was corrected."""
    return _bundle(request, key, number)


def _zip_name(release: Release) -> str:
    """The name under which a bundle is saved, which the printed command names too."""
    return f"{'example-' if release.example else ''}kaoping-{release.place.folder.name}.zip"


def _bundle(request: HttpRequest, key: OrganisedYear, number: int | None) -> HttpResponseBase:
    all_of_year, release = asked_for(key, number)
    if release is None:
        return withdrawn(request, all_of_year, number)
    if not release.zip.is_file():
        return unreadable(request, release)
    tag = f'"{release.public_digest}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": tag})
    response = FileResponse(
        release.zip.open("rb"),
        as_attachment=True,
        filename=_zip_name(release),
        content_type="application/zip",
    )
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    return response
