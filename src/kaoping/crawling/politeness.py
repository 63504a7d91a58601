"""Manners: robots.txt and a rate per host. ``unlimited`` is for loopback only, where nobody is disturbed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from protego import Protego

from kaoping.crawling.failures import Failure, Whose
from kaoping.crawling.fetch import Fetched, Resolver
from kaoping.patterns import linear

ROBOT: Final = "Kaoping"
DEFAULT_RATE: Final = 1.0
_NUMBER: Final = linear(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
MAX_DELAY_SECONDS: Final = 30.0
MAX_ROBOTS_BYTES: Final = 512_000
MAX_ROBOTS_RULES: Final = 5_000


class RateRefused(ValueError):
    """``unlimited`` was asked for a host that is not this machine."""


def rate_for(text: str, url: str, resolver: Resolver) -> float | None:
    """Requests per second from ``--rate``; null means no pause. Raises ``RateRefused`` or ``ValueError``."""
    if text == "unlimited":
        if not resolver.is_loopback(url):
            raise RateRefused("unlimited 只能用于本机地址")
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    rate = float(text)
    if not 0 < rate <= 50:
        raise ValueError(text)
    return rate


@dataclass(slots=True)
class Turns:
    """When each host may be asked again. Shared by the runs of one process, which may look at one host at a time."""

    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, host: str, now: float, gap: float, before: float | None = None) -> float | None:
        """Seconds from ``now`` until this caller's turn; the next turn of that host is ``gap`` seconds later.

        Null, and no turn is taken, when it would not come ``before`` then.
        """
        with self._lock:
            turn = max(self._next.get(host, now), now)
            if before is not None and turn >= before:
                return None
            self._next[host] = turn + gap
        return turn - now


@dataclass(slots=True)
class Pace:
    """Keeps at least ``1 / rate`` seconds between requests to one host, also those of other runs that share ``turns``."""

    rate: float | None
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    turns: Turns = field(default_factory=Turns)
    _delays: dict[str, float] = field(default_factory=dict)

    def slow_to(self, host: str, seconds: float) -> None:
        """Obey a Crawl-delay, up to ``MAX_DELAY_SECONDS``."""
        self._delays[host] = min(seconds, MAX_DELAY_SECONDS)

    def wait(self, url: str, before: float | None = None) -> bool:
        """Return when the host may be asked again; false, and at once, when that is not ``before`` then."""
        if self.rate is None:
            return before is None or self.monotonic() < before
        host = urlsplit(url).hostname or ""
        gap = max(1 / self.rate, self._delays.get(host, 0.0))
        seconds = self.turns.take(host, self.monotonic(), gap, before)
        if seconds is None:
            return False
        if seconds > 0:
            self.sleep(seconds)
        return True


@dataclass(slots=True)
class Robots:
    """robots.txt of each site, fetched once. No file: all allowed; unreachable: nothing is (RFC 9309).

    Of a file with more than ``MAX_ROBOTS_RULES`` rules the first so many are obeyed: every address is held against every
    rule with a wildcard, and a file of tens of thousands would take more time than the site.
    """

    fetch: Callable[[str], Fetched]
    _known: dict[str, Protego | bool] = field(default_factory=dict)
    _failures: dict[str, Failure] = field(default_factory=dict)
    _too_long: set[str] = field(default_factory=set)

    def allows(self, url: str) -> bool:
        """True when the site lets us fetch ``url``."""
        rules = self._rules(url)
        try:
            return rules if isinstance(rules, bool) else bool(rules.can_fetch(url, ROBOT))
        except (
            Exception
        ):  # a rule that the library cannot hold against this address: nothing is asked against its will
            self._failures[_origin(url)] = _UNREADABLE
            return False

    def delay(self, url: str) -> float | None:
        """The site's Crawl-delay in seconds, if it set one."""
        rules = self._rules(url)
        return None if isinstance(rules, bool) else rules.crawl_delay(ROBOT)

    def failure(self, url: str) -> Failure | None:
        """Why robots.txt could not be had, so that nothing is allowed; null when the site itself says so."""
        return None if self.allows(url) else self._failures.get(_origin(url))

    @property
    def too_long(self) -> bool:
        """True when a robots.txt that was asked for has more rules than are obeyed."""
        return bool(self._too_long)

    def _rules(self, url: str) -> Protego | bool:
        origin = _origin(url)
        if origin not in self._known:
            answer = self.fetch(f"{origin}/robots.txt")
            try:
                self._known[origin], too_long = _read_robots(answer)
            except Exception:
                self._known[origin], too_long = False, False
                self._failures[origin] = _UNREADABLE
            if too_long:
                self._too_long.add(origin)
            if answer.failure is not None:
                self._failures[origin] = answer.failure
        return self._known[origin]


_UNREADABLE: Final = Failure(Whose.US, "robots.txt", "robots.txt 读不出，是本平台的原因，按规则不抓取")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _read_robots(answer: Fetched) -> tuple[Protego | bool, bool]:
    """The rules, or one answer for all addresses; and whether rules were left out."""
    if 400 <= answer.status < 500:
        return True, False
    if answer.failure is not None:
        return False, False
    text = answer.body[:MAX_ROBOTS_BYTES].decode("utf-8", "replace")
    kept = _first_rules(text)
    return Protego.parse(kept), len(kept) < len(text) or len(answer.body) > MAX_ROBOTS_BYTES


def _first_rules(text: str) -> str:
    """The text without the rules over the limit; groups and delays stay."""
    if text.count("\n") + text.count("\r") < MAX_ROBOTS_RULES:
        return text
    kept, rules = [], 0
    for line in text.splitlines(keepends=True):
        if line.lstrip("\ufeff \t")[:1].lower() in ("a", "d"):  # allow, disallow
            rules += 1
            if rules > MAX_ROBOTS_RULES:
                continue
        kept.append(line)
    return "".join(kept)
