"""A wrong arrangement of working days taken back, with every date that moves by it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.deadlines import queries as deadlines
from kaoping.deadlines.services import withdraw_arrangement
from kaoping.support import clock
from kaoping.web.desk.year.calendar import may_enter, move_rows, moved_words
from kaoping.web.desk.year.calendar_enter import Preview
from kaoping.web.ui.filled import filled
from kaoping.web.ui.measured import Spoken, line
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import SignedIn
from kaoping.workdays import queries


class WithdrawForm(forms.Form):
    """Why the entry was wrong, and the dates that the page showed."""

    reason = Spoken("撤回的理由", widget=line())
    seen = Spoken("看过的日期", widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, year: int, entry_id: int) -> HttpResponse:
    """Take back a wrong entry: every date that would move, the reason, the confirmation."""
    may_enter(request)
    entry = queries.entry(entry_id)
    if entry is None or year not in entry.years:
        raise Http404
    form, error = WithdrawForm(request.POST), ""
    form.is_valid()
    given = filled(form)
    if request.method == "POST":
        try:
            moved = withdraw_arrangement(
                actor=request.actor,
                entry=entry,
                reason=given.text("reason")[:200],
                seen=given.text("seen"),
                now=clock.now(),
            )
        except Refused as refused:
            error = str(refused)
        else:
            messages.success(request, f"已撤回。{moved_words(moved)}")
            return redirect("desk-calendar-year", year)
    preview = _preview(entry, given.text("reason"))
    context = {
        "title": f"撤回 {preview.years} 年的录入",
        "year": year,
        "preview": preview,
        "entry": entry,
        "errors": [Mistake(error, "#k-reason")] if error else [],
        "has_errors": bool(error),
    }
    return render(request, "desk/year/calendar_withdraw.html", context, status=409 if error else 200)


def _preview(entry: queries.Arrangement, reason: str) -> Preview:
    effect = deadlines.effect_of_withdrawing(entry, now=clock.now())
    return Preview(
        "、".join(map(str, entry.years)),
        entry.source,
        (),
        move_rows(effect.moves),
        move_rows(effect.kept),
        effect.warnings,
        effect.seen,
        reason=reason,
    )
