"""What the screens of an assessed unit share: whose page it is, its address, and its deadlines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.accounts.actor import Actor
from kaoping.beijing import deadline_day
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.registry.queries import Organisation
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.ui.countdown import countdown
from kaoping.web.ui.parts.head import Crumb, Deadline
from kaoping.web.ui.requests import SignedIn
from kaoping.workdays.queries import calendar

ONLY_OWN: Final = "这一页只给本单位联络员看，您只能看自己单位的。"


@dataclass(frozen=True, slots=True)
class Own:
    """A unit's place in one year's campaign."""

    campaign: Campaign
    unit: Organisation

    @property
    def args(self) -> list[OrganisedYear | str | int]:
        """What every address of the unit begins with."""
        return [self.campaign.key, self.unit.code]

    def url(self, name: str, *more: str | int) -> str:
        """The address of one of the unit's screens."""
        return reverse(name, args=[*self.args, *more])

    def crumbs(self, *more: str | tuple[str, str]) -> tuple[Crumb, ...]:
        """Where a page stands below the unit's home; texts, or (text, address)."""
        return (
            Crumb(label=f"{self.unit.short_name} {self.campaign.year} 年", url=self.url("unit-home-year")),
            *(Crumb(one) if isinstance(one, str) else Crumb(*one) for one in more),
        )

    def rubric(self) -> str:
        """The version of the rules, for basis lines."""
        return f"{self.campaign.rulebook.title} {self.campaign.rulebook.version}"


def own_page(
    door: Callable[[Actor, OrganisedYear, str], bool], words: str = ONLY_OWN
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view of one unit, which the organiser's people may open too: the door first, then the year, then whether the unit is assessed in it."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(request: SignedIn, key: OrganisedYear, unit: str, **rest: object) -> HttpResponse:
            if not door(request.actor, key, unit):
                raise PermissionDenied(words)
            campaign = campaigns.of(key)
            if campaign is None:
                raise Http404
            organisation = campaigns.organisation_of(campaign, unit)
            if organisation is None:
                return _not_assessed(request, campaign, unit)
            return view(request, Own(campaign, organisation), **rest)

        return inner

    return wrap


def liaisons_page(
    door: Callable[[Actor, str], bool], words: str = ONLY_OWN
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view of one unit that is for its own people alone, whoever organises the year."""
    return own_page(lambda actor, _key, unit: door(actor, unit), words)


def _not_assessed(request: SignedIn, campaign: Campaign, unit: str) -> HttpResponse:
    row = campaigns.participations(campaign, only=False).filter(organisation__code=unit).first()
    reason = row.reason if row else ""
    title = f"本单位不参加 {campaign.year} 年考核"
    text = f"方案写明的原因：{reason}。" if reason else "方案里没有本单位。有疑问请联系政务公开办。"
    return render(request, "unit/nothing.html", {"title": title, "text": text, "shell_width": "unit"})


def latest(url_name: str, stage: str) -> Callable[[SignedIn], HttpResponse]:
    """A view that leads to the own unit's screen in the year that is at ``stage``, or says that there is no year yet."""

    @require_safe
    def view(request: SignedIn) -> HttpResponse:
        """The year at work."""
        units = request.actor.organisations("liaison")
        if not units:
            raise PermissionDenied("这一页给单位联络员用。")
        current = campaigns.at_work(stage, of_unit=units[0])
        if current is not None:
            return redirect(url_name, current.key, units[0])
        context = {
            "title": "今年的考核还没有开始",
            "text": "政务公开办制定方案以后，这里列出本单位要办的事。",
            "shell_width": "unit",
        }
        return render(request, "unit/nothing.html", context)

    return view


def appeals_open(campaign: Campaign, until: datetime | None) -> bool:
    """Whether a unit whose own days for it end at ``until`` may ask for review of an item now."""
    return campaign.stage in (stages.PREVIEW, stages.APPEALS) and stages.may_still_appeal(until, clock.now())


def days_to(day: date | None) -> Deadline | None:
    """A deadline chip for 24:00 of ``day``; without a count for a year that the calendar does not know."""
    if day is None:
        return None
    return countdown(calendar(clock.now()), clock.today(), day)


def time_to(due: datetime | None) -> Deadline | None:
    """A deadline chip for an instant, done when it has passed."""
    if due is None:
        return None
    if clock.now() >= due:
        return Deadline(state="done", words="期限已经届满")
    return days_to(deadline_day(due))
