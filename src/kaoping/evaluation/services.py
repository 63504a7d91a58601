"""Verbs of the public evaluation."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from kaoping.accounts.actor import SYSTEM, Actor, Refused, Who, same_person
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.accounts.services import keep_replaced, merged
from kaoping.balloting import Tally, questionnaire_from_dict, tally, tally_as_observations
from kaoping.calendars import WorkingCalendar, YearNotAnnounced, day_of, just_before
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.ballotbox.crypto import (
    PollKey,
    PollKeyError,
    WrongPassphrase,
    make_poll_key,
    open_with,
)
from kaoping.evaluation.ballotbox.polls import PollError, poll_from_json
from kaoping.evaluation.ballotbox.records import BallotBoxError
from kaoping.evaluation.ballotbox.sheets import open_ballots
from kaoping.evaluation.ballotbox.store import open_ballot_store, open_opinion_outbox
from kaoping.evaluation.models import OpeningShare, Opinion, Poll
from kaoping.evidence.services import Entry, record
from kaoping.registry.models import Organisation
from kaoping.registry.queries import organiser_code
from kaoping.standards.answers import OPINIONS_UNSCORED, opinion_items
from kaoping.support import clock, environment, installation, watch
from kaoping.workdays import logic as workdays
from kaoping.workdays.logic import Move
from kaoping.workdays.queries import calendar as working_days
from kaoping.workdays.queries import hold_calendar


def prepare_poll(
    *,
    actor: Actor,
    year: int,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    questionnaire: dict[str, Any],
    units: Sequence[dict[str, str]],
    openers: tuple[Person, Person],
    passphrases: tuple[str, str],
    government_networks: Sequence[str] = (),
    example: bool = False,
    now: datetime,
) -> Poll:
    """Make the key with both openers present, keep their locked shares, and publish the poll file.

    ``units`` holds code, name, short_name and group of each unit to be evaluated. The private key is never stored.
    """
    if not policy.can_prepare_poll(actor):
        raise refuse(actor, "prepare_poll", "poll", year, "只有市政务公开办经办可以布置评议。", now=now)
    words = None
    if queries.poll_of_year(year):
        words = f"{year} 年的评议已经布置，一年组织一次（评议制度第七条）。"
    words = words or logic.refusal_to_prepare(year, opens_at, closes_at, len(units), now)
    words = words or logic.refusal_of_title(title)
    if words is None and same_person(*(Who(str(one.pk)) for one in openers)):
        words = "两位开箱人不能是同一人。"
    if words:
        raise refuse(actor, "prepare_poll", "poll", year, words, now=now)
    try:
        key = make_poll_key(*passphrases)
        data = _poll_file(
            _new_id(year, now),
            year,
            title,
            opens_at,
            closes_at,
            questionnaire,
            units,
            government_networks,
            key,
            example,
        )
    except (PollKeyError, PollError) as error:
        raise Refused(str(error)) from None
    with transaction.atomic():
        poll = Poll.objects.create(
            year=year,
            uid=data["id"],
            title=title,
            state=logic.PREPARED,
            opens_at=opens_at,
            closes_at=closes_at,
            questionnaire=questionnaire,
            units=list(units),
            public_key=key.public_key,
            example=example,
        )
        for position, (person, locked) in enumerate(zip(openers, key.locked, strict=True), start=1):
            OpeningShare.objects.create(poll=poll, opener=person, position=position, locked=locked)
        names = "、".join(person.name for person in openers)
        record_act(
            actor, "prepare_poll", "poll", poll.uid, f"布置 {year} 年社会评议，开箱人 {names}。", now=now
        )
        publish_file(data)
    return poll


def _new_id(year: int, now: datetime) -> str:
    """The next id that neither the desk nor the published folder knows. Raises ``Refused`` before ``kaoping init`` ran."""
    mark = installation.read(environment.data_folder())
    if mark is None:
        raise Refused("数据目录还没有安装标识，请系统管理员运行 kaoping init。")
    organiser = organiser_code(on=day_of(now))
    known = set(Poll.every.values_list("uid", flat=True))
    known |= {path.stem for path in (Path(settings.KAOPING_PUBLISHED) / "polls").glob("*.json")}
    number = 1
    while (made := logic.poll_id(mark.id, organiser, year, number)) in known:
        number += 1
    return made


def _poll_file(
    uid: str,
    year: int,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    questionnaire: dict[str, Any],
    units: Sequence[dict[str, str]],
    networks: Sequence[str],
    key: PollKey,
    example: bool,
) -> dict[str, Any]:
    data = {
        "id": uid,
        "title": title,
        "year": year,
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
        "public_key": key.public_key,
        "questionnaire": questionnaire,
        "units": list(units),
        "example": example,
        "min_n": questionnaire.get("min_n"),
        "government_networks": list(networks),
        "cancelled": None,
    }
    poll_from_json(data)
    return data


def publish_file(data: dict[str, Any]) -> None:
    """Write ``polls/<id>.json``, which portal and intake read; whole or not at all."""
    folder = Path(settings.KAOPING_PUBLISHED) / "polls"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{data['id']}.json"
    temporary = folder / f".{data['id']}.{os.getpid()}"
    temporary.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    temporary.replace(path)


@signing
def seal_poll(*, actor: Actor, poll: Poll, now: datetime) -> Poll:
    """Close the box for ever and keep the digest over all ballots; later ballots are refused by the store."""
    if not policy.can_seal(actor):
        raise refuse(actor, "seal_poll", "poll", poll.uid, "只有市政务公开办经办可以封存问卷。", now=now)
    words = logic.refusal_to_seal(queries.state(poll, now) or "", poll.closes_at, now) or watch.refusal()
    if words:
        raise refuse(actor, "seal_poll", "poll", poll.uid, words, now=now)
    with closing(open_ballot_store()) as store:
        seal = store.seal(poll.uid, now)
    with transaction.atomic():
        _hold(poll, logic.SEALED, "问卷已经封存。")
        poll.state, poll.seal_digest, poll.sealed_count, poll.sealed_at = (
            logic.SEALED,
            seal.digest,
            seal.count,
            now,
        )
        poll.save(update_fields=["state", "seal_digest", "sealed_count", "sealed_at"])
        record_act(
            actor,
            "seal_poll",
            "poll",
            poll.uid,
            f"封存 {seal.count} 份问卷，校验值 {seal.digest[:8]}…。",
            now=now,
        )
    return poll


@signing
def confirm_clock(*, actor: Actor, now: datetime) -> int:
    """The office says that the machine's time is right: sealing and clearing away go on. Returns how many doubts ended.

    Not the administrator, who sets the clock: what waits is the office's act.
    """
    if not policy.can_confirm_clock(actor):
        words = "时钟由市政务公开办经办或负责人核对确认。"
        raise refuse(actor, "confirm_clock", "installation", "", words, now=now)
    with transaction.atomic():
        said = "；".join(watch.in_words(one) for one in watch.pending())
        ended = watch.confirm(by=actor.id, now=now)
        if not ended:
            raise Refused("时钟没有要核对的。")
        record_act(
            actor,
            "confirm_clock",
            "installation",
            "",
            f"核对时钟，确认现在是 {clock.beijing_text(now)}：{said}。",
            now=now,
        )
    return ended


def _hold(poll: Poll, done: str, words: str) -> None:
    """Inside a transaction: wait for whoever holds the poll, then see that the act was not done meanwhile.

    The worker and the office seal at the same hour; two clicks open one box.
    """
    state = Poll.every.select_for_update().get(pk=poll.pk).state
    if state == logic.CANCELLED:
        raise Refused("这次评议已经取消。")
    if state in (done, logic.OPENED):
        raise Refused(words)


class NotUnlocked(Refused):
    """Passphrases that do not fit; ``whose`` are the ids of the openers who gave them."""

    def __init__(self, words: str, whose: Sequence[str]) -> None:
        super().__init__(words)
        self.whose = tuple(whose)


@signing
def open_poll(
    *, first: Actor, first_passphrase: str, second: Actor, second_passphrase: str, poll: Poll, now: datetime
) -> Poll:
    """Both openers, both signed in, open the sealed box; tallies enter the ledger and the result is kept.

    The caller has authenticated ``second`` by sign-in name and password. Raises ``Refused`` in words.
    """
    for actor in (first, second):
        if not policy.can_open(actor):
            raise refuse(actor, "open_poll", "poll", poll.uid, "只有指定的开箱人可以开箱。", now=now)
    shares = list(queries.openers(poll))
    words = logic.refusal_to_open(
        poll.state, first.who, second.who, [Who(str(share.opener_id)) for share in shares]
    )
    if words:
        raise refuse(first, "open_poll", "poll", poll.uid, words, now=now)
    given = {first.id: first_passphrase, second.id: second_passphrase}
    key = PollKey(poll.public_key, (shares[0].locked, shares[1].locked))
    try:
        private = open_with(key, given[str(shares[0].opener_id)], given[str(shares[1].opener_id)])
        with closing(open_ballot_store()) as store:
            opened = open_ballots(store, poll.uid, private)
    except WrongPassphrase as error:
        whose = [shares[place].opener for place in error.which]
        words = f"{'、'.join(person.name for person in whose)}的开箱口令不对，箱没有打开。"
        refuse(first, "open_poll", "poll", poll.uid, words, now=now)
        raise NotUnlocked(words, [str(person.pk) for person in whose]) from None
    except (PollKeyError, BallotBoxError) as error:
        raise refuse(first, "open_poll", "poll", poll.uid, str(error), now=now) from None
    counted = tally(questionnaire_from_dict(poll.questionnaire), opened.ballots)
    _keep_result(poll, counted, opened.unreadable, first, second, now)
    return poll


def _keep_result(
    poll: Poll, counted: Tally, unreadable: int, first: Actor, second: Actor, now: datetime
) -> None:
    observed_at = just_before(poll.closes_at)
    lines = _lines(poll, counted, now)
    known = set(Organisation.objects.values_list("code", flat=True))
    result = counted.as_json()
    if unreadable:
        result["warnings"] = [*result["warnings"], f"有 {unreadable} 份问卷读不出，没有计入。"]
    with transaction.atomic():
        _hold(poll, logic.OPENED, "已经开箱，结果在下面。")
        record(
            [
                Entry(
                    unit=line["unit"],
                    item=line["item"],
                    source="ballot",
                    observed_at=observed_at,
                    kind="tally",
                    value=line["value"],
                    reason=line["reason"],
                    uid=logic.line_uid(poll.uid, line["unit"], line["value"]["question"]),
                )
                for line in lines
            ],
            actor=SYSTEM,
            now=now,
        )
        record(
            [one for one in _unscored_opinions(poll, queries.opinion_counts(poll.year)) if one.unit in known],
            actor=SYSTEM,
            now=now,
        )
        poll.state, poll.opened_at, poll.result = logic.OPENED, now, result
        poll.save(update_fields=["state", "opened_at", "result"])
        OpeningShare.objects.filter(poll=poll).update(handed_in_at=now)
        record_act(
            first,
            "open_poll",
            "poll",
            poll.uid,
            f"{first.name} 与 {second.name} 开箱，计入 {poll.sealed_count or 0} 份中可读的问卷。",
            now=now,
        )


def _lines(poll: Poll, counted: Tally, now: datetime) -> list[dict[str, Any]]:
    """Tallies of every unit of the poll; nobody's answer is a tally of zeros, so that the scorer can redistribute."""
    lines = tally_as_observations(counted, observed_at=just_before(poll.closes_at), recorded_at=now)
    have = {(line["unit"], line["value"]["question"]) for line in lines}
    for unit in poll.units:
        for question in counted.questionnaire.questions:
            if question.dimension and question.options and (unit["code"], question.id) not in have:
                options = {option.code: 0 for option in question.options}
                lines.append(
                    {
                        "unit": unit["code"],
                        "item": question.dimension,
                        "value": {"question": question.id, "options": options},
                        "reason": f"社会评议第 {question.id} 题，没有人作答",
                    }
                )
    return lines


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


