"""A poll that has not begun can be changed or cancelled, with a trace; one that has begun cannot."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from kaoping.accounts.actor import Actor, Refused, Stale
from kaoping.accounts.logic import Opened, edition_of
from kaoping.accounts.models import AuditEntry, Person
from kaoping.evaluation import queries, unopened
from kaoping.evaluation.ballotbox.polls import PollError, poll_from_json
from kaoping.evaluation.ballotbox.receipts import new_token, receipt_hash, receipt_of
from kaoping.evaluation.ballotbox.records import Arrival, Outcome
from kaoping.evaluation.ballotbox.sheets import seal_ballot
from kaoping.evaluation.ballotbox.store import open_ballot_store
from kaoping.evaluation.intake import read_poll
from kaoping.evaluation.models import OpeningShare, Poll
from kaoping.evaluation.services.box import seal_poll
from kaoping.evaluation.services.poll import prepare_poll
from kaoping.registry.queries.organisers import main_year
from tests.evaluation.test_services import (
    CLOSES,
    OPENS,
    PASSPHRASES,
    QUESTIONNAIRE,
    UID,
    box,
    open_it,
    openers,
    poll,
)

__all__ = ["box", "openers", "poll"]
pytestmark = pytest.mark.django_db
BEFORE = OPENS - timedelta(days=2)
NEXT_UID = "testtest-city-2025-2"


@pytest.fixture
def office(db):
    person = Person.objects.create(username="wang", name="王经办", created_at=OPENS)
    return Actor(str(person.pk), "wang", "王经办", (("office_handler", "city"),))


def change(office, poll, **more):
    given = {
        "title": "2025 年政务公开社会评议",
        "opens_on": date(2025, 10, 20),
        "closes_on": date(2025, 11, 20),
        "reason": "截止日是休息日",
        "now": BEFORE,
    }
    return unopened.change_poll(actor=office, poll=poll, **(given | more))


def cancel(office, poll, **more):
    return unopened.cancel_poll(actor=office, poll=poll, **({"reason": "名单有误", "now": BEFORE} | more))


def published(box, uid=UID):
    return read_poll(box / "published" / "polls", uid)


def test_title_and_days_are_changed_and_what_they_were_stays(box, poll, office):
    made = change(office, poll)
    assert (made.title, made.opens_at.isoformat(), made.closes_at.isoformat()) == (
        "2025 年政务公开社会评议",
        "2025-10-20T00:00:00+08:00",
        "2025-11-21T00:00:00+08:00",
    )
    [before] = queries.changes(poll)
    assert (before.title, before.opens_at, before.closes_at) == ("2025 年社会评议", OPENS, CLOSES)
    assert (before.by.name, before.at, before.reason) == ("王经办", BEFORE, "截止日是休息日")
    told = published(box)
    assert (told.title, told.opens_at, told.closes_at) == (made.title, made.opens_at, made.closes_at)
    # What is not changed stays: the key, the units, the questions.
    assert (told.public_key, [unit.code for unit in told.units]) == (poll.public_key, ["E"])
    assert AuditEntry.objects.get(verb="change_poll").sentence.endswith("理由：截止日是休息日")


def test_a_day_that_stays_keeps_its_instant(poll, office):
    made = change(office, poll, opens_on=date(2025, 10, 13), closes_on=date(2025, 11, 12), title="新标题")
    assert (made.opens_at, made.closes_at) == (OPENS, CLOSES)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reason": " "}, "请写明为什么改"),
        ({"title": " "}, "请填标题"),
        ({"opens_on": date(2025, 10, 11)}, "要晚于现在"),
        ({"closes_on": date(2025, 10, 19)}, "截止时间要晚于开始时间"),
        (
            {"title": "2025 年社会评议", "opens_on": date(2025, 10, 13), "closes_on": date(2025, 11, 12)},
            "没有改动",
        ),
        ({"now": OPENS}, "评议已经开始"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words_and_leaves_nothing(box, poll, office, more, words):
    with pytest.raises(Refused, match=words):
        change(office, poll, **more)
    assert not queries.changes(poll)
    assert published(box).opens_at == OPENS
    assert AuditEntry.objects.filter(verb="change_poll", refused=True).count() == 1


def test_only_the_handler_changes_and_cancels(poll):
    for role in ("office_head", "ballot_opener", "second_signer"):
        other = Actor("9", "x", "别人", ((role, "city"),))
        with pytest.raises(Refused, match="由政务公开办经办"):
            change(other, poll)
        with pytest.raises(Refused, match="由政务公开办经办"):
            cancel(other, poll)


def test_a_colleague_changed_the_same_meanwhile(poll, office):
    edition = edition_of(queries.announced(poll))
    change(office, poll)
    with pytest.raises(Stale):
        change(office, poll, title="另一个标题", opened=Opened(edition))
    assert queries.poll_of(main_year(2025)).title == "2025 年政务公开社会评议"


def test_who_takes_the_colleagues_text_is_not_refused_and_changes_nothing(poll, office):
    edition = edition_of(queries.announced(poll))
    change(office, poll)
    taken = Opened(edition, frozenset({"title"}))
    stands = change(office, poll, title="另一个标题", opened=taken)
    assert stands.title == "2025 年政务公开社会评议"
    assert queries.changes(poll).count() == 1


def test_a_cancelled_poll_is_kept_with_its_reason_and_another_can_be_prepared(box, poll, office, openers):
    cancel(office, poll)
    assert queries.poll_of(main_year(2025)) is None
    [gone] = queries.cancelled(main_year(2025))
    assert (gone.state, gone.cancelled_by.name, gone.cancelled_at, gone.cancel_reason) == (
        "cancelled",
        "王经办",
        BEFORE,
        "名单有误",
    )
    assert OpeningShare.objects.filter(poll=gone).count() == 2
    told = published(box).cancelled
    assert (told.at, told.reason) == (BEFORE, "名单有误")
    again = prepare_poll(
        actor=office,
        key=main_year(2025),
        title="2025 年社会评议",
        opens_at=OPENS,
        closes_at=CLOSES,
        questionnaire=QUESTIONNAIRE,
        units=[{"code": "E", "name": "教育局", "short_name": "教育局", "group": ""}],
        openers=tuple(openers[0]),
        passphrases=PASSPHRASES,
        now=BEFORE,
    )
    assert again.uid == NEXT_UID
    assert [one.uid for one in queries.polls()] == [NEXT_UID]
    assert published(box, NEXT_UID).cancelled is None


def test_a_cancelled_poll_takes_no_ballot_and_is_never_sealed_or_opened(box, poll, office, openers):
    stale = Poll.every.get(pk=poll.pk)
    before = published(box)
    cancel(office, poll)
    during = OPENS + timedelta(days=1)
    assert before.is_open(during) and not published(box).is_open(during)
    # Even who still has the file of before meets a sealed box.
    payload = seal_ballot(before, "E", {"q1": "m"}, "public")
    with closing(open_ballot_store()) as store:
        arrival = Arrival(UID, receipt_hash(receipt_of(UID, new_token())), payload, None)
        assert store.add([arrival]) == [Outcome.SEALED]
        assert store.count(UID) == 0
    for one in (stale, Poll.every.get(pk=poll.pk)):
        with pytest.raises(Refused, match="已经取消"):
            seal_poll(actor=office, poll=one, now=CLOSES + timedelta(hours=1))
    gone = Poll.every.get(pk=poll.pk)
    with pytest.raises(Refused, match="没有箱可开"):
        open_it(gone, openers)
    assert queries.due_to_seal(CLOSES + timedelta(hours=1)) == []


def test_once_it_has_begun_it_is_not_cancelled(box, poll, office):
    with pytest.raises(Refused, match="评议已经开始"):
        cancel(office, poll, now=OPENS)
    with pytest.raises(Refused, match="请写明为什么取消"):
        cancel(office, poll, reason=" ")
    assert published(box).cancelled is None
    assert queries.poll_of(main_year(2025)) is not None


def test_who_cancels_or_changes_what_was_cancelled_is_told_by_whom_and_when(poll, office):
    stale = Poll.every.get(pk=poll.pk)
    cancel(office, poll)
    words = r"2025 年社会评议已经由王经办于 2025-10-11 08:00 取消，未重复办理。"
    with pytest.raises(Refused, match=words):
        cancel(office, stale)
    with pytest.raises(Refused, match=words):
        change(office, stale)
    assert AuditEntry.objects.filter(verb="cancel_poll", refused=False).count() == 1


def test_without_the_published_file_nothing_is_done(box, poll, office):
    (box / "published" / "polls" / f"{UID}.json").unlink()
    with pytest.raises(Refused, match="公开目录里的评议文件"):
        cancel(office, poll)
    assert queries.poll_of(main_year(2025)) is not None


def test_files_from_before_are_read_and_a_broken_mark_is_named(box, poll):
    data = dict(published(box).data)
    data.pop("cancelled")
    assert poll_from_json(data).cancelled is None
    with pytest.raises(PollError, match="cancelled"):
        poll_from_json(data | {"cancelled": "yes"})
    with pytest.raises(PollError, match="reason"):
        poll_from_json(data | {"cancelled": {"at": datetime(2025, 1, 1, tzinfo=UTC).isoformat()}})
