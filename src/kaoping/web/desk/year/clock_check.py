"""Check the clock: what was odd about it, what waits for that, and the confirmation that the time is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.accounts.doors import somewhere
from kaoping.evaluation import policy, queries
from kaoping.evaluation.services.box import confirm_clock
from kaoping.support import clock, watch
from kaoping.support.logic import STOPPED
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Crumb
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime


@dataclass(frozen=True, slots=True)
class ClockPage:
    """``doubts`` and ``waiting`` in words; ``now`` is what the machine says, to be compared with a watch that is right."""

    title: str
    now: str
    doubts: tuple[str, ...]
    waiting: tuple[str, ...]
    may_confirm: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """A line of the board's list."""

    what: str
    detail: str
    who: str
    action: Action | None


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedIn) -> HttpResponse:
    """The page, and the office's confirmation."""
    if not somewhere(policy.can_see_evaluation, request.actor):
        raise PermissionDenied("时钟由政务公开办核对。")
    error = ""
    if request.method == "POST":
        try:
            confirm_clock(actor=request.actor, now=clock.now())
        except Refused as refused:
            error = str(refused)
        else:
            messages.success(request, "已确认时间正确，等着的事接着办。")
            return redirect("desk-clock")
    page = _page(request, error)
    context = {
        "title": page.title,
        "crumbs": (Crumb(label="核对时钟"),),
        "page": page,
        "has_errors": bool(error),
    }
    return render(request, "desk/year/clock_check.html", context, status=409 if error else 200)


def todo(now: datetime, *, linked: bool) -> Todo | None:
    """The board's line: after a jump at once, after a mere stop as soon as something waits for it."""
    doubts = list(watch.pending()) if watch.watched() else []
    due = queries.due_to_seal(now) if doubts else []
    if not doubts or (not due and all(one.kind == STOPPED for one in doubts)):
        return None
    waiting = (
        f"{'、'.join(poll.title for poll in due)}到期，待核对后封存。"
        if due
        else "封存问卷等须待核对后再办。"
    )
    return Todo(
        "核对时钟",
        f"{watch.in_words(doubts[-1])}。{waiting}",
        "政务公开办经办或负责人",
        Action(label="去核对", url=reverse("desk-clock"), small=True) if linked else None,
    )


def _page(request: SignedIn, error: str) -> ClockPage:
    doubts = tuple(watch.in_words(one) for one in watch.pending()) if watch.watched() else ()
    due = queries.due_to_seal(clock.now()) if doubts else []
    return ClockPage(
        title="请核对时钟，|再办不能撤回的事" if doubts else "时钟没有要核对的",
        now=cn_datetime(clock.machine_now()),
        doubts=doubts,
        waiting=tuple(f"{poll.title}：已截止，未封存" for poll in due),
        may_confirm=bool(doubts) and policy.can_confirm_clock(request.actor),
        error=error,
    )
