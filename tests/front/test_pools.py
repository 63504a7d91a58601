"""Bounded threads, bounded waiting, and an end of waiting."""

import asyncio
import queue
import threading

import pytest

from kaoping.front.fair import Visitor
from kaoping.front.pools import Overloaded, Pool

ME, FLOOD = Visitor("me"), Visitor("flood")


def test_the_work_runs_in_a_thread_of_the_pool_and_its_error_comes_back():
    async def go():
        pool = Pool("pages", threads=1, waiting=1)
        name = await pool.run(ME, lambda: threading.current_thread().name)
        with pytest.raises(ZeroDivisionError):
            await pool.run(ME, lambda: 1 // 0)
        assert await pool.run(ME, lambda: "free again") == "free again"
        pool.close()
        return name

    assert asyncio.run(go()).startswith("pages")


def test_no_more_work_at_once_than_threads():
    running, most, gate = [0], [0], threading.Lock()
    go_on = threading.Event()

    def work():
        with gate:
            running[0] += 1
            most[0] = max(most[0], running[0])
        go_on.wait(10)
        with gate:
            running[0] -= 1

    async def go():
        pool = Pool("pages", threads=2, waiting=10)
        tasks = [asyncio.create_task(pool.run(ME, work)) for _ in range(6)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*tasks)
        pool.close()

    asyncio.run(go())
    assert most[0] <= 2


def test_who_floods_is_refused_at_once_and_others_get_their_turn():
    go_on = threading.Event()

    async def go():
        pool = Pool("pages", threads=1, waiting=2)
        tasks = [asyncio.create_task(pool.run(FLOOD, lambda: go_on.wait(10))) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        mine = asyncio.create_task(pool.run(ME, lambda: "mine"))
        await asyncio.sleep(0)
        go_on.set()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert await mine == "mine"
        pool.close()
        return found

    refused = [one for one in asyncio.run(go()) if isinstance(one, Overloaded)]
    assert len(refused) == 3


def test_waiting_ends():
    go_on = threading.Event()

    async def go():
        pool = Pool("pages", threads=1, waiting=5, seconds=0.01)
        first = asyncio.create_task(pool.run(ME, lambda: go_on.wait(10)))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await pool.run(ME, lambda: "never")
        go_on.set()
        await first
        assert await pool.run(ME, lambda: "again") == "again"
        pool.close()

    asyncio.run(go())


def test_a_caller_who_leaves_while_waiting_gives_up_the_turn():
    go_on = threading.Event()

    async def go():
        pool = Pool("pages", threads=1, waiting=5)
        first = asyncio.create_task(pool.run(ME, lambda: go_on.wait(10)))
        await asyncio.sleep(0)
        second = asyncio.create_task(pool.run(ME, lambda: "second"))
        await asyncio.sleep(0)
        second.cancel()
        third = asyncio.create_task(pool.run(ME, lambda: "third"))
        await asyncio.sleep(0)
        go_on.set()
        await first
        assert await third == "third"
        pool.close()

    asyncio.run(go())


def test_a_caller_who_leaves_while_the_work_runs_does_not_free_the_thread():
    go_on = threading.Event()

    async def go():
        pool = Pool("pages", threads=1, waiting=5, seconds=0.01)
        first = asyncio.create_task(pool.run(ME, lambda: go_on.wait(10)))
        await asyncio.sleep(0.01)
        first.cancel()
        await asyncio.sleep(0.01)
        with pytest.raises(Overloaded):
            await pool.run(ME, lambda: "too early")
        assert pool.stuck_for() > 0
        go_on.set()
        await asyncio.sleep(0.05)
        assert await pool.run(ME, lambda: "free") == "free"
        assert pool.stuck_for() == 0
        pool.close()

    asyncio.run(go())


def test_what_nobody_waits_for_any_more_is_given_away():
    begun, go_on, given = threading.Event(), threading.Event(), queue.SimpleQueue()

    def work():
        begun.set()
        go_on.wait(10)
        return "answer"

    async def go():
        pool = Pool("pages", threads=1, waiting=5)
        assert await pool.run(ME, lambda: "wanted", unwanted=given.put) == "wanted"
        left = asyncio.create_task(pool.run(ME, work, unwanted=given.put))
        await asyncio.to_thread(begun.wait, 10)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        go_on.set()
        found = await asyncio.to_thread(given.get, timeout=10)
        pool.close()
        return found

    assert asyncio.run(go()) == "answer"
    assert given.empty()
