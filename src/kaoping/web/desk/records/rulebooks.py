"""Rulebook versions: the list, the tree of one with 待核 marks, and the difference of two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.campaigns import policy as campaign_policy
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries.items import decimal_text
from kaoping.campaigns.services.rulebook import withdraw_rulebook
from kaoping.registry.logic import KINDS
from kaoping.registry.queries import short_names_of
from kaoping.reporting.tables import Table
from kaoping.scoring import provenance
from kaoping.scoring.methods import scale_in_words
from kaoping.scoring.provenance import Adoption, is_open
from kaoping.scoring.rubric import Indicator
from kaoping.standards import policy, queries, services
from kaoping.standards.comparison import Change, compare
from kaoping.standards.loading import Rulebook, load_rulebook, parent_of, shipped
from kaoping.standards.numbers import limit_numbers, numbers
from kaoping.support import clock
from kaoping.web.desk.years import require
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Column, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_date, short_hash

ROLES: Final = {"bonus": "加分", "penalty": "扣分", "veto": "单项否决", "gate": "前提"}
KIND_WORDS: Final = {"added": "增", "dropped": "删", "changed": "改"}
FIELD_WORDS: Final = {
    "name": "名称",
    "max": "满分",
    "component": "组成",
    "method": "计分方法",
    "basis": "依据",
    "observed_by": "怎么看",
    "evidence": "材料",
    "period": "期间",
    "role": "性质",
    "settings": "参数",
    "levels": "档次",
}


DRAFT: Final = "草案"
WITHDRAWN: Final = "已撤回"


def _states(versions: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """How far each version is, in words, and the tone of its mark: draft, in a plan, approved with it, withdrawn. Two queries."""
    approved, chosen = queries.approved_for(), campaigns.years_by_rulebook()

    def state(version: Any) -> tuple[str, str]:
        if version.withdrawn is not None:
            return WITHDRAWN, "line"
        if not version.draft:
            return "已采用", "line"
        if version.pk in approved:
            return f"本级审定（{approved[version.pk]} 年度）", "soft"
        if years := chosen.get(version.pk):
            return f"{DRAFT}，{years[-1]} 年度方案选用，待批", "cau"
        return DRAFT, "cau"

    return {version.pk: state(version) for version in versions}


def _door(request: SignedIn) -> None:
    seen = campaign_policy.can_see_campaign(request.actor) or campaign_policy.can_see_branch(request.actor)
    require(seen, "指标体系由市政务公开办、主管部门和领导小组查看；公开后在方法页人人可看。")


@require_safe
def versions(request: SignedIn) -> HttpResponse:
    """All adopted versions and what is shipped but not adopted."""
    _door(request)
    rows = [*queries.versions(), *queries.withdrawn()]
    known = {row.digest for row in rows}
    offered = [book for book in map(load_rulebook, shipped()) if book.digest not in known]
    states = _states(rows)
    drafts = sum(said.startswith(DRAFT) for said, _tone in states.values())
    taken = sum(said != WITHDRAWN for said, _tone in states.values()) - drafts
    title = f"已采用 {taken} 版规则集" if taken else "还没有采用规则集"
    title += f"，|{drafts} 版草案" if drafts else ""
    table = data_table(
        columns=["规则集", "版本", "情况", "收存", "校验值"],
        rows=rows,
        cells=lambda row: [
            Cell(text=row.title, url=reverse("desk-rulebook", args=[row.pk]), note=row.rulebook),
            row.version,
            Cell(text=states[row.pk][0], chip=states[row.pk][1]),
            f"{cn_date(row.adopted_at)} {row.adopted_by}",
            Cell(text=short_hash(row.digest), mono=True),
        ],
        params=request.GET.dict(),
        caption="规则集版本",
        empty=Empty(
            title="还没有采用规则集。", text="由经办采用随程序提供的规则集，或在建立年度考核时选用。"
        ),
        fold=True,
    )
    context = {
        "title": title,
        "table": table,
        "offered": offered if policy.can_adopt(request.actor) else [],
        "may_hand_in": policy.can_hand_in(request.actor),
        "rows": rows,
    }
    return render(request, "desk/records/rulebooks.html", context)


@require_POST
def adopt(request: SignedIn) -> HttpResponse:
    """Keep the text of a shipped rulebook as a version."""
    name = request.POST.get("rulebook", "")
    if name not in shipped():
        raise Http404
    version = services.adopt(actor=request.actor, rulebook=load_rulebook(name), now=clock.now())
    messages.success(request, f"已采用 {version.title} {version.version}。")
    return redirect("desk-rulebook", version.pk)


@require_safe
def one(request: SignedIn, version_id: int) -> HttpResponse:
    """The tree: every number says where it comes from; 待核 is what the regulations do not set."""
    _door(request)
    version, book = _version(version_id)
    leaves = list(book.rubric.leaves())
    adopted = campaigns.adoptions_of(version_id)
    adoption = _newest(adopted)
    unverified = sum(is_open(leaf.confidence, adoption) for leaf in leaves)
    if "format" in request.GET:
        return download(_file(book, adoption), request.GET["format"])
    told = f"{unverified} 项分值待核" if unverified else "分值已由本级审定" if adopted else "分值都有依据"
    title = f"{book.version} 版有 {len(leaves)} 项指标，|{told}"
    context = {
        "title": title,
        "version": version,
        "head": Head(
            title=title,
            crumbs=(Crumb(label="指标体系", url=reverse("desk-rulebooks")), Crumb(label=book.title)),
            basis=Basis(
                rubric=f"{book.title} {book.version}",
                period=f"{cn_date(version.adopted_at)}由 {version.adopted_by} 采用",
                digest=book.digest,
                csv="?format=csv",
                xlsx="?format=xlsx",
                address=reverse("desk-rulebook", args=[version_id]),
            ),
        ),
        "about": _about(book, adoption),
        "state": _states([version])[version_id][0],
        "of_draft": _of_draft(version) if version.draft else [],
        "withdraw": _withdraw_action(request, version),
        "parent_url": reverse("desk-rulebook-parent", args=[version_id]) if parent_of(book) else "",
        "adopted": [{"year": year, "paper": str(one)} for year, one in adopted.items()],
        "unverified": unverified,
        "numbers": [
            (one.name, f"{one.value}　{provenance.words(one.confidence, adoption)}")
            for one in [*numbers(book), *limit_numbers(book)]
        ],
        "tops": [_top(top, book, adoption) for top in book.rubric.indicators],
        "others": [other for other in queries.versions() if other.pk != version_id],
    }
    return render(request, "desk/records/rulebook.html", context)


def _of_draft(version: queries.RulebookVersion) -> list[tuple[str, str]]:
    """Who handed a draft in, for whom, and who took it back."""
    organiser = version.organiser or ""
    names = short_names_of({organiser})
    rows = [
        ("交存", f"{cn_date(version.adopted_at)} {version.adopted_by}"),
        ("组织考核的单位", names.get(organiser, organiser)),
    ]
    if (gone := version.withdrawn) is not None:
        rows.append(("撤回", f"{cn_date(gone.at)} {gone.by}：{gone.reason}"))
    return rows


def _withdraw_action(request: SignedIn, version: queries.RulebookVersion) -> Action | None:
    """The way to the withdrawal of a draft, with the reason why not beside it."""
    if not version.draft or version.withdrawn is not None or not policy.can_hand_in(request.actor):
        return None
    words = withdraw_rulebook.check(actor=request.actor, version=version, reason="", now=clock.now())
    url = reverse("desk-rulebook-withdraw", args=[version.pk])
    return Action(label="撤回草案", url="" if words else url, kind="danger", disabled=words or "")


@require_safe
def to_parent(request: SignedIn, version_id: int) -> HttpResponse:
    """What a version changes in the rulebook that it extends."""
    _door(request)
    version, book = _version(version_id)
    parent = parent_of(book)
    if parent is None:
        raise Http404
    changes = [
        _marked(one, None, _newest(campaigns.adoptions_of(version_id)))
        for one in compare(parent.rubric, book.rubric)
    ]
    return _difference_page(request, parent, version, changes)


def _about(book: Rulebook, adoption: Adoption | None) -> list[tuple[str, str]]:
    return [
        ("发布机关", book.issuer),
        ("总分", decimal_text(book.rubric.total)),
        (
            "组成",
            "；".join(
                f"{part.name} {decimal_text(part.points)} 分{provenance.mark(part.confidence, adoption)}"
                for part in book.rubric.components
            )
            or "没有划分",
        ),
        ("等次", _grades(book, adoption)),
    ]


@require_safe
def difference(request: SignedIn, before_id: int, after_id: int) -> HttpResponse:
    """What one version changes in another."""
    _door(request)
    (old, old_book), (new, new_book) = _version(before_id), _version(after_id)
    adoptions = tuple(_newest(campaigns.adoptions_of(one)) for one in (before_id, after_id))
    changes = [_marked(one, *adoptions) for one in compare(old_book.rubric, new_book.rubric)]
    return _difference_page(request, old, new, changes)


def _difference_page(request: SignedIn, old: Any, new: Any, changes: list[Change]) -> HttpResponse:
    """Two versions side by side, each with ``title``, ``version`` and ``digest``."""
    if "format" in request.GET:
        return download(_difference_file(old, new, changes), request.GET["format"])
    counts = {kind: len({one.code for one in changes if one.kind == kind}) for kind in KIND_WORDS}
    title = f"{new.version} 比 {old.version}：|加 {counts['added']} 项，改 {counts['changed']} 项，删 {counts['dropped']} 项"
    table = data_table(
        columns=[
            "指标",
            "增删改",
            "哪里",
            Column(old.version),
            Column(new.version),
        ],
        rows=changes,
        cells=change_cells,
        params=request.GET.dict(),
        caption="两版的差别",
        empty=Empty(title="两版指标没有差别。"),
        csv="?format=csv",
        fold=True,
    )
    context = {
        "title": title,
        "head": Head(
            title=title,
            crumbs=(Crumb(label="指标体系", url=reverse("desk-rulebooks")), Crumb(label="差别")),
            basis=Basis(extra=(f"{old.title} {old.version}", f"{new.title} {new.version}")),
        ),
        "table": table,
    }
    return render(request, "desk/records/rulebook_difference.html", context)


@require_safe
def choose_difference(request: SignedIn) -> HttpResponse:
    """The two versions chosen in a form."""
    _door(request)
    chosen = (request.GET.get("before", ""), request.GET.get("after", ""))
    if not all(one.isascii() and one.isdigit() and len(one) < 9 for one in chosen):
        raise Http404
    return redirect("desk-rulebook-difference", *map(int, chosen))


def _version(version_id: int) -> tuple[queries.RulebookVersion, Rulebook]:
    version = queries.version(version_id)
    if version is None:
        raise Http404
    return version, queries.rulebook_of(version_id)


def _newest(adopted: Mapping[int, Adoption]) -> Adoption | None:
    return adopted[max(adopted)] if adopted else None


def _marked(one: Change, old: Adoption | None, new: Adoption | None) -> Change:
    """The difference with what stands behind numbers that nobody decided yet."""
    before, after = (
        f"{text}{provenance.mark(source, adoption) if source else ''}"
        for text, source, adoption in (
            (one.before, one.before_from, old),
            (one.after, one.after_from, new),
        )
    )
    return replace(one, before=before, after=after)


def _grades(book: Rulebook, adoption: Adoption | None) -> str:
    rule = book.rubric.grades
    if rule is None:
        return "不分等次"
    mark = provenance.mark(rule.confidence, adoption)
    words = "；".join(
        f"{band.name} {decimal_text(band.least)} 分以上{mark if band.least else ''}" for band in rule.bands
    )
    if rule.quota:
        names = {band.code: band.name for band in rule.bands}
        share = decimal_text(rule.quota.share * 100)
        words += f"；{names.get(rule.quota.grade, rule.quota.grade)}不超过每组 {share}%"
        words += provenance.mark(rule.quota.confidence, adoption)
    return words


def _top(top: Indicator, book: Rulebook, adoption: Adoption | None) -> dict[str, Any]:
    names = {part.code: part.name for part in book.rubric.components}
    return {
        "code": top.code,
        "name": top.name,
        "max": decimal_text(top.max) if top.role == "item" else "",
        "role": ROLES.get(top.role, ""),
        "unverified": is_open(provenance.of_number(top), adoption),
        "rows": list(_rows(top, names, 0, adoption)),
    }


def _rows(
    node: Indicator, names: dict[str, str], depth: int, adoption: Adoption | None
) -> Iterator[dict[str, Any]]:
    number = provenance.of_number(node)
    if not node.children:
        yield {
            "code": node.code,
            "name": node.name,
            "depth": depth,
            "max": decimal_text(node.max),
            "component": names.get(node.component or "", ROLES.get(node.role, "")),
            "unverified": is_open(number, adoption),
            "pairs": [
                ("依据", node.basis or "没有写明"),
                ("怎么看", node.observed_by or "没有写明"),
                ("怎么计分", scale_in_words(node)),
                *[(f"“{level.name}”", level.description) for level in node.levels],
                ("数字来源", provenance.words(number, adoption)),
                ("材料", node.evidence or "不要求另交材料"),
                ("适用", "、".join(KINDS.get(kind, kind) for kind in node.applies_to) or "各类单位"),
            ],
            "locked": node.locked,
        }
    elif depth:
        yield {
            "code": node.code,
            "name": node.name,
            "max": decimal_text(node.max),
            "branch": True,
            "unverified": is_open(number, adoption),
        }
    for child in node.children:
        yield from _rows(child, names, depth + 1, adoption)


def _file(book: Rulebook, adoption: Adoption | None) -> Table:
    names = {part.code: part.name for part in book.rubric.components}
    rows = []
    for top in book.rubric.indicators:
        for leaf in top.leaves():
            rows.append(
                [
                    leaf.code,
                    top.name,
                    leaf.name,
                    decimal_text(leaf.max),
                    names.get(leaf.component or "", ROLES.get(leaf.role, "")),
                    leaf.basis,
                    leaf.observed_by,
                    scale_in_words(leaf),
                    leaf.evidence,
                    provenance.words(leaf.confidence, adoption),
                ]
            )
    return Table(
        f"{book.title} {book.version}",
        ["代码", "一级指标", "指标", "满分", "组成", "依据", "怎么看", "怎么计分", "材料", "数字来源"],
        rows,
        [f"校验值 {book.digest}。"],
    )


def _where(field: str) -> str:
    name, _dot, key = field.partition(".")
    return f"{FIELD_WORDS.get(name, name)} {key}".strip()


def change_cells(one: Change) -> list[Value]:
    """One difference as a row."""
    tone = {"added": "soft", "dropped": "neg", "changed": "line"}[one.kind]
    return [
        Cell(text=one.code, mono=True),
        Cell(text=KIND_WORDS[one.kind], chip=tone),
        _where(one.field) or "整项",
        one.before or "—",
        one.after or "—",
    ]


def _difference_file(
    old: queries.RulebookVersion, new: queries.RulebookVersion, changes: list[Change]
) -> Table:
    return Table(
        f"规则集差别 {old.version} {new.version}",
        ["代码", "增删改", "哪里", "原来", "现在"],
        [[one.code, KIND_WORDS[one.kind], _where(one.field), one.before, one.after] for one in changes],
        [f"{old.title} {old.version}（{old.digest}）与 {new.title} {new.version}（{new.digest}）。"],
    )
