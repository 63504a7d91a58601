"""Rulebook versions: the list, and what the screens of one version and of two ask of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.doors import somewhere
from kaoping.campaigns import policy as campaign_policy
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.scoring.provenance import Adoption
from kaoping.standards import policy, queries, services
from kaoping.standards.loading import Rulebook, load_rulebook, shipped
from kaoping.support import clock
from kaoping.web.desk.years import require
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date, short_hash

DRAFT: Final = "草案"
WITHDRAWN: Final = "已撤回"


def states_of(versions: Sequence[Any]) -> dict[int, tuple[str, str]]:
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


def door(request: SignedIn) -> None:
    """Who sees rulebooks at the desk. Raises ``PermissionDenied``."""
    seen = somewhere(campaign_policy.can_see_campaign, request.actor) or campaign_policy.can_see_branch(
        request.actor
    )
    require(seen, "指标体系由政务公开办、主管部门和领导小组查看；公开后在方法页人人可看。")


@require_safe
def versions(request: SignedIn) -> HttpResponse:
    """All adopted versions and what is shipped but not adopted."""
    door(request)
    rows = [*queries.versions(), *queries.withdrawn()]
    known = {row.digest for row in rows}
    offered = [book for book in map(load_rulebook, shipped()) if book.digest not in known]
    states = states_of(rows)
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
        "may_hand_in": somewhere(policy.can_hand_in, request.actor),
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


def version_and_book(version_id: int) -> tuple[queries.RulebookVersion, Rulebook]:
    """A version with its text, or no page."""
    version = queries.version(version_id)
    if version is None:
        raise Http404
    return version, queries.rulebook_of(version_id)


def newest(adopted: Mapping[int, Adoption]) -> Adoption | None:
    """The adoption of the newest year in which a version was approved, or null."""
    return adopted[max(adopted)] if adopted else None
