"""One version of a rulebook: its tree, where every number comes from, and the file of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

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
from kaoping.standards import queries
from kaoping.standards.loading import Rulebook, parent_of
from kaoping.standards.numbers import limit_numbers, numbers
from kaoping.support import clock
from kaoping.web.desk.records.rulebooks import door, newest, states_of, version_and_book
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_date

ROLES: Final = {"bonus": "加分", "penalty": "扣分", "veto": "单项否决", "gate": "前提"}


@require_safe
def one(request: SignedIn, version_id: int) -> HttpResponse:
    """The tree: every number says where it comes from; 待核 is what the regulations do not set."""
    door(request)
    version, book = version_and_book(version_id)
    leaves = list(book.rubric.leaves())
    adopted = campaigns.adoptions_of(version_id)
    adoption = newest(adopted)
    unverified = sum(is_open(leaf.confidence, adoption) for leaf in leaves)
    if "format" in request.GET:
        return download(_file(book, adoption), request.GET["format"])
    told = f"{unverified} 项分值待核" if unverified else "分值已由本级审定" if adopted else "分值都有依据"
    title = f"{book.version} 版有 {len(leaves)} 项指标，|{told}"
    context = {
        "title": title,
        "version": version,
        "head": _head(title, version, book),
        "about": _about(book, adoption),
        "state": states_of([version])[version_id][0],
        "of_draft": _of_draft(version) if version.draft else [],
        "withdraw": _withdraw_action(request, version),
        "parent_url": reverse("desk-rulebook-parent", args=[version_id]) if parent_of(book) else "",
        "adopted": [{"year": year, "paper": str(one)} for year, one in adopted.items()],
        "unverified": unverified,
        "numbers": _numbers(book, adoption),
        "tops": [_top(top, book, adoption) for top in book.rubric.indicators],
        "others": [other for other in queries.versions() if other.pk != version_id],
    }
    return render(request, "desk/records/rulebook.html", context)


def _head(title: str, version: queries.RulebookVersion, book: Rulebook) -> Head:
    return Head(
        title=title,
        crumbs=(Crumb(label="指标体系", url=reverse("desk-rulebooks")), Crumb(label=book.title)),
        basis=Basis(
            rubric=f"{book.title} {book.version}",
            period=f"{cn_date(version.adopted_at)}由 {version.adopted_by} 采用",
            digest=book.digest,
            csv="?format=csv",
            xlsx="?format=xlsx",
            address=reverse("desk-rulebook", args=[version.pk]),
        ),
    )


def _numbers(book: Rulebook, adoption: Adoption | None) -> list[tuple[str, str]]:
    """The settings and limits of a rulebook, each with where its number comes from."""
    return [
        (one.name, f"{one.value}　{provenance.words(one.confidence, adoption)}")
        for one in [*numbers(book), *limit_numbers(book)]
    ]


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
    asked = {"actor": request.actor, "version": version, "reason": "", "now": clock.now()}
    if not version.draft or version.withdrawn is not None or withdraw_rulebook.closed(**asked):
        return None
    words = withdraw_rulebook.check(**asked)
    url = reverse("desk-rulebook-withdraw", args=[version.pk])
    return Action(label="撤回草案", url="" if words else url, kind="danger", disabled=words or "")


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