def answer_opinion(
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
    if not policy.can_answer_opinion(actor):
        raise refuse(
            actor, "answer_opinion", "opinion", opinion.pk, "只有市政务公开办经办可以答复意见。", now=now
        )
    words = logic.refusal_to_answer(reasonable, answer)
    if words:
        raise Refused(words)
    with transaction.atomic():
        held = Opinion.objects.select_for_update().get(pk=opinion.pk)
        stored = queries.answer_said(held)
        values = merged(
            opened=opened,
            mine={
                "reasonable": "yes" if reasonable else "no",
                "answer": answer,
                "closed": str(bool(closed)),
            },
            stored=stored,
            last=lambda: (Who(held.answered_by_id, held.answered_by), held.answered_at),
        )
        if held.answered_at is not None and values == stored:
            return opinion
        reasonable, closed = values["reasonable"] == "yes", values["closed"] == "True"
        keep_replaced("opinion", opinion.pk, actor=actor, old=stored, new=values, now=now)
        opinion.reasonable, opinion.answer = reasonable, values["answer"]
        opinion.answered_by_id, opinion.answered_by, opinion.answered_at = actor.id, actor.name, now
        # Said again with other words, what was put right stays put right on its day.
        opinion.closed_on = (opinion.closed_on or day_of(now)) if reasonable and closed else None
        opinion.closed_in_time = (
            _in_time(opinion, now) if reasonable and closed else False if reasonable else None
        )
        opinion.save()
        word = "合理，采纳" if reasonable else "不采纳"
        record_act(actor, "answer_opinion", "opinion", opinion.pk, f"答复意见（{word}）。", now=now)
    return opinion


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


def record_opinion_ratios(*, actor: Actor, year: int, now: datetime) -> int:
    """Put into the ledger what became of each unit's opinions, which does not score yet; returns how many units.

    A second call repeats nothing while the figures are the same; the newest figures are the ones that are shown.
    """
    if not policy.can_answer_opinion(actor):
        raise refuse(actor, "record_opinion_ratios", "poll", year, "只有市政务公开办经办可以登记。", now=now)
    poll = queries.poll_of_year(year)
    if poll is None:
        raise Refused(f"{year} 年没有布置评议。")
    known = set(Organisation.objects.values_list("code", flat=True))
    entries = [one for one in _unscored_opinions(poll, queries.opinion_counts(year)) if one.unit in known]
    units = len({one.unit for one in entries})
    with transaction.atomic():
        record(entries, actor=actor, now=now)
        record_act(
            actor,
            "record_opinion_ratios",
            "poll",
            poll.uid,
            f"登记 {units} 个单位的意见整改情况，不计分。",
            now=now,
        )
    return units


def _unscored_opinions(poll: Poll, counts: Mapping[str, Mapping[str, int]]) -> Iterator[Entry]:
    """What became of the opinions on each unit, as 不涉及: no unit can see or answer them here, so none may lose by them.

    社会评议制度 第八条 asks that reasonable opinions be put right; the item scores when units get them to answer.
    """
    items = opinion_items(questionnaire_from_dict(poll.questionnaire))
    for unit in poll.units:
        count = counts.get(unit["code"], {"received": 0, "reasonable": 0, "closed": 0})
        figures = f"{count['received']}-{count['reasonable']}-{count['closed']}"
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
