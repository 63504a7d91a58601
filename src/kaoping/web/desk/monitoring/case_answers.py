"""What the office does about one order: each form is read, the verb called, and its refusal shown on the page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from kaoping.accounts.actor import Refused
from kaoping.rectification.queries.rows import Case
from kaoping.rectification.services import closing, order, unit
from kaoping.support import clock
from kaoping.web.desk.monitoring import case_merge
from kaoping.web.desk.monitoring.case import case_answer, found_case
from kaoping.web.desk.monitoring.case_forms import (
    CheckForm,
    ExplanationForm,
    HandedForm,
    MergeForm,
    OrderForm,
    ReplyForm,
    ServeForm,
)
from kaoping.web.ui import case_acts, case_page
from kaoping.web.ui.editing import opened_with
from kaoping.web.ui.requests import SignedIn, pledged


def _act(
    request: SignedIn, number: str, name: str, verb: Callable[[Case], object], done: str
) -> HttpResponse:
    """Call a verb of the case; a refusal comes back on its page with what was typed."""
    case = found_case(request, number)
    return case_acts.act(
        request,
        name,
        lambda: verb(case),
        again=lambda turned: case_answer(request, number, turned),
        done=done,
        back=("desk-case", number),
    )


@require_POST
def case_revise(request: SignedIn, number: str) -> HttpResponse:
    """Change the words of a draft."""
    text, opened = OrderForm(request.POST).read(), opened_with(request)
    return _act(
        request,
        number,
        "order",
        lambda case: order.revise(actor=request.actor, case=case, text=text, opened=opened, now=clock.now()),
        "已修改，原文留在经过里。",
    )


@require_POST
def case_serve(request: SignedIn, number: str) -> HttpResponse:
    """Serve this one."""
    days = ServeForm(request.POST).term()
    return _act(
        request,
        number,
        "serve",
        lambda _case: order.serve(actor=request.actor, numbers=[number], days=days, now=clock.now()),
        "已下发，列入单位“整改”页。单位打开后这里显示已查看。",
    )


@require_POST
def case_reply(request: SignedIn, number: str) -> HttpResponse:
    """Answer the unit's question."""
    text = ReplyForm(request.POST).read()
    return _act(
        request,
        number,
        "reply",
        lambda case: unit.reply(actor=request.actor, case=case, text=text, now=clock.now()),
        "已答复。",
    )


@require_POST
def case_handed(request: SignedIn, number: str) -> HttpResponse:
    """Note how the order was handed over."""
    how = HandedForm(request.POST).read()
    return _act(
        request,
        number,
        "handed",
        lambda case: order.hand_over(actor=request.actor, case=case, how=how, now=clock.now()),
        "已登记送达。",
    )


@require_POST
def case_explanation(request: SignedIn, number: str) -> HttpResponse:
    """Confirm that the fault cannot be repaired, or send the explanation back."""
    form = ExplanationForm(request.POST)
    text, outcome = form.read(), form.read("outcome")

    def verb(case: Case) -> None:
        if outcome == "confirm":
            closing.confirm_explanation(actor=request.actor, case=case, note=text, now=clock.now())
        elif outcome == "decline":
            closing.decline_explanation(actor=request.actor, case=case, reason=text, now=clock.now())
        else:
            raise Refused("请选确认或退回。")

    done = "已确认，结案，按规定计分。" if outcome == "confirm" else "已退回，单位仍须整改。"
    return _act(request, number, "explanation", verb, done)


@require_POST
def case_check(request: SignedIn, number: str) -> HttpResponse:
    """A named person's check, with a note and maybe a photo."""
    form, upload = CheckForm(request.POST), request.FILES.get("photo")
    outcome, note = form.read("outcome"), form.read()
    photo = case_acts.kept(upload) if upload else None

    def verb(case: Case) -> None:
        if outcome not in ("met", "not_met"):
            raise Refused("请选核查结果。")
        closing.check(
            actor=request.actor,
            case=case,
            met=outcome == "met",
            note=note,
            photo=photo,
            confirmed=pledged(request),
            now=clock.now(),
        )

    return _act(request, number, "check", verb, "已登记核查，记在您的名下。")


@require_POST
def case_retest(request: SignedIn, number: str) -> HttpResponse:
    """Queue a re-test."""
    return _act(
        request,
        number,
        "close",
        lambda case: case_page.ask_retest(request, case),
        "已安排复测，几分钟内出结果。",
    )


@require_POST
def case_close(request: SignedIn, number: str) -> HttpResponse:
    """Close, when there is proof."""
    return _act(
        request,
        number,
        "close",
        lambda case: closing.close(actor=request.actor, case=case, now=clock.now()),
        "已结案。",
    )


@require_POST
def case_merge_into(request: SignedIn, number: str) -> HttpResponse:
    """Join the case with another about the same place."""
    form = MergeForm(request.POST)
    into, reason = form.read("into"), form.read()
    return _act(
        request,
        number,
        "merge",
        lambda case: case_merge.join(request.actor, case, into, reason, clock.now()),
        f"已并入 {into}，以后这两种写法的查看都记在一处。",
    )
