"""What the unit does about its order: each form is read, the verb called, and its refusal shown on the page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from kaoping.rectification import logic
from kaoping.rectification.queries.rows import Case
from kaoping.rectification.services import link_capture, unit
from kaoping.support import clock
from kaoping.web.ui import case_acts, case_page
from kaoping.web.ui.requests import SignedIn, pledged
from kaoping.web.unit.case import case_answer as page_again
from kaoping.web.unit.case import own_case
from kaoping.web.unit.case_forms import AnswerForm, AskForm, ExplainForm


def _act(
    request: SignedIn, number: str, name: str, verb: Callable[[Case], object], done: str
) -> HttpResponse:
    """Call a verb of the case; a refusal comes back on its page with what was typed."""
    case = own_case(request, number)
    return case_acts.act(
        request,
        name,
        lambda: verb(case),
        again=lambda turned: page_again(request, number, turned),
        done=done,
        back=("unit-case", number),
    )


@require_POST
def case_answer(request: SignedIn, number: str) -> HttpResponse:
    """Say what was mended, with files or an address."""
    case, form = own_case(request, number), AnswerForm(request.POST)
    text, url, files = (
        form.read(),
        form.read("url"),
        [case_acts.kept(one) for one in request.FILES.getlist("file")],
    )
    return _act(
        request,
        number,
        "answer",
        lambda case: unit.answer(
            actor=request.actor,
            case=case,
            text=text,
            url=url,
            files=files,
            confirmed=pledged(request),
            now=clock.now(),
        ),
        _answered(case.check_id, late=logic.deadline_passed(case.due_on, clock.now())),
    )


def _answered(check: str, *, late: bool) -> str:
    """In time is spoken of only while the deadline is still ahead."""
    mended = "整改到位" if late else "按期整改到位"
    if check:
        return f"已回复。随即复测一次，是否{mended}以这次复测为准，结果写在经过里。"
    return f"已回复。是否{mended}，以检查员或政务公开办的核查为准。"


@require_POST
def case_sign(request: SignedIn, number: str) -> HttpResponse:
    """Sign that the order arrived."""
    return _act(
        request,
        number,
        "arrival-acts",
        lambda case: unit.sign_for(actor=request.actor, case=case, now=clock.now()),
        "已签收。",
    )


@require_POST
def case_retry(request: SignedIn, number: str, entry_id: int) -> HttpResponse:
    """Ask once more for the page that an answer names."""
    return _act(
        request,
        number,
        "story",
        lambda case: link_capture.ask_again(
            actor=request.actor, case=case, entry_id=entry_id, now=clock.now()
        ),
        "已排入，稍后刷新本页看结果。",
    )


@require_POST
def case_explain(request: SignedIn, number: str) -> HttpResponse:
    """Explain why a past fact cannot be repaired."""
    text = ExplainForm(request.POST).read()
    return _act(
        request,
        number,
        "explain",
        lambda case: unit.explain(actor=request.actor, case=case, text=text, now=clock.now()),
        "说明已提交，待政务公开办由下发人以外的另一人确认。确认后结案，按规定计分。",
    )


@require_POST
def case_ask(request: SignedIn, number: str) -> HttpResponse:
    """Ask the office."""
    text = AskForm(request.POST).read()
    return _act(
        request,
        number,
        "ask",
        lambda case: unit.ask(actor=request.actor, case=case, text=text, now=clock.now()),
        "已发给政务公开办，答复会写在经过里。期限不因提问停止。",
    )


@require_POST
def case_retest(request: SignedIn, number: str) -> HttpResponse:
    """Ask for a re-test after mending."""
    return _act(
        request,
        number,
        "next",
        lambda case: case_page.ask_retest(request, case),
        "已安排复测，几分钟内出结果。没有通过也可以整改后再申请。",
    )
