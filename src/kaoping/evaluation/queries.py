"""Reads of the public evaluation. Nothing here reads a ballot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from kaoping.balloting import public_unit, questionnaire_from_dict, shown
from kaoping.beijing import day_of, deadline_day
from kaoping.calendars import WorkingCalendar
from kaoping.checks.model import date_words
from kaoping.evaluation import logic
from kaoping.evaluation.models import OpeningShare as OpeningShare
from kaoping.evaluation.models import Opinion as Opinion
from kaoping.evaluation.models import Poll as Poll  # what a view hands from a query to a verb
from kaoping.evaluation.models import PollChange as PollChange
from kaoping.evidence.queries import search
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards import queries as standards
from kaoping.standards.answers import OPINIONS, unscored_opinion_items
from kaoping.support.rows import Rows
from kaoping.workdays import logic as workdays
from kaoping.workdays.logic import Move


def poll_of(key: OrganisedYear) -> Poll | None:
    """The poll of an organiser's year, null while there is none that stands."""
    return Poll.objects.filter(organiser=key.organiser, year=key.year).first()


def polls() -> QuerySet[Poll]:
    """All polls, newest first, without their bulky columns."""
    return Poll.objects.defer("questionnaire", "units", "result").order_by("-year")


def cancelled(key: OrganisedYear) -> QuerySet[Poll]:
    """The polls of an organiser's year that were cancelled before they began, newest first, with who cancelled them."""
    rows = Poll.every.filter(organiser=key.organiser, year=key.year, cancelled_at__isnull=False)
    return (
        rows.select_related("cancelled_by")
        .defer("questionnaire", "units", "result")
        .order_by("-cancelled_at", "-id")
    )


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
    *,
    key: OrganisedYear | None = None,
    unit: str = "",
    units: set[str] | None = None,
    open_only: bool = False,
) -> QuerySet[Opinion]:
    """Opinions, newest first, narrowed by what is given."""
    rows = Opinion.objects.select_related("poll").defer("poll__questionnaire", "poll__units", "poll__result")
    if key is not None:
        rows = rows.filter(poll__organiser=key.organiser, poll__year=key.year)
    if unit:
        rows = rows.filter(unit=unit)
    if units is not None:
        rows = rows.filter(unit__in=units)
    return rows.filter(answered_at=None) if open_only else rows


def opinion(opinion_id: int) -> Opinion | None:
    """One opinion."""
    return Opinion.objects.filter(pk=opinion_id).first()


def opinion_due(opinion: Opinion | OpinionRow, calendar: WorkingCalendar) -> date | None:
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


def unscored_items(poll: Poll) -> frozenset[str]:
    """The items that opinions belong to and that do not score, by the rulebook that asked the poll's questions."""
    book = standards.asking(poll.questionnaire)
    return unscored_opinion_items(questionnaire_from_dict(poll.questionnaire), book.rubric if book else None)


def opinions_score(poll: Poll) -> bool:
    """Whether the rulebook that asked the poll's questions feeds an item with what became of opinions."""
    book = standards.asking(poll.questionnaire)
    return book is not None and book.rubric.fed_by(OPINIONS) is not None


def recorded_opinions(poll: Poll) -> dict[str, list[Any]]:
    """The figures of the poll's opinions that the ledger holds, by unit, oldest first."""
    found: dict[str, list[Any]] = {}
    rows = (
        search(organiser=poll.organiser, check=OPINIONS, source="clock")
        .filter(uid__startswith=f"{poll.uid}:")
        .order_by("id")
    )
    for unit, value in rows.prefetch_related(None).values_list("unit", "value"):
        found.setdefault(unit, []).append(value)
    return found


