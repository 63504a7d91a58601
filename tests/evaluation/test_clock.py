"""Sealing waits for a person when the clock is doubted; closing does not, and what came in time is kept."""

# ruff: noqa: F811 - the fixtures of the poll are those of test_services

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta

import pytest

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import AuditEntry
from kaoping.config import schedule
from kaoping.evaluation import jobs, logic
from kaoping.evaluation.ballotbox.group import GroupCommit
from kaoping.evaluation.ballotbox.server import Intake, Refusal
from kaoping.evaluation.ballotbox.store import open_ballot_store, open_opinion_outbox
from kaoping.evaluation.services.box import confirm_clock, seal_poll
from kaoping.support import watch
from kaoping.support.models import ClockHold, Job
from tests.evaluation.test_services import AFTER, CLOSES, OFFICE, box, openers, poll  # noqa: F401

pytestmark = pytest.mark.django_db
HEAD = Actor("2", "zhou", "周主任", (("office_head", "city"),))


@pytest.fixture
def doubted():
    return ClockHold.objects.create(kind="forward", seconds=65 * 86400, before=CLOSES, found_at=AFTER)


def test_a_doubted_clock_seals_nothing_until_the_office_confirmed(poll, doubted):
    said = jobs.seal_closed_polls(now=AFTER)
    assert poll.uid in said and "没有封存" in said and "向前跳了 65 天" in said
    with pytest.raises(Refused, match="核对时钟"):
        seal_poll(actor=OFFICE, poll=poll, now=AFTER)
    poll.refresh_from_db()
    assert poll.state == logic.PREPARED
    assert confirm_clock(actor=HEAD, now=AFTER) == 1
    line = AuditEntry.objects.get(verb="confirm_clock")
    assert line.actor_name == "周主任" and "向前跳了 65 天" in line.sentence and "确认现在是" in line.sentence
    assert jobs.seal_closed_polls(now=AFTER) == f"封存 {poll.uid}"
    with pytest.raises(Refused, match="没有要核对的"):
        confirm_clock(actor=HEAD, now=AFTER)


@pytest.mark.parametrize(
    "role", ["system_admin", "security_admin", "auditor", "liaison", "ballot_opener", "leading_group"]
)
def test_only_the_office_confirms(doubted, role):
    with pytest.raises(Refused, match="经办或负责人"):
        confirm_clock(actor=Actor("9", "x", "某人", ((role, "city"),)), now=AFTER)
    assert AuditEntry.objects.filter(verb="confirm_clock", refused=True).count() == 1
    assert watch.pending().count() == 1


def test_with_a_trusted_clock_the_worker_seals_by_itself(poll):
    assert jobs.seal_closed_polls(now=AFTER) == f"封存 {poll.uid}"


def test_old_rows_are_not_cleared_away_by_a_doubted_clock(doubted):
    Job.objects.create(
        name="x:y", key="old", due_at=CLOSES, enqueued_at=CLOSES, state="done", finished_at=CLOSES
    )
    later = AFTER + timedelta(days=2000)
    assert "向前跳了" in schedule.prune(now=later)
    assert Job.objects.count() == 1
    watch.confirm(by="2", now=later)
    assert "清去 1 条" in schedule.prune(now=later)


def test_what_comes_after_the_announced_closing_is_refused_while_the_seal_waits(box, poll, doubted):
    """The closing instant is read at each arrival, sealed or not; a ballot that was taken in time keeps its receipt."""
    jobs.seal_closed_polls(now=AFTER)
    times = iter([CLOSES - timedelta(minutes=1), CLOSES, CLOSES])

    async def day() -> list[int]:
        writer = GroupCommit(open_ballot_store, open_opinion_outbox)
        await writer.start()
        intake = Intake(writer, lambda: box / "published" / "polls", lambda: next(times))
        statuses = []
        for receipt in ("ab" * 32, "cd" * 32, "ab" * 32):
            body = {
                "poll": poll.uid,
                "receipt": receipt,
                "payload": base64.b64encode(b"x").decode(),
                "opinion": None,
            }
            try:
                statuses.append((await intake.take(json.dumps(body).encode()))[0])
            except Refusal as refusal:
                statuses.append(refusal.status)
        await writer.stop()
        return statuses

    assert asyncio.run(day()) == [201, 409, 200]
