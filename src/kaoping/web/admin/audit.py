"""The audit log: the auditor reads, narrows and exports it; nobody changes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaoping.accounts import policy, queries
from kaoping.accounts.chain import Line
from kaoping.accounts.services import note_export
from kaoping.beijing import BEIJING, day_of
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.admin.words import THINGS, thing_words, verb_titles, verb_words
from kaoping.web.ui.days import typed_day, typed_fault
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime, points

KEPT: Final = "日志只增不改，不删除；法定至少留存六个月（网络安全法第二十一条）。"


@dataclass(frozen=True, slots=True)
class Head:
    """The log's last link as the page prints it: whoever keeps the print keeps an anchor."""

    number: int
    digest: str
    at: datetime


@require_safe
def heads(request: SignedIn) -> HttpResponse:
    """The head as a file for ``kaoping verify-log --anchors``; that it left is itself an act."""
    if not policy.can_read_audit(request.actor):
        raise PermissionDenied("审计日志由审计员查看。")
    head = queries.log_head()
    if head is None:
        raise Http404
    now = clock.now()
    row = {
        "number": head.number,
        "digest": head.digest,
        "day": day_of(now).isoformat(),
    }
    response = JsonResponse({"format": 1, "heads": [row]})
    response["Content-Disposition"] = f'attachment; filename="log-head-{head.number}.json"'
    response["Cache-Control"] = "no-store"
    note_export(actor=request.actor, what="最后一条的校验值", count=1, now=now)
    return response


@require_safe
def audit(request: SignedIn) -> HttpResponse:
    """The log, newest first."""
    if not policy.can_read_audit(request.actor):
        raise PermissionDenied("审计日志由审计员查看。")
    asked = {
        name: request.GET.get(name, "").strip()
        for name in ("words", "actor", "verb", "kind", "id", "from", "to", "refused")
    }
    wrong = [name for name in ("from", "to") if asked[name] and typed_day(asked[name]) is None]
    rows = queries.audit_log(
        words=asked["words"],
        actor_name=asked["actor"],
        verb=asked["verb"],
        thing_kind=asked["kind"],
        thing_id=asked["id"],
        refused={"1": True, "0": False}.get(asked["refused"]),
        since=_start(typed_day(asked["from"])),
        until=_start(typed_day(asked["to"]), days=1),
    )
    if "format" in request.GET and not wrong:
        response = download(_file(rows), request.GET["format"])
        conditions = "，".join(f"{name}={value}" for name, value in asked.items() if value) or "全部"
        note_export(actor=request.actor, what=conditions, count=rows.count(), now=clock.now())
        return response
    table = paged_table(
        columns=["时间", "谁", "做了什么", "对象"],
        rows=rows,
        cells=_cells,
        params=request.GET,
        caption="审计日志",
        empty=Empty(title="没有符合条件的日志。", text="请放宽日期或去掉条件再查。"),
    )
    first = queries.first_audit_instant()
    context = {
        "title": f"{'符合条件的' if any(asked.values()) else '全部'} {points(table.total)} 条日志",
        "table": table,
        "asked": asked,
        "verbs": [(verb, verb_words(verb)) for verb in queries.audit_verbs()],
        "errors": [Mistake(typed_fault(asked[name]), f"#audit-{name}") for name in wrong],
        "has_errors": bool(wrong),
        "head": _head(),
        "kept": f"{KEPT}本系统的日志自 {cn_datetime(first)} 起。" if first else KEPT,
    }
    return render(request, "admin/audit.html", context)


def _head() -> Head | None:
    found = queries.log_head()
    return Head(found.number, found.digest, clock.now()) if found else None


def _cells(one: Line) -> list[Value]:
    return [
        f"{cn_datetime(one.at)}:{one.at:%S}",
        Cell(text=one.actor_name, note=_who(one)),
        Cell(
            text=f"拒绝：{one.sentence}" if one.refused else one.sentence,
            tone="neg" if one.refused else "",
            note=verb_words(one.verb),
        ),
        thing_words(one.thing_kind, one.thing_id),
    ]


def _who(one: Line) -> str:
    """Person's id, address and session reference, as far as they are known."""
    known = (
        ("编号", one.actor_id if one.actor_id.isdigit() else ""),
        ("地址", one.address or ""),
        ("会话", one.session or ""),
    )
    return "，".join(f"{label} {text}" for label, text in known if text)


def _file(rows: Iterable[Line]) -> Table:
    columns = [
        "编号",
        "时间",
        "人员编号",
        "姓名",
        "动作",
        "动作代码",
        "对象类别",
        "对象类别代码",
        "对象编号",
        "内容",
        "是否拒绝",
        "地址",
        "会话",
        "序号",
        "前一条校验值",
        "校验值",
    ]
    titles = verb_titles()
    cells = [
        [
            one.id,
            one.at,
            one.actor_id,
            one.actor_name,
            titles.get(one.verb, one.verb),
            one.verb,
            THINGS.get(one.thing_kind, one.thing_kind),
            one.thing_kind,
            one.thing_id,
            one.sentence,
            one.refused,
            one.address or "",
            one.session or "",
            one.number,
            one.previous or "",
            one.digest or "",
        ]
        for one in rows
    ]
    return Table("审计日志", columns, cells, [f"{len(cells)} 条，导出于 {cn_datetime(clock.now())}", KEPT])


def _start(day: date | None, days: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=days), time(), BEIJING) if day else None
