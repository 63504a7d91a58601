"""The body of a request, waited for without a thread: with a size, a pace, a deadline for the whole and one for silence.

Small bodies stay in memory, larger ones go to a file; what all bodies together, and those of one client, may hold in files
is bounded too.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

from kaoping.support import clock

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

MEGABYTE: Final = 1024 * 1024


class BodyRefused(Exception):
    """The body did not arrive as it should: an HTTP status (400, 408, 413, 503) and words for people."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words

    def anew(self) -> BodyRefused:
        """The same to raise: one that is kept, once raised, would keep the frames it went through, and with them the
        client's connection open, until Python looks for such rings.
        """
        return BodyRefused(self.status, self.words)


class Gone(Exception):
    """The client has left; nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a body may take, and how much of it stays in memory (bytes).

    A body has ``window_seconds``. One that is longer than that has to bring ``slowest`` bytes a second in every such window,
    not only on the whole: who sends much at first and drips then is cut off as soon as who drips from the beginning. None
    has more than ``whole_seconds``. One that has not brought a window's worth for ``dripping_seconds`` gives way when room
    is needed.
    """

    window_seconds: float = 30.0
    silent_seconds: float = 10.0
    # The largest form over a line of 1.4 Mbit/s.
    whole_seconds: float = 20 * 60.0
    dripping_seconds: float = 5.0
    slowest: int = 16 * 1024
    in_memory: int = 64 * 1024


class Spool:
    """What bodies hold in files at one time: ``most`` bytes together, ``share`` of them one client."""

    def __init__(self, most: int = 64 * MEGABYTE, share: int | None = None) -> None:
        self.most, self.share = most, most if share is None else share
        self.held = 0
        self.of: dict[str, int] = {}
        self.arriving: set[Body] = set()

    def take(self, body: Body, more: int) -> BodyRefused | None:
        """Room for ``more`` bytes of ``body``, for which the slowest that drip give way; or why there is none."""
        if self.of.get(body.client, 0) + more > self.share:
            return BodyRefused(503, _YOURS)
        while self.held + more > self.most:
            slowest = max(
                (one for one in self.arriving if one is not body and one.drips()), key=Body.lag, default=None
            )
            if slowest is None:
                return BodyRefused(503, _FULL)
            slowest.give_way()
        self.held += more
        self.of[body.client] = self.of.get(body.client, 0) + more
        return None

    def give_back(self, client: str, size: int) -> None:
        """``size`` bytes of ``client`` are gone."""
        self.held -= size
        self.of[client] = self.of.get(client, 0) - size
        if self.of[client] <= 0:
            del self.of[client]


_FULL: Final = "同时上传的内容太多，请过几分钟再提交一次。"
_YOURS: Final = "您还有内容正在上传，加上这一份就太多了。请等前一份传完，再提交一次。"
_SLOW: Final = "内容传得太慢，没有收全，已经断开。请检查网络后再提交一次。"


