"""The batch that is served by a person: drafts to tick, with the deadline in words before anything happens."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.accounts.doors import somewhere
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.queries.rows import CaseRow, case_rows
from kaoping.rectification.services import order
from kaoping.registry.queries import organisers
from kaoping.support import clock
from kaoping.web.desk.monitoring.case_forms import BatchForm
from kaoping.web.desk.monitoring.case_groups import term_words
from kaoping.web.ui.paging import paged_rows
from kaoping.web.ui.parts.head import Crumb, Head
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date


@dataclass(frozen=True, slots=True)
class Draft:
    """A line of the list: the case, and whether it was ticked when the form was sent."""

    case: CaseRow
    picked: bool


@require_http_methods(["GET", "HEAD", "POST"])
def cases_serve(request: SignedIn) -> HttpResponse:
    """The list, and what becomes of the ticked ones."""
    if not somewhere(policy.can_serve_cases, request.actor):
        raise PermissionDenied("整改单由政务公开办经办或办公室负责人下发。")
    if request.method != "POST":
        return _page(
            request,
            BatchForm(initial={"days": queries.order_days(organisers.served(request.actor), clock.today())}),
        )
    form, now = BatchForm(request.POST), clock.now()
    try:
        served = order.serve(actor=request.actor, numbers=form.numbers(), days=form.term(), now=now)
    except Refused as refused:
        return _page(request, form, str(refused))
    until = cn_date(served[0].due_on)
    messages.success(request, f"已下发 {len(served)} 张，{until} 24:00 止。系统内提醒已经排好。")
    return redirect("desk-cases")


def _page(request: SignedIn, form: BatchForm, refusal: str = "") -> HttpResponse:
    now = clock.now()
    picked, drafts = (
        form.numbers() if form.is_bound else [],
        queries.cases(state=logic.DRAFT, scope=queries.visible(request.actor)),
    )
    found, paged = paged_rows(case_rows(drafts, now=now), request.GET, caption="待下发")
    form.fields["days"].help_text = term_words(organisers.served(request.actor))
    title = f"{paged.total} 张待下发，|看过再发" if paged.total else "没有待下发的整改单"
    context = {
        "title": title,
        "head": Head(
            title,
            crumbs=(Crumb("整改台", reverse("desk-cases")), Crumb("下发")),
            lead="下发后单位登录即可看到，期限从次日起按工作日计算，当天 24:00 止。要改内容，先点编号进去改。",
        ),
        "errors": [Mistake(refusal, "#c-list")] if refusal else [],
        "has_errors": bool(refusal),
        "form": form,
        "lines": [Draft(one, one.number in picked) for one in found],
        "paged": paged,
    }
    return render(request, "desk/monitoring/cases_serve.html", context, status=422 if refusal else 200)
