"""Bounded pools of threads. Waiting happens on the event loop, fairly; a thread is taken only to work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar

from kaoping.front.fair import FairQueue, Visitor
from kaoping.support import clock

T = TypeVar("T")
WAITING_SECONDS: Final = 20.0


class Overloaded(RuntimeError):
    """Too many are waiting, or this one waited too long; nothing was begun."""


class Pool:
    """``threads`` threads, and at most ``waiting`` requests that wait for one, none longer than ``seconds``.

    Belongs to one event loop.
    """

    def __init__(self, name: str, *, threads: int, waiting: int, seconds: float = WAITING_SECONDS) -> None:
        self.name, self.threads = name, threads
        self._free = threads
        self._seconds = seconds
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue(waiting)
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._begun: dict[Future[Any], float] = {}

    async def run(
        self,
        visitor: Visitor,
        work: Callable[[], T],
        *,
        unwanted: Callable[[T], object] = lambda _found: None,
    ) -> T:
        """Call ``work`` in a thread of this pool. Raises ``Overloaded``, and what ``work`` raises.

        What it gives when nobody waits for it any more goes to ``unwanted``, in that thread.
        """
        await self._turn(visitor)
        loop = asyncio.get_running_loop()
        try:
            future = self._executor.submit(work)
        except BaseException:
            self._leave()
            raise
        self._begun[future] = clock.monotonic()

        def over(done: Future[T]) -> None:
            # The thread is free when the work is over, also when nobody waits for the answer any more.
            loop.call_soon_threadsafe(self._over, done)

        future.add_done_callback(over)
        try:
            return await asyncio.shield(asyncio.wrap_future(future))
        except asyncio.CancelledError:
            future.add_done_callback(partial(_give_away, unwanted))
            raise

    def stuck_for(self) -> float:
        """For how many seconds every thread has been at one piece of work; 0 while one is free."""
        if self._free or not self._begun:
            return 0.0
        return clock.monotonic() - max(self._begun.values())

    def close(self) -> None:
        """Take nothing more; what was begun goes on to its end."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _turn(self, visitor: Visitor) -> None:
        if self._free:
            self._free -= 1
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        pushed = self._queue.put(visitor, mine)
        if pushed is not None and not pushed.done():
            pushed.set_exception(Overloaded(self.name))
        try:
            await asyncio.wait_for(asyncio.shield(mine), self._seconds)
        except TimeoutError:
            if self._withdraw(mine):
                return
            raise Overloaded(self.name) from None
        except asyncio.CancelledError:
            if self._withdraw(mine):
                self._leave()
            raise

    def _withdraw(self, mine: asyncio.Future[None]) -> bool:
        """Stop waiting; true when the turn had come in this very moment."""
        if self._queue.discard(mine):
            mine.cancel()
            return False
        return mine.done() and not mine.cancelled() and mine.exception() is None

    def _over(self, future: Future[T]) -> None:
        self._begun.pop(future, None)
        self._leave()

    def _leave(self) -> None:
        while (following := self._queue.take()) is not None:
            if not following.done():
                following.set_result(None)
                return
        self._free += 1


def _give_away(unwanted: Callable[[T], object], done: Future[T]) -> None:
    if not done.cancelled() and done.exception() is None:
        unwanted(done.result())
