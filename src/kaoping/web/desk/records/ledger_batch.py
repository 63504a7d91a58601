"""One import of a ledger: its file, all its lines and what became of them, and the page on which it is taken back whole."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Actor, Organising
from kaoping.evidence import policy, queries
from kaoping.evidence.logic import MIN_REASON
from kaoping.evidence.queries import acts, closings
from kaoping.evidence.services import withdrawal
from kaoping.registry import queries as register
from kaoping.registry.queries.organisers import served
from kaoping.support import clock
from kaoping.web.desk.records.ledger_words import Late, vocabulary
from kaoping.web.desk.years import ReasonForm, act_page, require
from kaoping.web.ui.offering import offered
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.table import Cell, DataTable
from kaoping.web.ui.proofs import GONE
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date, cn_datetime, points

SEE = "台账由政务公开办、签发人和领导小组查看。"
ONLY_HANDLER = "整批撤回由政务公开办经办办理。"


@require_safe
def of_batch(request: SignedIn, batch: str) -> HttpResponse:
    """The lines of one import, each with what became of it."""
    rows = queries.batch_rows(batch)
    first = rows.first()
    whose = first or Organising(served(request.actor))
    require(policy.can_see_ledger(request.actor, whose), SEE)
    if first is None:
        raise Http404
    standing = queries.standing_of(rows.values_list("uid", flat=True))
    done = acts.act(f"batch:{batch}")
    table = _table(request, batch, standing)
    left = f"{points(len(standing))} 条没有撤回" if len(standing) < table.total else "都没有撤回"
    title = f"这一批导入 {points(table.total)} 条，|{'已经撤回' if done else left}"
    proof = queries.as_engine(first).artefacts
    sha256 = (proof[0].sha256 or "") if proof else ""
    context = {
        "title": title,
        "head": Head(
            title=title,
            crumbs=(Crumb(label="台账", url=reverse("desk-ledger")), Crumb(label="一批导入")),
            basis=Basis(extra=(f"{cn_datetime(first.recorded_at)} 由{first.by or '本平台'}导入", "只增不改")),
            actions=_actions(request.actor, batch),
        ),
        "table": table,
        "done": f"{acts.undone_already(batch)}理由：{done.reason}" if done else "",
        "sha256": sha256,
        "gone": GONE.get(queries.standing(sha256), "") if sha256 else "",
    }
    return render(request, "desk/records/ledger_batch.html", context)


def _table(request: SignedIn, batch: str, standing: set[str]) -> DataTable:
    names, items, late = register.short_names(), vocabulary(), Late()
    return paged_table(
        columns=["单位", "指标", "观察日期", "取值", "理由", "现在", "记录"],
        rows=queries.batch_rows(batch),
        cells=lambda one: [
            names.get(one.unit, one.unit),
            items.title(one.item),
            cn_date(one.observed_at),
            items.words(one),
            one.reason or "—",
            (late.words(one) or "有效") if one.uid in standing else "已撤回或更正",
            Cell(text="看全文", url=reverse("desk-observation", args=[one.uid])),
        ],
        params=request.GET,
        caption="这一批的记录",
        empty="没有记录。",
        files=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedIn, batch: str) -> HttpResponse:
    """Take the whole import back, with a reason; the lines stay in the ledger and no longer count."""
    rows = queries.batch_rows(batch)
    count, first = rows.count(), rows.first()
    whose = first or Organising(served(request.actor))
    require(policy.can_undo_import(request.actor, whose), ONLY_HANDLER)
    if first is None:
        raise Http404

    def run(data: dict[str, Any]) -> str:
        gone = withdrawal.undo_import(
            batch=batch, actor=request.actor, reason=data["reason"], now=clock.now()
        )
        return f"已撤回整批 {gone} 条，原记录仍保留。"

    late = all(closings.is_late(one) for one in queries.batch(batch))
    back = reverse("desk-ledger-batch", args=[batch])
    title = f"撤回整批导入|{points(count)} 条"
    return act_page(
        request,
        form=ReasonForm(request.POST or None),
        title=title,
        crumbs=(
            Crumb(label="台账", url=reverse("desk-ledger")),
            Crumb(label="一批导入", url=back),
            Crumb(label="撤回"),
        ),
        button="撤回整批",
        run=run,
        back=back,
        locked=withdrawal.undo_import.check(actor=request.actor, batch=batch) or "",
        notice=f"原记录保留，{'本来就没有计入得分' if late else '不再计入'}；同一文件可以再导入。理由至少 {MIN_REASON} 个字，签发人会看到。",
        danger=True,
    )


def _actions(actor: Actor, batch: str) -> tuple[Action, ...]:
    if acts.act(f"batch:{batch}") is not None:
        return ()  # the page says by whom and when
    undoing = Action(label="撤回整批", url=reverse("desk-ledger-batch-undo", args=[batch]))
    return offered(withdrawal.undo_import, undoing, actor=actor, batch=batch)