@dataclass(slots=True)
class _Pace:
    """How steadily a body arrives: when it last began a stretch in which it has not yet brought a window's worth."""

    limits: Limits
    begun: float
    arrived: int = 0
    # Moments, and what had arrived by then; at most some thirty.
    _marks: deque[tuple[float, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._marks.append((self.begun, 0))

    def note(self, size: int, now: float) -> None:
        """``size`` bytes more have come."""
        self.arrived += size
        worth = self.limits.slowest * self.limits.window_seconds
        while self._marks and self.arrived - self._marks[0][1] >= worth:
            self._marks.popleft()
        if not self._marks or now - self._marks[-1][0] >= self.limits.window_seconds / 30:
            self._marks.append((now, self.arrived))

    @property
    def since(self) -> float:
        """When that stretch began."""
        return self._marks[0][0]

    def end(self) -> float:
        """Until when the next part may come, silence apart."""
        return min(self.since + self.limits.window_seconds, self.begun + self.limits.whole_seconds)


@dataclass(slots=True, eq=False)
class Body:
    """A body that arrived whole: its file, at the beginning, and its size. ``client``: whose share of the spool it takes."""

    file: IO[bytes]
    size: int
    client: str
    _spool: Spool
    _pace: _Pace
    _files: bool = False
    _counted: int = 0
    refused: BodyRefused | None = None

    def arrives(self, part: bytes, most: int, keep: int) -> None:
        """One part more, kept while nothing speaks against it. Raises ``OSError`` when the disk does."""
        self._pace.note(len(part), clock.monotonic())
        if self.refused is None and self._pace.arrived > most:
            self.refused = _too_large(most, self._files)
        if self.refused is None and self._pace.arrived <= keep:
            self._add(part)
        else:
            self._empty()

    def left(self) -> float:
        """For how many seconds the next part is waited for; what is read on without being kept has one window in all."""
        limits = self._pace.limits
        end = self._pace.begun + limits.window_seconds if self.refused else self._pace.end()
        return min(limits.silent_seconds, end - clock.monotonic())

    def lag(self) -> float:
        """For how many seconds it has not brought a window's worth."""
        return clock.monotonic() - self._pace.since

    def drips(self) -> bool:
        """Whether it holds room that it is slow to use."""
        return self._counted > 0 and self.lag() >= self._pace.limits.dripping_seconds

    def give_way(self) -> None:
        """Another one needs the room more."""
        self.refused = BodyRefused(408, _SLOW)
        self._empty()

    def close(self) -> None:
        """Give the place back."""
        self._spool.arriving.discard(self)
        self.file.close()
        self._give_back()

    def whole(self) -> None:
        """Everything is there. Raises ``BodyRefused``."""
        if self.refused is not None:
            raise self.refused.anew()
        self._spool.arriving.discard(self)
        self.file.seek(0)

    def _add(self, part: bytes) -> None:
        size = self.size + len(part)
        if size > self._pace.limits.in_memory:
            more = size - self._counted
            self.refused = self._spool.take(self, more)
            if self.refused is not None:
                self._empty()
                return
            self._counted += more
        self.size = size
        self.file.write(part)

    def _empty(self) -> None:
        if self.size:
            self.file.seek(0)
            self.file.truncate()
        self.size = 0
        self._give_back()

    def _give_back(self) -> None:
        if self._counted:
            self._spool.give_back(self.client, self._counted)
        self._counted = 0


def _too_large(most: int, files: bool) -> BodyRefused:
    size = f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most // 1024} KB"
    if files:
        return BodyRefused(413, f"提交的内容太大，最多 {size}。请减少文件或压缩后再提交。")
    return BodyRefused(
        413, f"填写的文字太长，整张表单最多 {size}。您填的内容还在原来的页面上，请删短后再提交。"
    )


async def collect(
    receive: Receive,
    *,
    most: int,
    stated: int | None,
    limits: Limits,
    keep: int | None = None,
    spool: Spool | None = None,
    client: str = "",
    files: bool = False,
) -> Body:
    """The whole body of at most ``most`` bytes; ``stated`` is what its header promises, null when it says nothing.

    Of a body larger than ``keep`` nothing is kept: it is empty. What is too large, or has no room, is read on without being
    kept, for as long as one window, because a browser that is cut off while it sends shows no words. ``client`` is whose
    share of ``spool`` it takes; ``files``: the form can carry files, and the words of a refusal speak of them. Raises
    ``BodyRefused`` and ``Gone``.
    """
    file = tempfile.SpooledTemporaryFile(max_size=limits.in_memory)  # noqa: SIM115 - the body closes it
    spool = spool or Spool()
    body = Body(file, 0, client, spool, _Pace(limits, clock.monotonic()), files)
    if stated is not None and stated > most:
        body.refused = _too_large(most, files)
    spool.arriving.add(body)
    try:
        while True:
            left = body.left()
            if left <= 0:  # what is always there at once would never be waited for
                raise TimeoutError
            async with asyncio.timeout(left):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body.arrives(message.get("body", b""), most, most if keep is None else keep)
            if not message.get("more_body"):
                break
        body.whole()
    except TimeoutError:
        body.close()
        raise (body.refused or BodyRefused(408, _SLOW)).anew() from None
    except OSError:
        body.close()
        raise BodyRefused(
            503, "本平台暂时存不下提交的内容，没有办成，不是您的原因。请过几分钟再提交一次。"
        ) from None
    except BaseException:
        body.close()
        raise
    return body
