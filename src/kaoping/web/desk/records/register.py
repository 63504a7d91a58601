"""The register: every organisation by group and kind, and one organisation's page."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.registry import policy, queries, shown
from kaoping.registry.logic import COLUMN_KINDS, KINDS, exists_on
from kaoping.registry.roster import FIELDS
from kaoping.registry.shown import ColumnRow, OrganisationRow
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.support.rows import Rows
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.head import Crumb
from kaoping.web.ui.parts.lists import Pair
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Column, DataTable, Value, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download

SHOW: Final = {"now": "现有", "taking": "参评", "closed": "已撤销", "all": "全部"}


def _door(request: SignedIn) -> None:
    if not policy.can_see_register(request.actor):
        raise PermissionDenied("单位名录由政务公开办、主管部门和领导小组查看。")


def _rows(request: SignedIn, show: str) -> Rows[OrganisationRow]:
    today = clock.today()
    rows = queries.search(
        words=request.GET.get("words", "").strip(),
        kind=request.GET.get("kind", ""),
        group=request.GET.get("group", ""),
        on=today if show in ("now", "taking") else None,
        participating=True if show == "taking" else None,
    )
    if show == "closed":
        rows = queries.closed(rows, before=today)
    return shown.listed(queries.by_kind(rows))


@require_safe
def register(request: SignedIn) -> HttpResponse:
    """The list, by kind and in register order; as a file it is a roster that can be imported again."""
    _door(request)
    show = request.GET.get("show", "now")
    show = show if show in SHOW else "now"
    rows = _rows(request, show)
    if "format" in request.GET:
        return download(_file(rows), request.GET["format"])
    today, names = clock.today(), queries.short_names()
    table = paged_table(
        columns=["单位", "代码", "类别", "分组", "上级或主管部门", "参评", "网站"],
        rows=rows,
        cells=lambda one: _cells(one, names, today),
        params=request.GET,
        caption="单位名录",
        empty=_empty(request),
    )
    context = {
        "title": f"{SHOW[show]} {table.total} 个单位",
        "table": table,
        "kinds": list(KINDS.items()),
        "groups": queries.groups(),
        "shows": list(SHOW.items()),
        "chosen": {name: request.GET.get(name, "") for name in ("words", "kind", "group")} | {"show": show},
        "may_change": policy.can_change_register(request.actor),
        "today": today,
    }
    return render(request, "desk/records/register.html", context)


@require_safe
def organisation(request: SignedIn, code: str) -> HttpResponse:
    """One organisation: what the register says, what is under it, its site's columns."""
    _door(request)
    found = shown.entry(code)
    if found is None:
        raise Http404
    names = queries.short_names()
    alive = exists_on(clock.today(), found.valid_from, found.valid_to)
    context = {
        "title": f"{found.name}：{_state(found, alive)}",
        "organisation": found,
        "crumbs": (Crumb("单位名录", reverse("desk-register")), Crumb(found.short_name)),
        "facts": _facts(found, names),
        "columns": _columns(shown.column_rows(code)),
        "children": queries.children(code),
        "predecessors": queries.predecessors(code),
        "liaisons": queries.holders("liaison", code, on=clock.today()),
        "alive": alive,
        "may_change": policy.can_change_register(request.actor),
    }
    return render(request, "desk/records/register_organisation.html", context)


def _state(found: OrganisationRow, alive: bool) -> str:
    if not alive:
        return "已撤销" if found.valid_to and found.valid_to < clock.today() else "还没有设立"
    return "参评" if found.participates else "不参评"


def _empty(request: SignedIn) -> Empty:
    if queries.organisations().exists():
        return Empty(title="没有符合条件的单位。", text="请放宽条件再查。")
    return Empty(title="名录还是空的。", text="政务公开办经办导入名录（CSV 或 XLSX）后，这里列出全部单位。")


def _cells(one: OrganisationRow, names: dict[str, str], today: date) -> list[Value]:
    above = one.leading_department or one.parent
    if exists_on(today, one.valid_from, one.valid_to):
        state = "参评" if one.participates else "不参评"
    else:
        state = f"{one.valid_to.isoformat()} 撤销" if one.valid_to and one.valid_to < today else "还没有设立"
    return [
        Cell(
            text=one.short_name,
            url=reverse("desk-organisation", args=[one.code]),
            note=one.name if one.name != one.short_name else "",
        ),
        Cell(text=one.code, mono=True),
        KINDS.get(one.kind, one.kind),
        one.group or "—",
        names.get(above, above) or "—",
        state,
        Cell(text=one.site_url.split("//", 1)[-1].rstrip("/"), url=one.site_url)
        if one.site_url
        else "没有登记",
    ]


def _facts(found: OrganisationRow, names: dict[str, str]) -> list[Pair]:
    def link(label: str, code: str) -> Pair:
        url = reverse("desk-organisation", args=[code]) if code else ""
        return Pair(label, names.get(code, code) if code else "没有", url)

    plain = {
        "code": found.code,
        "short_name": found.short_name,
        "kind": KINDS.get(found.kind, found.kind),
        "group": found.group or "没有",
        "valid_from": found.valid_from.isoformat() if found.valid_from else "没有登记",
        "valid_to": found.valid_to.isoformat() if found.valid_to else "没有",
        "participates": "是" if found.participates else "否",
        "site_url": found.site_url or "没有登记",
        "site_id_code": found.site_id_code or "没有登记",
    }
    rows: list[Pair] = []
    for name, label in FIELDS.items():
        if name in ("parent", "leading_department", "successor"):
            rows.append(link(label.removesuffix("代码"), str(found.fields[name])))
        elif name in plain:
            rows.append(Pair(label, plain[name]))
    return rows + [Pair(name, text) for name, text in found.extra.items()]


def _columns(plan: list[ColumnRow]) -> DataTable | None:
    """The promised columns; null where none is registered."""
    if not plan:
        return None
    return table_of(
        caption="栏目计划",
        columns=["栏目", "网址", "类别", Column("最长不更新（天）", num=True)],
        rows=[
            [one.name, Cell(text=one.url, url=one.url), COLUMN_KINDS.get(one.kind, one.kind), one.period_days]
            for one in plan
        ],
    )


def _file(rows: Rows[OrganisationRow]) -> Table:
    return Table(
        "单位名录",
        list(FIELDS),
        [[_exported(name, one.fields[name]) for name in FIELDS] for one in rows],
        [f"{rows.count()} 个单位，截至 {clock.today().isoformat()}。列名见文件格式说明，可改后再导入。"],
    )


def _exported(name: str, value: str | bool | date | None) -> str | bool | date | None:
    return ("yes" if value else "no") if name == "participates" else value
