"""The walk over one site, breadth-first: what to ask next, what never to ask, who linked to what. Pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from kaoping.crawling.addresses import file_kind, site_of

MAX_SEGMENTS: Final = 25
MAX_REPEATS: Final = 3
MAX_VARIANTS: Final = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One address to ask for; a file is only asked whether it is there."""

    url: str
    is_file: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """A link that leads nowhere we could go."""

    url: str
    on: str
    cause: str


@dataclass(slots=True)
class Frontier:
    """Addresses of one site: waiting, good, failed. Links to other sites are not followed."""

    site: str
    max_pages: int
    max_files: int
    pages: int = 0
    _files_asked: int = 0
    _pages_waiting: deque[str] = field(default_factory=deque)
    _files_waiting: deque[str] = field(default_factory=deque)
    _good: set[str] = field(default_factory=set)
    _failed: dict[str, str] = field(default_factory=dict)
    _waiting_for: dict[str, list[str]] = field(default_factory=dict)
    _variants: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)

    def start(self, url: str) -> None:
        """The first address."""
        self._waiting_for[url] = []
        self._pages_waiting.append(url)

    def also(self, targets: Iterable[str]) -> None:
        """Pages of this site to ask for whether a link leads there or not, before the links that wait."""
        for url in dict.fromkeys(targets):
            known = url in self._good or url in self._failed or url in self._waiting_for
            if not known and site_of(url) == self.site:
                self._waiting_for[url] = []
                self._pages_waiting.appendleft(url)

    def offer(self, on: str, targets: Iterable[str]) -> None:
        """The links of page ``on``. Each target is queued once; a failed one is reported for each page."""
        for url in dict.fromkeys(targets):
            if url in self._good or site_of(url) != self.site:
                continue
            if url in self._failed:
                self.troubles.append(Trouble(url, on, self._failed[url]))
            elif url in self._waiting_for:
                self._waiting_for[url].append(on)
            else:
                self._queue(url, on)

    def next(self) -> Step | None:
        """The next address: pages first, then files; null when nothing is left or the limits are reached."""
        if self._pages_waiting and self.pages < self.max_pages:
            return Step(self._pages_waiting.popleft(), is_file=False)
        if self._files_waiting and self._files_asked < self.max_files:
            self._files_asked += 1
            return Step(self._files_waiting.popleft(), is_file=True)
        return None

    def put_back(self, step: Step) -> None:
        """A step that was taken but not done."""
        (self._files_waiting if step.is_file else self._pages_waiting).appendleft(step.url)

    def good(self, url: str, final_url: str | None = None) -> bool:
        """``url`` answered. False when it led to a page that is known already."""
        self._good.add(url)
        self._waiting_for.pop(url, None)
        if final_url is None or final_url == url:
            return True
        if final_url in self._good:
            return False
        self._good.add(final_url)
        # Still queued under its own address; drop it there, it has been seen.
        if final_url in self._waiting_for:
            self._waiting_for.pop(final_url)
            for queue in (self._pages_waiting, self._files_waiting):
                if final_url in queue:
                    queue.remove(final_url)
        return True

    def failed(self, url: str, cause: str) -> None:
        """``url`` gave nothing usable: a trouble on every page that links to it."""
        self._failed[url] = cause
        self.troubles += [Trouble(url, on, cause) for on in self._waiting_for.pop(url, [])]

    @property
    def unvisited(self) -> int:
        """Addresses left over when the limits ended the walk."""
        return len(self._pages_waiting) + len(self._files_waiting)

    def _queue(self, url: str, on: str) -> None:
        if trap := _trap(url):
            self._failed[url] = trap
            self.troubles.append(Trouble(url, on, trap))
            return
        parts = urlsplit(url)
        if parts.query:
            self._variants[parts.path] += 1
            if self._variants[parts.path] > MAX_VARIANTS:
                self._failed[url] = TRAP_VARIANTS
                self.troubles.append(Trouble(url, on, TRAP_VARIANTS))
                return
        self._waiting_for[url] = [on]
        (self._files_waiting if file_kind(url) else self._pages_waiting).append(url)


TRAP_DEPTH: Final = "trap: path too deep"
TRAP_REPEATS: Final = "trap: repeated path"
TRAP_VARIANTS: Final = "trap: too many query variants"
TRAPS: Final = frozenset((TRAP_DEPTH, TRAP_REPEATS, TRAP_VARIANTS))


def _trap(url: str) -> str | None:
    segments = [part for part in urlsplit(url).path.split("/") if part]
    if len(segments) > MAX_SEGMENTS:
        return TRAP_DEPTH
    if segments and max(Counter(segments).values()) > MAX_REPEATS:
        return TRAP_REPEATS
    return None
