"""What became of a year's polls before they began, for the page of the evaluation: changed, cancelled; and the way to both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.beijing import deadline_day
from kaoping.evaluation import queries, unopened
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.wording import cn_date


@dataclass(frozen=True, slots=True)
class Before:
    """What title and days were until somebody changed them, or the poll as it was when it was cancelled."""

    title: str
    days: str
    what: str
    at: datetime
    by: str
    reason: str


def trace(key: OrganisedYear, poll: queries.Poll | None) -> list[Before]:
    """Everything that was changed or cancelled of the year's polls, newest first."""
    made = [
        Before(one.title, _days(one), "取消", one.cancelled_at, one.cancelled_by.name, one.cancel_reason)
        for one in queries.cancelled(key)
        if one.cancelled_at and one.cancelled_by
    ]
    polls = [*([poll] if poll else []), *queries.cancelled(key)]
    made += [
        Before(one.title, _days(one), "改动", one.at, one.by.name, one.reason)
        for each in polls
        for one in queries.changes(each)
    ]
    return sorted(made, key=lambda one: one.at, reverse=True)


def _days(one: queries.Poll | queries.PollChange) -> str:
    return f"{cn_date(one.opens_at)} 至 {cn_date(deadline_day(one.closes_at))}"


def actions(actor: Actor, key: OrganisedYear, poll: queries.Poll | None, now: datetime) -> tuple[Action, ...]:
    """The two ways back, while they are open to this person."""
    if unopened.change_poll.check(actor=actor, poll=poll, now=now):
        return ()
    return (
        Action(label="改标题和时间", url=reverse("desk-evaluation-change", args=[key])),
        Action(label="取消评议", url=reverse("desk-evaluation-cancel", args=[key])),
    )
