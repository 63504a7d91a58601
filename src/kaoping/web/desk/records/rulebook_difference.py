"""What one version of a rulebook changes in another, or in the rulebook that it extends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.campaigns.queries import campaign as campaigns
from kaoping.reporting.tables import Table
from kaoping.scoring import provenance
from kaoping.scoring.provenance import Adoption
from kaoping.standards import queries
from kaoping.standards.comparison import Change, compare
from kaoping.standards.loading import parent_of
from kaoping.web.desk.records.rulebooks import door, newest, version_and_book
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Column, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download

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


@require_safe
def to_parent(request: SignedIn, version_id: int) -> HttpResponse:
    """What a version changes in the rulebook that it extends."""
    door(request)
    version, book = version_and_book(version_id)
    parent = parent_of(book)
    if parent is None:
        raise Http404
    changes = [
        _marked(one, None, newest(campaigns.adoptions_of(version_id)))
        for one in compare(parent.rubric, book.rubric)
    ]
    return _difference_page(request, parent, version, changes)


@require_safe
def difference(request: SignedIn, before_id: int, after_id: int) -> HttpResponse:
    """What one version changes in another."""
    door(request)
    (old, old_book), (new, new_book) = version_and_book(before_id), version_and_book(after_id)
    adoptions = tuple(newest(campaigns.adoptions_of(one)) for one in (before_id, after_id))
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
    door(request)
    chosen = (request.GET.get("before", ""), request.GET.get("after", ""))
    if not all(one.isascii() and one.isdigit() and len(one) < 9 for one in chosen):
        raise Http404
    return redirect("desk-rulebook-difference", *map(int, chosen))


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
