"""A ballot going in sealed and coming out at the opening.

The sealed text holds unit, stratum, answers and a number of its own, so that an opened ballot bears neither
its receipt nor the order of arrival. Free text is never sealed with a ballot: it travels as an opinion.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nacl import utils
from nacl.public import PrivateKey

from kaoping.balloting import Ballot, BallotError, ballot_from_json, read_answers
from kaoping.evaluation.ballotbox import crypto
from kaoping.evaluation.ballotbox.polls import PublishedPoll
from kaoping.evaluation.ballotbox.records import NotSealed, SealBroken
from kaoping.evaluation.ballotbox.sealing import seal_digest
from kaoping.evaluation.ballotbox.store import BallotStore

NUMBER_BYTES: Final = 12


class AnswersRefused(ValueError):
    """Answers that cannot become a ballot; ``faults`` says why, one sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Opened:
    """The opened box: ballots in order of their own numbers, and how many payloads could not be read."""

    ballots: tuple[Ballot, ...]
    unreadable: int
    digest: str


def seal_ballot(poll: PublishedPoll, unit: str, answers: Mapping[str, Any], stratum: str) -> bytes:
    """The payload of one filled questionnaire about ``unit``. Raises ``AnswersRefused``.

    Answers to text questions are left out: pass them as an opinion.
    """
    if poll.unit(unit) is None:
        raise AnswersRefused(("请选择要评议的单位",))
    texts = {question.id for question in poll.questionnaire.questions if question.kind == "text"}
    kept = {code: answer for code, answer in answers.items() if code not in texts and answer}
    number = utils.random(NUMBER_BYTES).hex()
    read = read_answers(poll.questionnaire, Ballot(number, unit, stratum, kept))
    if read.faults:
        raise AnswersRefused(read.faults)
    if not read.choices:
        raise AnswersRefused(("一题也没有回答，请至少回答一题",))
    sheet = {"id": number, "unit": unit, "stratum": stratum, "answers": kept}
    plain = json.dumps(sheet, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return crypto.seal(plain.encode(), poll.public_key)


def open_ballots(store: BallotStore, poll: str, private: PrivateKey) -> Opened:
    """Open a sealed poll after checking that the box is what was sealed.

    Raises ``NotSealed`` and ``SealBroken``. A payload that is not readable is counted and not guessed at.
    """
    seal = store.sealed(poll)
    if seal is None:
        raise NotSealed(poll)
    sealed = list(store.ballots(poll))
    if seal_digest(sealed) != (seal.digest, seal.count):
        raise SealBroken(poll)
    ballots: list[Ballot] = []
    unreadable = 0
    for one in sealed:
        try:
            ballots.append(ballot_from_json(json.loads(crypto.unseal(one.payload, private))))
        except (crypto.Unreadable, BallotError, ValueError):
            unreadable += 1
    ballots.sort(key=lambda ballot: hashlib.sha256(ballot.id.encode()).digest())
    return Opened(tuple(ballots), unreadable, seal.digest)
