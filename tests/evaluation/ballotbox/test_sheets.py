"""From answers to a sealed payload and back at the opening."""

import pytest

from kaoping.evaluation.ballotbox import crypto
from kaoping.evaluation.ballotbox.records import Arrival, NotSealed, SealBroken
from kaoping.evaluation.ballotbox.sheets import AnswersRefused, open_ballots, seal_ballot
from kaoping.evaluation.ballotbox.sqlite import SqliteStore
from tests.evaluation.ballotbox.examples import FIRST, KEY, NOW, POLL, SECOND, poll


@pytest.fixture
def store(tmp_path):
    store = SqliteStore(tmp_path / "b.sqlite3")
    yield store
    store.close()


def private():
    return crypto.open_with(KEY, FIRST, SECOND)


def test_there_and_back(store):
    payloads = [
        seal_ballot(poll(), "U1", {"q1": "s", "q2": "不进问卷的话"}, "government"),
        seal_ballot(poll(), "U2", {"q1": "d"}, "public"),
        b"rubbish",
    ]
    store.add([Arrival(POLL, bytes([number]) * 32, payload) for number, payload in enumerate(payloads)])
    store.seal(POLL, NOW)
    opened = open_ballots(store, POLL, private())
    seen = {(one.unit, one.stratum, one.answers["q1"]) for one in opened.ballots}
    assert seen == {("U1", "government", "s"), ("U2", "public", "d")}
    assert opened.unreadable == 1
    assert all("q2" not in one.answers for one in opened.ballots)
    assert len({one.id for one in opened.ballots}) == 2


def test_unsealed_poll_does_not_open(store):
    with pytest.raises(NotSealed):
        open_ballots(store, POLL, private())


@pytest.mark.parametrize("statement", ["DELETE FROM ballot", "UPDATE ballot SET payload = x'00'"])
def test_box_that_was_meddled_with_does_not_open(store, statement):
    store.add([Arrival(POLL, bytes(32), seal_ballot(poll(), "U1", {"q1": "s"}, "public"))])
    store.seal(POLL, NOW)
    store._connection.executescript("DROP TRIGGER ballot_kept; DROP TRIGGER ballot_unchanged;")
    store._connection.execute(statement)
    with pytest.raises(SealBroken, match="校验值不符"):
        open_ballots(store, POLL, private())


@pytest.mark.parametrize(
    ("unit", "answers", "words"),
    [
        ("U9", {"q1": "s"}, "请选择"),
        ("U1", {}, "至少回答一题"),
        ("U1", {"q2": "只有意见"}, "至少回答一题"),
        ("U1", {"q1": "x"}, "没有选项"),
        ("U1", {"q7": "s"}, "没有“q7”"),
    ],
)
def test_answers_that_make_no_ballot(unit, answers, words):
    with pytest.raises(AnswersRefused, match=words):
        seal_ballot(poll(), unit, answers, "public")
