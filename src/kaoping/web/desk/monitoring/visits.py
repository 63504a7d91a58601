"""Visits as the desk reads them, with their photos."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.accounts.actor import Actor
from kaoping.accounts.doors import somewhere
from kaoping.evidence import queries as ledger
from kaoping.inspection import logic, policy, queries
from kaoping.registry.queries import search
from kaoping.registry.scope import Scope
from kaoping.reporting.tables import Table
from kaoping.support.rows import Rows
from kaoping.web.desk.visited import scope
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, DataTable
from kaoping.web.ui.proofs import GONE
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime, points


def may_see_draws(actor: Actor) -> bool:
    """Who opens the pages of the draws is who is shown the way to them."""
    return scope(actor).organiser is not None


@require_safe
def visits(request: SignedIn) -> HttpResponse:
    """The list, newest first."""
    seen = scope(request.actor)
    outcome = request.GET.get("outcome", "")
    chosen = {
        "unit": request.GET.get("unit", "").strip(),
        "outcome": outcome if outcome in logic.OUTCOMES else "",
    }
    if chosen["unit"]:
        named = set(search(words=chosen["unit"]).values_list("code", flat=True))
        seen = seen.of(named)
    rows = queries.listed(queries.visits(outcome=chosen["outcome"], scope=seen))
    if "format" in request.GET:
        return download(_file(rows), request.GET["format"])
    table = _table(request, rows)
    context = {
        "title": _title(_failed(chosen["outcome"], seen), table.total, any(chosen.values())),
        "table": table,
        "chosen": chosen,
        "outcomes": list(logic.OUTCOMES.items()),
        "may_see_draws": may_see_draws(request.actor),
        "may_draw": somewhere(policy.can_commit_draw, request.actor),
    }
    return render(request, "desk/monitoring/visits.html", context)


def _table(request: SignedIn, rows: Rows[queries.VisitRow]) -> DataTable:
    names = {code: name for code, name, _how in queries.visit_items()}
    gone = ledger.gone()
    return paged_table(
        columns=["单位", "地点", "看的是什么", "结果", "说明", "照片", "检查员", "时间"],
        rows=rows,
        cells=lambda one: [
            one.unit_short_name,
            one.place,
            f"{one.item} {names.get(one.item, '')}".strip() or one.check,
            Cell(text=logic.OUTCOMES[one.outcome], note=one.late),
            one.note or "—",
            _photo(one.photo, gone.get(one.photo)),
            one.inspector,
            cn_datetime(one.visited_at),
        ],
        params=request.GET,
        caption="实地查看",
        empty=Empty(title="没有符合条件的实地查看。", text="检查员在手机上登记后，会列在这里。"),
    )


def _failed(outcome: str, seen: Scope) -> int:
    """How many of the visits of this list found something not done."""
    return 0 if outcome not in ("", "not_met") else queries.visits(outcome="not_met", scope=seen).count()


def _title(failed: int, total: int, narrowed: bool) -> str:
    if not total:
        return "没有符合条件的实地查看" if narrowed else "还没有实地查看"
    return (
        f"实地查看 {points(total)} 次，|{points(failed)} 次没做到"
        if failed
        else f"实地查看 {points(total)} 次"
    )


def _file(rows: Iterable[queries.VisitRow]) -> Table:
    columns = [
        "单位代码",
        "单位",
        "地点",
        "指标",
        "规则",
        "结果",
        "说明",
        "照片校验值",
        "检查员",
        "到场时间",
        "登记时间",
        "备注",
    ]
    return Table(
        "实地查看",
        columns,
        [
            [
                one.unit,
                one.unit_name,
                one.place,
                one.item,
                one.check,
                logic.OUTCOMES[one.outcome],
                one.note,
                one.photo,
                one.inspector,
                one.visited_at,
                one.recorded_at,
                one.late,
            ]
            for one in rows
        ],
    )


def _photo(sha256: str, standing: str | None) -> Cell | str:
    """The way to a photo, or why there is none."""
    if standing:
        return f"照片{GONE[standing]}"
    return Cell("照片", url=reverse("desk-visit-photo", args=[sha256])) if sha256 else "—"


@require_safe
def visit_photo(request: SignedIn, sha256: str) -> HttpResponse:
    """A photo, as a file to save."""
    if not is_digest(sha256) or not queries.photo_seen_by(request.actor, sha256):
        raise Http404
    return attachment(sha256, f"{sha256[:16]}.jpg")
