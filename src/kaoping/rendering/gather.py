"""The parts of a page, got by the guarded fetcher alone: addresses judged, robots.txt asked, one request a second and host."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from kaoping.crawling import Fetched, Fetcher
from kaoping.crawling.fetch import OUT_OF_TIME
from kaoping.crawling.politeness import DEFAULT_RATE, Pace, Robots
from kaoping.rendering.snapshot import Part

PARTS: Final = 60
BYTES: Final = 20_000_000
SECONDS: Final = 90.0
ONE_PART: Final = 15.0


@dataclass(slots=True)
class Gathering:
    """What is got of one page's parts, up to so many, so large and so long. ``rate`` null: no pause (loopback only)."""

    fetcher: Fetcher
    rate: float | None = DEFAULT_RATE
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    kept: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    left_out: int = 0
    _asked: int = 0
    _size: int = 0
    _end: float | None = None
    _pace: Pace | None = None
    _robots: Robots | None = None

    def take(self, parts: list[Part]) -> None:
        """Get what is not there yet. Whatever cannot be had is counted and left out; nothing raises."""
        for _kind, address in parts:
            if address not in self.kept and not self._take(address):
                self.left_out += 1

    def _take(self, address: str) -> bool:
        if self._asked >= PARTS or self._size >= BYTES or not self._robots_of().allows(address):
            return False
        self._asked += 1
        answer = self._fetch(address, self._robots_of().allows)
        if answer is None or answer.failure is not None or answer.status != 200:
            return False
        if self._size + len(answer.body) > BYTES:
            return False
        self._size += len(answer.body)
        self.kept[address] = (answer.header("Content-Type") or "", answer.body)
        return True

    def _robots_of(self) -> Robots:
        if self._robots is None:
            self._robots = Robots(fetch=lambda url: self._fetch(url) or _nothing(url))
        return self._robots

    def _fetch(self, url: str, may_follow: Callable[[str], bool] = lambda _url: True) -> Fetched | None:
        """One polite request; null when the time is over."""
        if self._end is None or self._pace is None:
            self._end = self.monotonic() + SECONDS
            self._pace = Pace(self.rate, self.monotonic, self.sleep)
        if not self._pace.wait(url, before=self._end):
            return None
        left = min(ONE_PART, self._end - self.monotonic())
        return self.fetcher.fetch(url, may_follow=may_follow, within=left)


def _nothing(url: str) -> Fetched:
    """The answer of a site that is not asked any more."""
    return Fetched(
        url, url, 0, (), "", b"", b"", datetime.min.replace(tzinfo=UTC), 0.0, 0, failure=OUT_OF_TIME
    )
