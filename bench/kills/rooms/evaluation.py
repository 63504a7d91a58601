"""The public's word: a poll a year is cancelled, prepared anew, sealed and opened; all the time citizens vote and get answers."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from typing import Any, Final

from bench.installation import late
from bench.kills.browsing import Browser, hidden
from bench.kills.city import PASSPHRASES, PASSWORD, UNITS, WALKERS, YEAR
from bench.kills.comparing import Found, audit, each_once, each_sending, last_stands, none_missing
from bench.kills.people import Person
from bench.kills.rooms.walk import Walk
from bench.kills.told import Told

OPTIONS: Final = {
    "contact": "errand",
    "q1": "satisfied",
    "q2": "basic",
    "q3": "dissatisfied",
    "q4": "unclear",
}
REASON: Final = "名单有误（示例）"
ALREADY_SEALED: Final = "问卷已经封存"


def evaluate(walk: Walk) -> None:
    """Prepared for the next day, sealed and opened the day after that."""
    year, passing, person = walk.year, walk.told.passing, late("kaoping.accounts.queries").person_by_username
    day = passing.today + timedelta(days=1)  # a poll begins after it was announced
    form = {
        "title": f"{year} 年评议",
        "opens_on": day.isoformat(),
        "closes_on": day.isoformat(),
        "networks": "",
    }
    for number, (username, words) in enumerate(
        zip(("opener1", "opener2"), PASSPHRASES, strict=True), start=1
    ):
        form |= {f"opener_{number}": str(person(username).pk)}
        form |= {f"passphrase_{number}": words, f"repeat_{number}": words}
    base, handler = f"/desk/evaluation/{year}", walk.company["handler"]
    later = {
        name: (day + timedelta(days=number)).isoformat()
        for number, name in enumerate(("opens_on", "closes_on"))
    }
    handler.act("prepare_poll", f"{base}/prepare/", form | later, key=(year, 1))
    later |= {
        "title": f"{year} 年评议（改）",
        "closes_on": (day + timedelta(days=5)).isoformat(),
        "reason": REASON,
    }
    handler.act("change_poll", f"{base}/change/", later, key=year, value=later["title"])
    handler.act("cancel_poll", f"{base}/cancel/", {"reason": REASON, "confirm_year": str(year)}, key=year)
    handler.act("prepare_poll", f"{base}/prepare/", form, key=(year, 2))
    walk.advance("evaluation")
    passing.at(day + timedelta(days=1))
    taken = walk.company["handler"].act("seal_poll", f"{base}/seal/", key=year, unless=ALREADY_SEALED)
    if not taken:  # the form was cut off, or the worker was first
        walk.told.keep("seal_poll", year)
    form = {"own_passphrase": PASSPHRASES[0], "username": "opener2", "password": PASSWORD}
    walk.company["opener1"].act(
        "open_poll", f"{base}/open/", {**form, "passphrase": PASSPHRASES[1]}, key=year
    )
    walk.advance("self_review")


def vote(told: Told) -> None:
    """A citizen fills in the form of the portal; every second one writes an opinion."""
    number = 0
    while True:
        number += 1
        code = UNITS[number % len(UNITS)]
        citizen = Browser(told.port + 1, told.loses)
        token = hidden(citizen.get(f"/evaluate/{code}/"), "token")
        opinion = f"意见{threading.get_ident()}-{number}" if number % 2 else ""
        page = citizen.post(f"/evaluate/{code}/", {**OPTIONS, "token": token, "opinion": opinion})
        if page.status != 200 or "kp-receipt__code" not in page.text:
            raise AssertionError(f"cast_ballot: unexpected answer {page.status} {page.words()}")
        told.keep("cast_ballot", token, opinion, citizen)
        told.rest(0.8)


def answer_opinions(told: Told) -> None:
    """The office answers what citizens wrote, and records how many were put right."""
    handler = Person(told, "handler")
    reads = late("kaoping.evaluation.queries")
    while True:
        waiting = list(reads.opinions(open_only=True).values_list("pk", flat=True)[:3])
        for pk in waiting:
            words = f"答复{pk}"
            form = {"reasonable": "yes", "answer": words, "closed": "on"}
            path = f"/desk/evaluation/{YEAR}/opinions/{pk}/"
            handler.act("answer_opinion", path, form, key=pk, value=words)
            told.rest(0.4)
        count = told.acts["record_opinion_ratios"]
        handler.act("record_opinion_ratios", f"/desk/evaluation/{YEAR}/opinions/record/", key=count)
        told.rest(4)


def _models() -> Any:
    return late("kaoping.evaluation.models")


def _polls(**conditions: Any) -> Counter[int]:
    rows = _models().Poll.objects.exclude(year=YEAR).filter(**conditions)
    return Counter(rows.values_list("year", flat=True))


def _prepare_poll(told: Told) -> Found:
    """The poll is there with both shares, and the published file bears the key that the shares open."""
    intake = late("kaoping.evaluation.intake")
    wrong = 0
    for poll in _models().Poll.every.all():
        published = intake.read_poll(intake.polls_folder(), poll.uid)
        shares = poll.shares.count()
        wrong += int(published is None or published.public_key != poll.public_key or shares != 2)
    seen: Counter[int] = Counter()
    made: Counter[Any] = Counter()
    for year in _models().Poll.every.exclude(year=YEAR).order_by("pk").values_list("year", flat=True):
        seen[year] += 1
        made[(year, seen[year])] += 1
    return each_once(told.acknowledged["prepare_poll"], made).and_also(none_missing(wrong))


def _change_poll(told: Told) -> Found:
    """The last title stands, on a poll that was then cancelled; what was before it is kept once."""
    rows = _models().PollChange.objects.values_list("poll__year", "poll__title")
    found = last_stands(told.acknowledged["change_poll"], dict(rows))
    return found.and_also(each_once(told.acknowledged["change_poll"], Counter(year for year, _ in rows)))


def _cancel_poll(told: Told) -> Found:
    """Cancelled once, in the published file as well, and the box takes none of its ballots."""
    intake = late("kaoping.evaluation.intake")
    gone = list(_models().Poll.every.filter(cancelled_at__isnull=False))
    wrong = 0
    with closing(late("kaoping.evaluation.ballotbox.store").open_ballot_store()) as store:
        for poll in gone:
            published = intake.read_poll(intake.polls_folder(), poll.uid)
            wrong += int(published is None or published.cancelled is None or store.sealed(poll.uid) is None)
    found = each_once(told.acknowledged["cancel_poll"], Counter(poll.year for poll in gone))
    return found.and_also(none_missing(wrong))


def _once_in_the_log(verb: str) -> Counter[int]:
    return _by_year(audit(verb).values_list("thing_id", flat=True))


def _by_year(uids: Iterable[str]) -> Counter[int]:
    """Ids of polls counted by the years of the polls; an id that no poll bears is counted as 0."""
    years = dict(_models().Poll.every.values_list("uid", "year"))
    return Counter(years.get(uid, 0) for uid in uids)


def _seal_poll(told: Told) -> Found:
    """Sealed once, under the digest that the box itself keeps."""
    wrong = 0
    with closing(late("kaoping.evaluation.ballotbox.store").open_ballot_store()) as store:
        for poll in _models().Poll.objects.exclude(sealed_at=None):
            seal = store.sealed(poll.uid)
            wrong += int(seal is None or seal.digest != poll.seal_digest)
    # The worker seals what is over by itself, and nobody is told of it.
    theirs = _by_year(audit("seal_poll").filter(actor_id="system").values_list("thing_id", flat=True))
    found = each_once({*told.acknowledged["seal_poll"], *theirs}, _once_in_the_log("seal_poll"))
    return found.and_also(none_missing(wrong))


def _open_poll(told: Told) -> Found:
    """Opened once, and each unit has one tally of each question."""
    opened = _polls(state="opened")
    lines = late("kaoping.evidence.models").Observation.objects.filter(source="ballot", kind="tally")
    tallies = _by_year(uid.split(":")[0] for uid in lines.values_list("uid", flat=True))
    wrong = sum(1 for year in opened if tallies[year] != len(WALKERS))
    found = each_once(told.acknowledged["open_poll"], opened).and_also(none_missing(wrong))
    return found.and_also(each_once(told.acknowledged["open_poll"], _once_in_the_log("open_poll")))


def _cast_ballot(told: Told) -> Found:
    receipts, uid = late("kaoping.evaluation.ballotbox.receipts"), _models().Poll.objects.get(year=YEAR).uid
    said = told.acknowledged["cast_ballot"]
    with closing(late("kaoping.evaluation.ballotbox.store").open_ballot_store()) as store:
        count = store.count(uid)
        hashes = [receipts.receipt_hash(receipts.receipt_of(uid, token)) for token in said]
        lost = sum(1 for one in hashes if store.counted(one) is None)
    return Found(count, lost, count - (len(said) - lost))


def _write_opinion(told: Told) -> Found:
    """Each opinion is on the desk once, or still in the box on its way to it."""
    late("kaoping.evaluation.services.opinions").collect_opinions(now=told.passing.now)
    for text in told.acknowledged["cast_ballot"].values():
        if text:
            told.also("write_opinion", text)
    told.acts["write_opinion"] = len(told.acknowledged["write_opinion"])
    texts = Counter(_models().Opinion.objects.values_list("text", flat=True))
    with closing(late("kaoping.evaluation.ballotbox.store").open_ballot_store()) as store:
        texts.update(one.text for one in store.waiting_opinions(1_000_000))
    return each_once(told.acknowledged["write_opinion"], texts)


def _answer_opinion(told: Told) -> Found:
    there = dict(_models().Opinion.objects.exclude(answer="").values_list("pk", "answer"))
    return last_stands(told.acknowledged["answer_opinion"], there)


def _record_opinion_ratios(told: Told) -> Found:
    return each_sending(told, "record_opinion_ratios", audit("record_opinion_ratios").count())


WRITERS = (("vote", vote), ("vote", vote), ("answer_opinions", answer_opinions))
STORED = {
    "prepare_poll": _prepare_poll,
    "change_poll": _change_poll,
    "cancel_poll": _cancel_poll,
    "seal_poll": _seal_poll,
    "open_poll": _open_poll,
    "answer_opinion": _answer_opinion,
    "record_opinion_ratios": _record_opinion_ratios,
    "cast_ballot": _cast_ballot,
    "write_opinion": _write_opinion,
}
# Citizens leave no line in the office's log.
OWN_LINES = frozenset({"cast_ballot", "seal_poll", "write_opinion"})
