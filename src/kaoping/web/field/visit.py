"""One visit: one question, a photo, one button. Works without script."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Actor, Refused
from kaoping.beijing import BEIJING
from kaoping.campaigns.queries.period import looks_since
from kaoping.foreign.days import strict_local
from kaoping.inspection import logic, queries
from kaoping.inspection.services import VisitProblems, record_visit
from kaoping.rectification import queries as cases
from kaoping.registry.queries import organisation
from kaoping.registry.queries.places import entry_of, spots
from kaoping.scoring import targets
from kaoping.support import clock
from kaoping.web.field.today import inspector
from kaoping.web.ui.parts.form import Option, Question
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import SignedIn, pledged

ANCHORS = {
    "place": "#f-place",
    "item": "#f-item",
    "outcome": "#outcome",
    "note": "#f-note",
    "photo": "#f-photo",
    "visited_at": "#f-when",
    "client_id": "",
}
MENDED = {"met": "已整改到位", "not_met": "未整改到位", "undecided": "无法查看"}
HINTS = {"met": "", "not_met": "要写明哪里不行", "undecided": "不扣分，要写明原因"}


@dataclass(frozen=True, slots=True)
class Known:
    """The order about a known fault that is looked at again."""

    number: str
    unit: str
    title: str
    order_text: str
    item: str
    check: str
    target: str


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: SignedIn, code: str) -> HttpResponse:
    """The form; ``?draw=`` says that the unit was drawn, ``?case=`` that a known fault is looked at."""
    inspector(request)
    unit = organisation(code)
    if unit is None:
        raise Http404
    case = _case(request.actor, request.GET.get("case", ""), code)
    draw = request.GET.get("draw", "")
    fields: dict[str, str] = {}
    refusal = ""
    if request.method == "POST":
        upload = request.FILES.get("photo")
        when = _instant(request.POST.get("visited_at", ""))
        try:
            done = record_visit(
                actor=request.actor,
                organisation_code=code,
                place=request.POST.get("place", "") or request.POST.get("new_place", ""),
                another=request.POST.get("another") == "1",
                item=case.item if case else request.POST.get("item", ""),
                check=case.check if case else "",
                target=case.target if case else "",
                outcome=request.POST.get("outcome", ""),
                note=request.POST.get("note", ""),
                photo=(str(upload.name)[:120], upload.read()) if upload else None,
                confirmed=pledged(request),
                visited_at=when,
                client_id=request.POST.get("client_id", ""),
                draw_id=int(draw) if draw.isascii() and draw.isdigit() and len(draw) < 16 else None,
                since=looks_since(clock.today()),
                now=clock.now(),
            )
        except VisitProblems as problems:
            fields = problems.fields
        except Refused as refused:
            refusal = str(refused)
        else:
            late = queries.Lateness().words(done)
            photo = "，照片已存" if done.photo else ""
            messages.success(request, f"已登记{photo}。{late}{'。' if late else ''}")
            return redirect("field-result", done.pk)
    errors = [Mistake(words, ANCHORS.get(name, "")) for name, words in fields.items()]
    errors += [Mistake(refusal, "#f-photo")] if refusal else []
    context = {
        "title": f"{unit.short_name}：|看到了什么",
        "unit": unit,
        "case": case,
        "back_url": reverse("field-today"),
        "back_label": "今天",
        "errors": errors,
        "has_errors": bool(errors),
        "fields": fields,
        "lost_photo": bool(errors) and bool(request.FILES),
        "places": [] if case else spots(code, on=clock.today()),
        "items": queries.visit_items(),
        "typed": _typed(request, case),
        "question": _question(request, case, fields),
    }
    return render(request, "field/visit.html", context, status=422 if errors else 200)


def _case(actor: Actor, number: str, code: str) -> Known | None:
    if not number:
        return None
    case = cases.case(number)
    if case is None or case.organisation.code != code or not cases.may_see(actor, case):
        raise Http404
    item = cases.item_named(case) or ""
    return Known(case.number, code, case.title, case.order_text, item, case.check_id, case.target)


def _instant(text: str) -> datetime | None:
    local = strict_local(text)
    return local.replace(tzinfo=BEIJING) if local else None


def _typed(request: SignedIn, case: Known | None) -> dict[str, str]:
    now = clock.now().astimezone(BEIJING)
    place = entry_of(case.unit, case.target) if case and targets.is_place(case.target) else ""
    return {
        "place": request.POST.get("place", place),
        "new_place": request.POST.get("new_place", ""),
        "another": request.POST.get("another", ""),
        "item": request.POST.get("item", request.GET.get("item", "")),
        "note": request.POST.get("note", ""),
        "visited_at": request.POST.get("visited_at", f"{now:%Y-%m-%dT%H:%M}"),
        "client_id": request.POST.get("client_id", "") or secrets.token_hex(16),
    }


def _question(request: SignedIn, case: Known | None, fields: dict[str, str]) -> Question:
    return Question(
        name="outcome",
        title=f"“{case.title}”是否已整改到位？" if case else "这一项做到了吗？",
        options=tuple(
            Option(key, label, HINTS[key]) for key, label in (MENDED if case else logic.OUTCOMES).items()
        ),
        chosen=tuple(request.POST.getlist("outcome")[-1:]),
        hint="只写自己在现场看到的。",
        error=fields.get("outcome", ""),
    )