def opinion_counts(key: OrganisedYear) -> Mapping[str, dict[str, int]]:
    """Per unit: received, reasonable, closed in time."""
    rows = (
        Opinion.objects.filter(poll__organiser=key.organiser, poll__year=key.year)
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


@dataclass(frozen=True, slots=True)
class PollUnit:
    """A unit that is evaluated, as it was called when the poll was announced."""

    code: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What came out for a unit; ``interval`` are the two ends, ``network`` how many came from the government's own networks."""

    unit: PollUnit
    n: int
    value: str | None
    interval: tuple[str, str] | None
    grade: str | None
    reason: str
    network: int


@dataclass(frozen=True, slots=True)
class Told:
    """What of a unit's result may be told by the rule of small numbers; ``n`` and ``network`` are told anyway."""

    n: int
    value: str | None
    interval: tuple[str, str] | None
    grade: str | None
    reason: str
    network: int
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers to one question: shares of those who judged, null ``shares`` where too few did; ``judged`` is how many."""

    label: str
    n: int
    judged: int
    shares: Mapping[str, Fraction] | None


KINDS: Final = ("satisfied", "basic", "dissatisfied", "unclear")
_NONE: Final = {"n": 0, "satisfaction": {}, "grade": None, "grade_reason": "没有收到有效问卷", "strata": {}}


def units_of(poll: Poll) -> list[PollUnit]:
    """The evaluated units in the poll's order."""
    return [
        PollUnit(one["code"], one.get("short_name") or one["name"], one.get("group") or "")
        for one in poll.units
    ]


def names_of(poll: Poll) -> dict[str, str]:
    """Code to short name of the evaluated units."""
    return {one.code: one.name for one in units_of(poll)}


def results_of(poll: Poll) -> list[UnitResult]:
    """One row a unit in the poll's order; units without a ballot stand with nought. Empty before the opening."""
    if not poll.result:
        return []
    found = {one["unit"]: one for one in poll.result["units"]}
    return [_result(unit, found.get(unit.code) or _NONE) for unit in units_of(poll)]


def _result(unit: PollUnit, one: Mapping[str, Any]) -> UnitResult:
    value, interval = _satisfaction(one)
    return UnitResult(unit, one["n"], value, interval, one["grade"], one["grade_reason"], _network(one))


def _satisfaction(one: Mapping[str, Any]) -> tuple[str | None, tuple[str, str] | None]:
    figures = one["satisfaction"] or {}
    ends = figures.get("interval")
    return figures.get("value"), (ends[0], ends[1]) if ends else None


def _network(one: Mapping[str, Any]) -> int:
    found: int = ((one.get("strata") or {}).get("government") or {}).get("n", 0)
    return found


def ballots_of(poll: Poll) -> int:
    """How many ballots counted."""
    return sum(one.n for one in results_of(poll))


def warnings_of(poll: Poll) -> list[str]:
    """What the count warns of, with the units by name."""
    names = names_of(poll)
    return [_named(text, names) for text in (poll.result or {}).get("warnings", [])]


def _named(text: str, names: Mapping[str, str]) -> str:
    head, colon, rest = text.partition("：")
    code = head.removeprefix("单位 ")
    return f"{names[code]}：{rest}" if colon and code in names else text


def version_of(poll: Poll) -> str:
    """The version of the questionnaire."""
    return str(poll.questionnaire.get("version", ""))


def least_of(poll: Poll) -> int:
    """How many ballots a unit needs for a grade."""
    return int(poll.questionnaire.get("min_n") or 1)


def told_of(poll: Poll | None, unit: str) -> Told | None:
    """What a unit may be told of its own result: it is the last that should see a handful's answers. Null without a ballot."""
    if poll is None or not poll.result:
        return None
    found = next((one for one in poll.result["units"] if one["unit"] == unit), None)
    if found is None:
        return None
    told = public_unit(found, questionnaire_from_dict(poll.questionnaire))
    value, interval = _satisfaction(told)
    asked = tuple(one for each in poll.questionnaire["questions"] if (one := _asked(each, found, poll)))
    return Told(found["n"], value, interval, told["grade"], told["grade_reason"], _network(found), asked)


def _asked(question: Mapping[str, Any], result: Mapping[str, Any], poll: Poll) -> Asked | None:
    """The answers to a question that counts; null where nobody answered it."""
    found = result["questions"].get(question["id"])
    if not question.get("dimension") or not found or not found["n"]:
        return None
    counts = {code: int(one["count"]) for code, one in found["options"].items()}
    stand = {one["code"] for one in question["options"] if one["counts_as"]}
    kept = shown(counts, stand, least_of(poll))
    label = str(question.get("label", question["id"])).replace("|", "")
    if kept.options is None:
        return Asked(label, found["n"], kept.n, None)
    shares = dict.fromkeys(KINDS, Fraction(0))
    for option in question["options"]:
        counted = found["options"].get(option["code"])
        if counted:
            shares[option["counts_as"] or "unclear"] += Fraction(counted["share"])
    return Asked(label, found["n"], kept.n, shares)


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """A citizen's words with what became of them."""

    id: int
    unit: str
    text: str
    arrived_on: date
    due_on: date | None
    closed_on: date | None
    reasonable: bool | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    closed_in_time: bool | None


def opinion_row(one: Opinion) -> OpinionRow:
    """The row of an opinion."""
    return OpinionRow(
        one.pk,
        one.unit,
        one.text,
        one.arrived_on,
        one.due_on,
        one.closed_on,
        one.reasonable,
        one.answer,
        one.answered_by,
        one.answered_at,
        one.closed_in_time,
    )


def listed_opinions(*, key: OrganisedYear, unit: str, show: str) -> Rows[OpinionRow]:
    """Opinions of a year for a list: ``open``, ``answered``, ``unclosed`` or all, newest first."""
    rows = opinions(key=key, unit=unit, open_only=show == "open")
    if show == "answered":
        rows = rows.exclude(answered_at=None)
    if show == "unclosed":
        rows = rows.filter(reasonable=True, closed_on=None).exclude(closed_in_time=True)
    return Rows(rows, opinion_row)


def answer_said(one: Opinion) -> dict[str, str]:
    """The office's answer to an opinion, field by field as its form sends it."""
    judged = {None: "", True: "yes", False: "no"}[one.reasonable]
    return {"reasonable": judged, "answer": one.answer, "closed": str(bool(one.closed_in_time))}
