"""Reads of the public evaluation. Nothing here reads a ballot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from kaoping.beijing import day_of, deadline_day
from kaoping.calendars import WorkingCalendar
from kaoping.checks.model import date_words
from kaoping.evaluation import logic
from kaoping.evaluation.models import OpeningShare, Opinion, PollChange
from kaoping.evaluation.models import Poll as Poll  # what a view hands from a query to a verb
from kaoping.workdays import logic as workdays
from kaoping.workdays.logic import Move


def poll_of_year(year: int) -> Poll | None:
    """The year's poll, null while there is none that stands."""
    return Poll.objects.filter(year=year).first()


def polls() -> QuerySet[Poll]:
    """All polls, newest first, without their bulky columns."""
    return Poll.objects.defer("questionnaire", "units", "result").order_by("-year")


def cancelled(year: int) -> QuerySet[Poll]:
    """The polls of a year that were cancelled before they began, newest first, with who cancelled them."""
    rows = Poll.every.filter(year=year, cancelled_at__isnull=False).select_related("cancelled_by")
    return rows.defer("questionnaire", "units", "result").order_by("-cancelled_at", "-id")


def changes(poll: Poll) -> QuerySet[PollChange]:
    """What title and days were before each change, oldest first, with who changed them."""
    return PollChange.objects.filter(poll=poll).select_related("by").order_by("id")


def announced(poll: Poll) -> dict[str, str]:
    """Title and days of a poll, field by field as their form sends them."""
    return {
        "title": poll.title,
        "opens_on": day_of(poll.opens_at).isoformat(),
        "closes_on": deadline_day(poll.closes_at).isoformat(),
    }


def state(poll: Poll | None, now: datetime) -> str | None:
    """The state at an instant, null when there is no poll."""
    return logic.state_at(poll.state, poll.opens_at, now) if poll else None


def waits_for_seal(poll: Poll, now: datetime) -> bool:
    """Whether the poll's time is over and it is not sealed yet."""
    state = logic.state_at(poll.state, poll.opens_at, now)
    return logic.refusal_to_seal(state, poll.closes_at, now) is None


def due_to_seal(now: datetime) -> list[Poll]:
    """Polls whose time is over and that are not sealed yet."""
    return [poll for poll in polls() if waits_for_seal(poll, now)]


def openers(poll: Poll) -> QuerySet[OpeningShare]:
    """The two openers in their order."""
    return OpeningShare.objects.filter(poll=poll).select_related("opener").order_by("position")


def opinions(
    *, year: int | None = None, unit: str = "", units: set[str] | None = None, open_only: bool = False
) -> QuerySet[Opinion]:
    """Opinions, newest first, narrowed by what is given."""
    rows = Opinion.objects.select_related("poll").defer("poll__questionnaire", "poll__units", "poll__result")
    if year is not None:
        rows = rows.filter(poll__year=year)
    if unit:
        rows = rows.filter(unit=unit)
    if units is not None:
        rows = rows.filter(unit__in=units)
    return rows.filter(answered_at=None) if open_only else rows


def opinion(opinion_id: int) -> Opinion | None:
    """One opinion."""
    return Opinion.objects.filter(pk=opinion_id).first()


def opinion_due(opinion: Opinion, calendar: WorkingCalendar) -> date | None:
    """The deadline as it was shown first, or as it is counted now when it never was stored; null when it cannot be counted."""
    return opinion.due_on or logic.opinion_due(opinion.arrived_on, calendar)


def running_opinions() -> QuerySet[Opinion]:
    """Opinions whose deadline still matters: not judged, or reasonable and not put right in time."""
    return Opinion.objects.filter(Q(answered_at=None) | Q(reasonable=True)).exclude(closed_in_time=True)


def moves(before: WorkingCalendar, after: WorkingCalendar) -> list[Move]:
    """Deadlines of opinions that ``after`` counts otherwise than they were shown; opinions of one day are one date."""
    rows = running_opinions().values_list("arrived_on", "due_on")
    found = []
    for (arrived_on, due_on), count in sorted(Counter(rows).items(), key=lambda one: str(one[0])):
        was = due_on or logic.opinion_due(arrived_on, before)
        counted = logic.opinion_due(arrived_on, after)
        if was is None or counted is None or was == counted:
            continue
        why = f"{date_words(arrived_on)}收到，{logic.OPINION_WORKING_DAYS} 个工作日"
        title = f"{count} 条意见建议（{date_words(arrived_on)}收到）"
        becomes = workdays.never_earlier(was, counted)
        thing = f"{arrived_on.isoformat()}:{due_on.isoformat() if due_on else ''}"
        found.append(Move(workdays.OPINION, thing, title, was, counted, becomes, why))
    return found


def opinion_counts(year: int) -> Mapping[str, dict[str, int]]:
    """Per unit: received, reasonable, closed in time."""
    rows = (
        Opinion.objects.filter(poll__year=year)
        .values("unit")
        .annotate(
            received=Count("id"),
            accepted=Count("id", filter=Q(reasonable=True)),
            closed=Count("id", filter=Q(reasonable=True, closed_in_time=True)),
        )
        .order_by("unit")
    )
    return {
        row["unit"]: {"received": row["received"], "reasonable": row["accepted"], "closed": row["closed"]}
        for row in rows
    }


def result_of_unit(poll: Poll | None, unit: str) -> dict[str, Any] | None:
    """A unit's part of the opened tally (shape of ``kaoping tally``), null before the opening."""
    if poll is None or not poll.result:
        return None
    found: dict[str, Any] | None = next((one for one in poll.result["units"] if one["unit"] == unit), None)
    return found


def answer_said(one: Opinion) -> dict[str, str]:
    """The office's answer to an opinion, field by field as its form sends it."""
    judged = {None: "", True: "yes", False: "no"}[one.reasonable]
    return {"reasonable": judged, "answer": one.answer, "closed": str(bool(one.closed_in_time))}
