"""The body of a request, waited for without a thread: with a size, a deadline for the whole and one for silence.

Small bodies stay in memory, larger ones go to a file; what all bodies together may hold in files is bounded too.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from kaoping.support import clock

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

MEGABYTE: Final = 1024 * 1024


class BodyRefused(Exception):
    """The body did not arrive as it should: an HTTP status (400, 408, 413, 503) and words for people."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Gone(Exception):
    """The client has left; nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a body may take, and how much of it stays in memory (bytes).

    A body has ``whole_seconds``, and one second more for each ``slowest`` bytes that arrived: a large file over an old
    line has its time, who drips has not.
    """

    whole_seconds: float = 30.0
    silent_seconds: float = 10.0
    slowest: int = 32 * 1024
    in_memory: int = 64 * 1024


class Spool:
    """What all bodies hold in files at one time, in bytes."""

    def __init__(self, most: int = 512 * MEGABYTE) -> None:
        self.most, self.held = most, 0


@dataclass(slots=True)
class Body:
    """A body that arrived whole: its file, at the beginning, and its size."""

    file: IO[bytes]
    size: int
    _spool: Spool
    _counted: int

    def add(self, part: bytes, in_memory: int) -> None:
        """One part more. Raises ``BodyRefused`` when all bodies together hold too much, ``OSError`` when the disk does."""
        self.size += len(part)
        if self.size > in_memory:
            more = self.size - self._counted
            if self._spool.held + more > self._spool.most:
                raise BodyRefused(503, "同时上传的内容太多，请过几分钟再提交一次。")
            self._spool.held += more
            self._counted += more
        self.file.write(part)

    def empty(self) -> None:
        """Keep nothing of what came."""
        self.file.seek(0)
        self.file.truncate()
        self.size = 0
        self._give_back()

    def close(self) -> None:
        """Give the place back."""
        self.file.close()
        self._give_back()

    def _give_back(self) -> None:
        self._spool.held -= self._counted
        self._counted = 0


def _too_large(most: int) -> BodyRefused:
    size = f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most // 1024} KB"
    return BodyRefused(413, f"提交的内容太大，最多 {size}。请减少文件或压缩后再提交。")


async def collect(
    receive: Receive,
    *,
    most: int,
    stated: int | None,
    limits: Limits,
    keep: int | None = None,
    spool: Spool | None = None,
) -> Body:
    """The whole body of at most ``most`` bytes; ``stated`` is what its header promises, null when it says nothing.

    Of a body larger than ``keep`` nothing is kept: it is empty. What is too large is read on without being kept, as long as a
    body may take, because a browser that is cut off while it sends shows no words. Raises ``BodyRefused`` and ``Gone``.
    """
    file = tempfile.SpooledTemporaryFile(max_size=limits.in_memory)  # noqa: SIM115 - the body closes it
    body = Body(file, 0, spool or Spool(), 0)
    begun, arrived = clock.monotonic(), 0
    most_kept = most if keep is None else keep
    too_large = stated is not None and stated > most
    try:
        while True:
            more = 0.0 if too_large else arrived / limits.slowest
            left = begun + limits.whole_seconds + more - clock.monotonic()
            async with asyncio.timeout(min(limits.silent_seconds, left)):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            part = message.get("body", b"")
            arrived += len(part)
            too_large = too_large or arrived > most
            if too_large or arrived > most_kept:
                body.empty()
            else:
                body.add(part, limits.in_memory)
            if not message.get("more_body"):
                break
    except TimeoutError:
        body.close()
        if too_large:
            raise _too_large(most) from None
        raise BodyRefused(408, "内容传得太慢，没有收全，已经断开。请检查网络后再提交一次。") from None
    except OSError:
        body.close()
        raise BodyRefused(
            503, "本平台暂时存不下提交的内容，没有办成，不是您的原因。请过几分钟再提交一次。"
        ) from None
    except BaseException:
        body.close()
        raise
    if too_large:
        body.close()
        raise _too_large(most)
    body.file.seek(0)
    return body
