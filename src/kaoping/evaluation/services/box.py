"""Verbs: the box is sealed when the poll is over, and two openers open it; a doubted clock waits for the office."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, Final

from kaoping.accounts.actor import SYSTEM, Actor, Refused, Who
from kaoping.accounts.verbs import Act, verb
from kaoping.balloting import Tally, questionnaire_from_dict, tally, tally_as_observations
from kaoping.beijing import just_before
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.ballotbox.crypto import PollKey, PollKeyError, WrongPassphrase, open_with
from kaoping.evaluation.ballotbox.records import BallotBoxError
from kaoping.evaluation.ballotbox.sheets import open_ballots
from kaoping.evaluation.ballotbox.store import open_ballot_store
from kaoping.evaluation.models import OpeningShare, Poll
from kaoping.evaluation.services.opinions import opinion_lines
from kaoping.evidence.services import Entry, record
from kaoping.registry.models import Organisation
from kaoping.support import clock, watch

_NO_DOUBT: Final = "时钟没有要核对的。"


def _unsealable(poll: Poll, now: datetime) -> str | None:
    return logic.refusal_to_seal(queries.state(poll, now) or "", poll.closes_at, now) or watch.refusal()


@verb(
    "seal_poll",
    "封存问卷",
    kind="poll",
    thing="poll",
    signs=True,
    door=policy.can_seal,
    whose="poll",
    denied="只有政务公开办经办可以封存问卷。",
    refusal=_unsealable,
    lock="poll",
    said="封存 {count} 份问卷，校验值 {digest}…。",
    news="封存问卷 {n} 次",
    room="evaluation",
    final="封存的箱不再收卷。",
)
def seal_poll(act: Act, *, actor: Actor, poll: Poll, now: datetime) -> Poll:
    """Close the box for ever and keep the digest over all ballots; later ballots are refused by the store.

    The worker and the office seal at the same hour: the store gives both one seal, and one of them writes it down.
    """
    with closing(open_ballot_store()) as store:
        seal = store.seal(poll.uid, now)
    with act.writing():
        poll.state, poll.sealed_at = logic.SEALED, now
        poll.seal_digest, poll.sealed_count = seal.digest, seal.count
        poll.save(update_fields=["state", "seal_digest", "sealed_count", "sealed_at"])
        act.done(count=seal.count, digest=seal.digest[:8])
    return poll


def _undoubted() -> str | None:
    return None if watch.pending().exists() else _NO_DOUBT


@verb(
    "confirm_clock",
    "核对时钟",
    kind="installation",
    signs=True,
    door=policy.can_confirm_clock,
    denied="时钟由政务公开办经办或负责人核对确认。",
    refusal=_undoubted,
    said="核对时钟，确认现在是 {at}：{doubts}。",
    final="确认的是当时的时间；时钟再跳，再核对一次。",
)
def confirm_clock(act: Act, *, actor: Actor, now: datetime) -> int:
    """The office says that the machine's time is right: sealing and clearing away go on. Returns how many doubts ended.

    Not the administrator, who sets the clock: what waits is the office's act.
    """
    with act.writing():
        doubts = "；".join(watch.in_words(one) for one in watch.pending())
        ended = watch.confirm(by=actor.id, now=now)
        if not ended:
            raise Refused(_NO_DOUBT)
        act.done(at=clock.beijing_text(now), doubts=doubts)
    return ended


class NotUnlocked(Refused):
    """Passphrases that do not fit; ``whose`` are the ids of the openers who gave them."""

    def __init__(self, words: str, whose: Sequence[str]) -> None:
        super().__init__(words)
        self.whose = tuple(whose)


def _both_open(first: Actor, second: Actor | None, poll: Poll) -> bool:
    return policy.can_open(first, poll) and (second is None or policy.can_open(second, poll))


def _unopenable(first: Actor, second: Actor | None, poll: Poll) -> str | None:
    """``second`` is null for the page, on which the first alone has signed in."""
    openers = [Who(str(share.opener_id)) for share in queries.openers(poll)]
    return logic.refusal_to_open(poll.state, first.who, second.who if second else None, openers)


@verb(
    "open_poll",
    "开箱",
    kind="poll",
    thing="poll",
    who="first",
    signs=True,
    door=_both_open,
    denied="由布置时指定的两名开箱人到场，其中一人登录后开箱。",
    refusal=_unopenable,
    lock="poll",
    said="{who} 与 {second} 开箱，计入 {count} 份中可读的问卷。",
    news="开箱 {n} 次",
    room="evaluation",
    final="开过的箱不再封存，计票结果已经计入台账。",
)
def open_poll(
    act: Act,
    *,
    first: Actor,
    first_passphrase: str,
    second: Actor,
    second_passphrase: str,
    poll: Poll,
    now: datetime,
) -> Poll:
    """Both openers, both signed in, open the sealed box; tallies enter the ledger and the result is kept.

    The caller has authenticated ``second`` by sign-in name and password. Raises ``Refused`` in words.
    """
    shares = list(queries.openers(poll))
    given = {first.id: first_passphrase, second.id: second_passphrase}
    key = PollKey(poll.public_key, (shares[0].locked, shares[1].locked))
    try:
        private = open_with(key, given[str(shares[0].opener_id)], given[str(shares[1].opener_id)])
        with closing(open_ballot_store()) as store:
            opened = open_ballots(store, poll.uid, private)
    except WrongPassphrase as error:
        whose = [shares[place].opener for place in error.which]
        words = f"{'、'.join(person.name for person in whose)}的开箱口令不对，箱没有打开。"
        raise NotUnlocked(words, [str(person.pk) for person in whose]) from None
    except (PollKeyError, BallotBoxError) as error:
        raise Refused(str(error)) from None
    counted = tally(questionnaire_from_dict(poll.questionnaire), opened.ballots)
    _keep_result(act, poll, counted, opened.unreadable, second)
    return poll


def _keep_result(act: Act, poll: Poll, counted: Tally, unreadable: int, second: Actor) -> None:
    lines = _lines(poll, counted, act.now)
    known = set(Organisation.objects.values_list("code", flat=True))
    result = counted.as_json()
    if unreadable:
        result["warnings"] = [*result["warnings"], f"有 {unreadable} 份问卷读不出，没有计入。"]
    with act.writing():
        record([_entry(poll, line) for line in lines], actor=SYSTEM, whose=poll, now=act.now)
        record(
            [one for one in opinion_lines(poll, queries.opinion_counts(poll.key)) if one.unit in known],
            actor=SYSTEM,
            whose=poll,
            now=act.now,
        )
        poll.state, poll.opened_at, poll.result = logic.OPENED, act.now, result
        poll.save(update_fields=["state", "opened_at", "result"])
        OpeningShare.objects.filter(poll=poll).update(handed_in_at=act.now)
        act.done(second=second.name, count=poll.sealed_count or 0)


def _entry(poll: Poll, line: dict[str, Any]) -> Entry:
    return Entry(
        unit=line["unit"],
        item=line["item"],
        source="ballot",
        observed_at=just_before(poll.closes_at),
        kind="tally",
        value=line["value"],
        reason=line["reason"],
        uid=logic.line_uid(poll.uid, line["unit"], line["value"]["question"]),
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
