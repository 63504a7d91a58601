"""What changed since yesterday."""

from datetime import UTC, datetime, timedelta

import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.audit import record_act
from kaoping.campaigns.queries.sheet import Row
from kaoping.evidence.services import Entry
from kaoping.reporting import news
from tests.conftest import NOW
from tests.ledger import main, record

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2025, 11, 22, 16, 0, tzinfo=UTC)  # 0:00 of 23 November in Beijing


def act(verb, at, sentence="办了。", **more):
    record_act(SYSTEM, verb, "thing", "1", sentence, now=at, **more)


def test_yesterday_begins_at_midnight_in_beijing():
    assert news.start(NOW) == MIDNIGHT
    assert news.start(datetime(2025, 11, 24, 15, 59, tzinfo=UTC)) == MIDNIGHT
    assert news.start(datetime(2025, 11, 24, 16, 0, tzinfo=UTC)) == MIDNIGHT + timedelta(days=1)


def test_few_acts_are_told_one_by_one_and_many_of_a_kind_as_one():
    act("advance", MIDNIGHT - timedelta(seconds=1))
    act("advance", MIDNIGHT, "进入下一阶段。")
    for number in range(5):
        act("submit_self_review", NOW, f"第 {number} 个单位提交自查。")
    act("sign_in", NOW)
    act("advance", NOW, "不能进入。", refused=True)
    found = news.since_yesterday(organiser=main(), now=NOW, verbs=["advance", "submit_self_review"])
    assert [(one.verb, one.count, one.sentence) for one in found.acts] == [
        ("submit_self_review", 5, "第 4 个单位提交自查。"),
        ("advance", 1, "进入下一阶段。"),
    ]


def test_the_ledger_is_counted_by_source_from_the_recording_on():
    for number, at in enumerate([MIDNIGHT - timedelta(seconds=1), MIDNIGHT, NOW]):
        entry = Entry(
            unit="U1",
            item="K3.3",
            source="visit" if number else "monitor",
            observed_at=MIDNIGHT - timedelta(days=5),
            kind="verdict",
            value="met",
        )
        record([entry], actor=SYSTEM, now=at)
    assert news.since_yesterday(organiser=main(), now=NOW, verbs=[]).lines == {"visit": 2}


def test_totals_that_moved():
    before = [Row("U1", "甲", 1, {"total": "80"}), Row("U2", "乙", 2, {"total": None})]
    after = [
        Row("U1", "甲", 1, {"total": "80"}),
        Row("U2", "乙", 2, {"total": "70"}),
        Row("U3", "丙", 3, {"total": "1"}),
    ]
    assert news.moved(after, before) == 1
    assert news.moved(after, []) == 0
