"""Verbs: what citizens wrote reaches the office, is judged and answered, and enters the ledger without scoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused, Who
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.services import keep_replaced, merged
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of, just_before
from kaoping.calendars import WorkingCalendar, YearNotAnnounced
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.ballotbox.store import open_opinion_outbox
from kaoping.evaluation.models import Opinion, Poll
from kaoping.evidence.services import Entry, record
from kaoping.registry.models import Organisation
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards.answers import OPINIONS, OPINIONS_UNSCORED
from kaoping.workdays import logic as workdays
from kaoping.workdays.logic import Move
from kaoping.workdays.queries import calendar as working_days
from kaoping.workdays.queries import hold_calendar


def collect_opinions(*, now: datetime) -> int:
    """Fetch what citizens wrote from the outbox; each once, however often this runs."""
    with closing(open_opinion_outbox()) as outbox:
        waiting = outbox.waiting(500)
        if not waiting:
            return 0
        polls = {poll.uid: poll for poll in queries.polls()}
        known = [one for one in waiting if one.poll in polls]
        with transaction.atomic():
            hold_calendar()
            calendar = working_days(now)
            Opinion.objects.bulk_create(
                [
                    Opinion(
                        uid=one.id,
                        poll=polls[one.poll],
                        unit=one.unit,
                        text=one.text,
                        arrived_on=one.day,
                        due_on=logic.opinion_due(one.day, calendar),
                        collected_at=now,
                    )
                    for one in known
                ],
                ignore_conflicts=True,
            )
        outbox.mark_collected([one.id for one in known])
    return len(known)


@verb(
    "answer_opinion",
    "答复意见",
    kind="opinion",
    thing="opinion",
    door=policy.can_answer_opinion,
    whose="opinion.poll",
    denied="只有政务公开办经办可以答复意见。",
    lock="opinion",
    said="答复意见（{judged}）。",
    news="答复意见建议 {n} 条",
    room="evaluation",
    back="answer_opinion",
)
def answer_opinion(
    act: Act,
    *,
    actor: Actor,
    opinion: Opinion,
    reasonable: bool | None,
    answer: str,
    closed: bool,
    opened: Opened = NOT_SAID,
    now: datetime,
) -> Opinion:
    """Judge an opinion and answer it; a reasonable one counts as put right in time when ``closed`` before its deadline.

    Raises ``Stale`` where a colleague answered since the form was ``opened``; a replaced answer leaves its line of history.
    """
    if words := logic.refusal_to_answer(reasonable, answer):
        raise Refused(words)
    with act.writing():
        stored = queries.answer_said(opinion)
        values = merged(
            opened=opened,
            mine={
                "reasonable": "yes" if reasonable else "no",
                "answer": answer,
                "closed": str(bool(closed)),
            },
            stored=stored,
            last=lambda: (Who(opinion.answered_by_id, opinion.answered_by), opinion.answered_at),
        )
        if opinion.answered_at is not None and values == stored:
            return opinion
        keep_replaced("opinion", opinion.pk, actor=actor, old=stored, new=values, now=now)
        reasonable = values["reasonable"] == "yes"
        _put_right(opinion, reasonable and values["closed"] == "True", reasonable, now)
        opinion.reasonable, opinion.answer = reasonable, values["answer"]
        opinion.answered_by_id, opinion.answered_by, opinion.answered_at = actor.id, actor.name, now
        opinion.save()
        act.done(judged="合理，采纳" if reasonable else "不采纳")
    return opinion


def _put_right(opinion: Opinion, closed: bool, reasonable: bool, now: datetime) -> None:
    """Said again with other words, what was put right stays put right on its day."""
    opinion.closed_on = (opinion.closed_on or day_of(now)) if closed else None
    opinion.closed_in_time = _in_time(opinion, now) if closed else False if reasonable else None


def _in_time(opinion: Opinion, now: datetime) -> bool:
    due = queries.opinion_due(opinion, working_days(now))
    if due is None:
        raise Refused(str(YearNotAnnounced(opinion.arrived_on.year)))
    return (opinion.closed_on or day_of(now)) <= due


def recount(*, before: WorkingCalendar, after: WorkingCalendar) -> list[Move]:
    """Let the deadlines of opinions become later where ``after`` counts so; call where the arrangement is stored.

    From then on every running opinion bears its date, so that none that was shown can become earlier; whether one was put right
    in time is judged again. Returns the dates that are counted otherwise.
    """
    found = queries.moves(before, after)
    rows = list(queries.running_opinions().select_for_update())
    for one in rows:
        was, counted = (
            one.due_on or logic.opinion_due(one.arrived_on, before),
            logic.opinion_due(one.arrived_on, after),
        )
        one.due_on = workdays.never_earlier(was, counted) if was and counted else was or counted
        if one.closed_on is not None and one.due_on is not None:
            one.closed_in_time = one.closed_on <= one.due_on
    Opinion.objects.bulk_update(rows, ["due_on", "closed_in_time"], batch_size=500)
    return found


def _never_announced(key: OrganisedYear) -> str | None:
    return None if queries.poll_of(key) else f"{key.year} 年没有布置评议。"


@verb(
    "record_opinion_ratios",
    "登记意见整改情况",
    kind="poll",
    thing="key",
    door=policy.can_answer_opinion,
    whose="key",
    denied="只有政务公开办经办可以登记。",
    refusal=_never_announced,
    said="登记 {units} 个单位的意见整改情况{how}。",
    news="登记意见整改情况 {n} 次",
    room="evaluation",
    final="数字变了的再登记一次，以新的为准。",
)
def record_opinion_ratios(act: Act, *, actor: Actor, key: OrganisedYear, now: datetime) -> int:
    """Put into the ledger what became of each unit's opinions; returns how many units.

    It scores where the rulebook that asked the questions feeds an item with it, and nowhere else.

    A second call repeats nothing while the figures are the same; the newest figures are the ones that are shown.
    """
    poll = queries.poll_of(key)
    assert poll is not None  # what the refusal has just asked
    known = set(Organisation.objects.values_list("code", flat=True))
    entries = [one for one in opinion_lines(poll, queries.opinion_counts(key)) if one.unit in known]
    units = sum(unit["code"] in known for unit in poll.units)
    with act.writing():
        record(entries, actor=actor, whose=poll, now=now)
        act.done(thing=poll, units=units, how="" if queries.opinions_score(poll) else "，不计分")
    return units


def opinion_lines(poll: Poll, counts: Mapping[str, Mapping[str, int]]) -> Iterator[Entry]:
    """What became of the opinions on each unit: the feed, where the rulebook takes it, and 不涉及 for the items that do not score.

    社会评议制度 第八条 asks that reasonable opinions be put right. No unit can see or answer them here yet, so none may lose by
    them unless its organiser's own rulebook decided so.
    """
    items, scores = queries.unscored_items(poll), queries.opinions_score(poll)
    recorded = queries.recorded_opinions(poll) if scores else {}
    for unit in poll.units:
        count = counts.get(unit["code"], {"received": 0, "reasonable": 0, "closed": 0})
        figures = f"{count['received']}-{count['reasonable']}-{count['closed']}"
        ratio, known = {"done": count["closed"], "of": count["reasonable"]}, recorded.get(unit["code"], [])
        if scores and known[-1:] != [ratio]:
            yield Entry(
                unit=unit["code"],
                check=OPINIONS,
                source="clock",
                observed_at=just_before(poll.closes_at),
                kind="ratio",
                value=ratio,
                reason=logic.opinions_in_words(count),
                # Figures that come back are a line of their own: the newest counts.
                uid=logic.line_uid(poll.uid, OPINIONS, unit["code"], str(len(known) + 1)),
            )
        for item in sorted(items):
            yield Entry(
                unit=unit["code"],
                item=item,
                source="office",
                observed_at=just_before(poll.closes_at),
                kind="verdict",
                value="not_applicable",
                reason=f"{logic.opinions_in_words(count)}。{OPINIONS_UNSCORED}",
                uid=logic.line_uid(poll.uid, unit["code"], item, "unscored", figures),
            )
