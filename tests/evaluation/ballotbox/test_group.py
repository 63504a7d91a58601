"""Group commit: acknowledged after the commit, bounded, undisturbed by a failing store."""

import asyncio
import sqlite3
import threading

import pytest

from kaoping.evaluation.ballotbox.group import Busy, GroupCommit
from kaoping.evaluation.ballotbox.outbox import SqliteOutbox
from kaoping.evaluation.ballotbox.records import Outcome
from kaoping.evaluation.ballotbox.sqlite import SqliteStore
from tests.evaluation.ballotbox.examples import POLL, arrival


class Watched(SqliteStore):
    """Counts batches, can be held back and can fail."""

    def __init__(self, path):
        super().__init__(path)
        self.batches, self.gate, self.fail = [], threading.Event(), False
        self.gate.set()

    def add(self, batch):
        self.gate.wait(10)
        if self.fail:
            raise OSError("disk full")
        self.batches.append(len(batch))
        return super().add(batch)


def run(tmp_path, work, **options):
    async def main():
        store = []

        def open_store():
            store.append(Watched(tmp_path / "b.sqlite3"))
            return store[0]

        outbox = tmp_path / "o.sqlite3"
        writer = GroupCommit(open_store, lambda: SqliteOutbox(outbox), forward_seconds=60, **options)
        await writer.start()
        try:
            return await work(writer, store[0])
        finally:
            store[0].gate.set()
            await writer.stop()

    return asyncio.run(main())


def test_what_arrives_during_a_commit_shares_the_next(tmp_path):
    async def work(writer, store):
        store.gate.clear()
        tasks = [asyncio.create_task(writer.add(arrival(number))) for number in range(50)]
        for _ in range(3):
            await asyncio.sleep(0)
        assert not any(task.done() for task in tasks)
        store.gate.set()
        assert await asyncio.gather(*tasks) == [Outcome.STORED] * 50
        assert len(store.batches) <= 2
        assert await writer.read(lambda store: store.count(POLL)) == 50

    run(tmp_path, work)


def test_full_queue_says_busy(tmp_path):
    async def work(writer, store):
        store.gate.clear()
        tasks = [asyncio.create_task(writer.add(arrival(number))) for number in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await writer.add(arrival(9))
        store.gate.set()
        await asyncio.gather(*tasks)

    run(tmp_path, work, bound=2)


def test_failing_store_is_told_to_the_sender_and_recovers(tmp_path):
    async def work(writer, store):
        store.fail = True
        with pytest.raises(OSError, match="disk full"):
            await writer.add(arrival(1))
        assert "disk full" in writer.trouble
        store.fail = False
        assert await writer.add(arrival(1)) is Outcome.STORED
        assert writer.trouble is None

    run(tmp_path, work)


def test_opinions_left_from_before_are_forwarded_at_the_start(tmp_path):
    store = SqliteStore(tmp_path / "b.sqlite3")
    store.add([arrival(1, "甲")])
    store.close()

    async def work(writer, store):
        await writer.read(lambda store: None)
        return await writer.read(lambda store: store.waiting_opinions(9))

    assert run(tmp_path, work) == []
    outbox = SqliteOutbox(tmp_path / "o.sqlite3")
    assert [opinion.text for opinion in outbox.waiting(9)] == ["甲"]
    outbox.close()


def test_without_an_outbox_the_box_is_closed_again(tmp_path):
    opened = []

    def open_store():
        opened.append(SqliteStore(tmp_path / "b.sqlite3"))
        return opened[0]

    def broken():
        raise OSError("no disk")

    with pytest.raises(OSError, match="no disk"):
        asyncio.run(GroupCommit(open_store, broken).start())
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].count(POLL)
