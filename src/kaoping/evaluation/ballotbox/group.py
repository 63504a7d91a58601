"""Group commit: whatever arrived during one commit goes into the next, and is acknowledged after it.

No timer. One thread owns the stores; the event loop only queues.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from typing import Final, TypeVar

from kaoping.evaluation.ballotbox.outbox import OpinionOutbox
from kaoping.evaluation.ballotbox.records import Arrival, Outcome
from kaoping.evaluation.ballotbox.store import BallotStore, forward_opinions
from kaoping.support import clock

T = TypeVar("T")
QUEUE_BOUND: Final = 4096
BATCH_BOUND: Final = 500
FORWARD_SECONDS: Final = 2.0
# A failure to write is news for so long; then nobody has tried since, and whether it works is not known.
FORGET_SECONDS: Final = 30.0


class Busy(RuntimeError):
    """The queue is full: try again shortly."""


class GroupCommit:
    """The one writer of the ballot box inside the intake process."""

    def __init__(
        self,
        open_store: Callable[[], BallotStore],
        open_outbox: Callable[[], OpinionOutbox],
        *,
        bound: int = QUEUE_BOUND,
        forward_seconds: float = FORWARD_SECONDS,
    ) -> None:
        self._open_store, self._open_outbox = open_store, open_outbox
        self._queue: asyncio.Queue[tuple[Arrival, asyncio.Future[Outcome]]] = asyncio.Queue(bound)
        self._thread = ThreadPoolExecutor(1, "ballot-writer")
        self._forward_seconds = forward_seconds
        self._tasks: list[asyncio.Task[None]] = []
        self._trouble: dict[str, str] = {}
        self._failed_at = float("-inf")
        self._at_work_since: float | None = None

    @property
    def trouble(self) -> str | None:
        """What went wrong at the last try of writing or of forwarding, or null."""
        return next(iter(self._trouble.values()), None)

    def stuck_for(self) -> float:
        """Seconds for which the thread that owns the stores has been at one piece of work; 0 when it is idle."""
        since = self._at_work_since
        return 0.0 if since is None else clock.monotonic() - since

    async def start(self) -> None:
        """Open the stores and begin to write and to forward opinions left from before; both are open, or none."""
        async with AsyncExitStack() as opened:
            opened.callback(self._thread.shutdown)
            self._store = await self._in_thread(self._open_store)
            opened.push_async_callback(self._in_thread, self._store.close)
            self._outbox = await self._in_thread(self._open_outbox)
            opened.pop_all()
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._forward())]

    async def stop(self) -> None:
        """Write what was queued, then close."""
        await self._queue.join()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._in_thread(self._store.close)
        await self._in_thread(self._outbox.close)
        self._thread.shutdown()

    async def add(self, arrival: Arrival) -> Outcome:
        """Store one ballot; returns after the commit that holds it. Raises ``Busy`` or the store's error."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((arrival, future))
        except asyncio.QueueFull:
            raise Busy("收卷忙") from None
        return await future

    async def read(self, question: Callable[[BallotStore], T]) -> T:
        """Ask the store something, between two batches."""
        return await self._in_thread(lambda: question(self._store))

    async def _write(self) -> None:
        while True:
            waiting = [await self._queue.get()]
            while len(waiting) < BATCH_BOUND and not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            batch = [arrival for arrival, _ in waiting]
            try:
                outcomes = await self._in_thread(partial(self._store.add, batch))
                self._trouble.pop("write", None)
            except Exception as error:  # the senders hear of it and try again; the writer goes on
                self._failed_at = clock.monotonic()
                self._trouble["write"] = f"{type(error).__name__}: {error}"
                for _, future in waiting:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), outcome in zip(waiting, outcomes, strict=True):
                    if not future.done():
                        future.set_result(outcome)
            finally:
                for _ in waiting:
                    self._queue.task_done()

    async def _forward(self) -> None:
        while True:
            try:
                await self._in_thread(lambda: forward_opinions(self._store, self._outbox))
                self._trouble.pop("forward", None)
                if clock.monotonic() - self._failed_at > FORGET_SECONDS:
                    self._trouble.pop("write", None)  # whether writing works again, the next ballot shows
            except Exception as error:  # tried again at the next round
                self._trouble["forward"] = f"{type(error).__name__}: {error}"
            await asyncio.sleep(self._forward_seconds)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        def timed() -> T:
            self._at_work_since = clock.monotonic()
            try:
                return work()
            finally:
                self._at_work_since = None

        return await asyncio.get_running_loop().run_in_executor(self._thread, timed)
