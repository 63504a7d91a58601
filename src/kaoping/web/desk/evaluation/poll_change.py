"""A poll that has not begun: other title and days, or cancelled, with the trace of both."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.beijing import deadline_day
from kaoping.evaluation import policy, queries, unopened
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.evaluation.poll import crumbs
from kaoping.web.desk.evaluation.poll_prepare import warn_of_stage
from kaoping.web.desk.years import PublicReasonForm, act_page
from kaoping.web.ui.days import DayField
from kaoping.web.ui.editing import opened_with
from kaoping.web.ui.offering import Asked
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date

NOTICE: Final = "公众页面和收卷按新的标题和时间办；原来的留在评议页的“改动记录”。单位、问卷、开箱人不变，要改这些的，请取消后重新布置。"
CANCEL_NOTICE: Final = "取消后，这次评议不再收问卷，也不能开箱，不能恢复；公众页面写明已取消和理由。可以重新布置一次，两名开箱人重新设开箱口令。"


class ChangeForm(forms.Form):
    """Title and days as they will be, and why."""

    title = forms.CharField(label="标题", max_length=120, error_messages={"required": "请填标题。"})
    opens_on = DayField("开始日期")
    closes_on = DayField("截止日期")
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="如：截止日是休息日。改动记录里列出这条理由。",
        error_messages={"required": "请写明理由。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Other title and days."""
    poll = _poll(request, key)
    stored = queries.announced(poll)

    def run(data: dict[str, Any]) -> str:
        stands = unopened.change_poll(
            actor=request.actor,
            poll=poll,
            title=data["title"],
            opens_on=data["opens_on"],
            closes_on=data["closes_on"],
            reason=data["reason"],
            opened=opened_with(request),
            now=clock.now(),
        )
        if queries.announced(stands) == stored:
            return "评议的标题和时间没有改动。"
        warn_of_stage(request, key, data["opens_on"], data["closes_on"])
        return "评议的标题和时间已改，公众页面同时更新。"

    return _page(
        request,
        key,
        form=ChangeForm(request.POST or None, initial=stored),
        title=f"改 {key.year} 年社会评议的标题和时间",
        button="改为这样",
        run=run,
        locked=_locked(unopened.change_poll, request, poll),
        notice=NOTICE,
        stored=stored,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Cancel it."""
    poll = _poll(request, key)

    def run(data: dict[str, Any]) -> str:
        unopened.cancel_poll(actor=request.actor, poll=poll, reason=data["reason"], now=clock.now())
        return f"{key.year} 年社会评议已取消，公众页面已写明。可以重新布置。"

    return _page(
        request,
        key,
        form=CancelForm(request.POST or None, year=key.year, initial={"poll": poll.uid}),
        title=f"取消 {key.year} 年社会评议",
        button="取消评议",
        run=run,
        locked=_locked(unopened.cancel_poll, request, poll),
        notice=CANCEL_NOTICE,
        facts=[
            ("标题", poll.title),
            ("评议时间", f"{cn_date(poll.opens_at)} 至 {cn_date(deadline_day(poll.closes_at))}"),
        ],
        danger=True,
    )


class CancelForm(PublicReasonForm):
    """Why, the year typed in, and which poll of the year was on the page: another may stand by now."""

    poll = forms.CharField(required=False, widget=forms.HiddenInput)


def _poll(request: SignedIn, key: OrganisedYear) -> queries.Poll:
    """The poll that the form speaks of: the standing one, else the one that was cancelled last."""
    if not policy.can_change_poll(request.actor, key):
        raise PermissionDenied(unopened.ONLY_HANDLER)
    gone, meant = list(queries.cancelled(key)), request.POST.get("poll", "")
    found = next((one for one in gone if one.uid == meant), None) or queries.poll_of(key)
    found = found or (gone[0] if gone else None)
    if found is None:
        raise Http404
    return found


def _locked(verb: Asked, request: SignedIn, poll: queries.Poll) -> str:
    return verb.check(actor=request.actor, poll=poll, now=clock.now()) or ""


def _page(
    request: SignedIn, key: OrganisedYear, *, title: str, facts: Any = (), locked: str, **more: Any
) -> HttpResponse:
    return act_page(
        request,
        title=title,
        crumbs=crumbs(key, title),
        back=reverse("desk-evaluation-year", args=[key]),
        locked=locked,
        facts=[] if locked else facts,
        **more,
    )
