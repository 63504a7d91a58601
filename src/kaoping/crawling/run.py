"""The first stages of looking at a site: plan → fetch → store → read. Each leaves files that the next reads.

``crawl`` fetches, stores and reads; ``archived`` reads what is stored and checks it, without touching a server.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kaoping.beijing import BEIJING
from kaoping.crawling.addresses import site_of
from kaoping.crawling.archive import ArchiveWriter
from kaoping.crawling.archived import read_stored
from kaoping.crawling.facts import FactsWriter
from kaoping.crawling.failures import Whose
from kaoping.crawling.fetch import OUT_OF_TIME, Fetched, Fetcher
from kaoping.crawling.politeness import DEFAULT_RATE, MAX_ROBOTS_RULES, Pace, Robots, Turns
from kaoping.crawling.walk import TRAPS, Frontier, Step
from kaoping.foreign.addresses import canonical

MAX_PAGES: Final = 2000
# Seconds that a run may take, pauses and slow answers included. At one request a second the page limit comes first.
BUDGET: Final = 3 * 3600.0
ENCODING, UNREADABLE = "编码声明无效", "读不出"
_GONE: Final = frozenset((404, 410))
_HEAD_UNSUPPORTED: Final = frozenset((400, 403, 405, 406, 501))


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What ``run.json`` says. ``broken`` is the site's fault beyond doubt; ``undetermined`` is not anybody's yet.

    ``unread``: pages that could not be read, or whose declared encoding is not theirs, each with kind, words, whose and the
    digest of its bytes. ``gone``: addresses asked for beside the links that answered 404 or 410. ``cut``: what was left out
    and why, in words; ``out_of_time`` when the budget of seconds was the reason.
    """

    url: str
    root: str
    started_at: str
    pages: int
    bytes: int
    requests: int
    seconds: float
    complete: bool
    unvisited: int
    broken: list[dict[str, str]]
    undetermined: list[dict[str, str]]
    refused: list[dict[str, str]]
    failure: dict[str, str] | None = None
    unread: list[dict[str, str]] = field(default_factory=list)
    gone: list[dict[str, str]] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    out_of_time: bool = False
    budget: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The object of ``run.json``."""
        return asdict(self)


def crawl(
    url: str,
    out: Path,
    *,
    fetcher: Fetcher,
    rate: float | None = DEFAULT_RATE,
    max_pages: int = MAX_PAGES,
    max_files: int | None = None,
    budget: float | None = BUDGET,
    also: Iterable[str] = (),
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    turns: Turns | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Callable[[int, int], None] = lambda pages, requests: None,
) -> CrawlResult:
    """Crawl the site that ``url`` opens into the folder ``out`` (WARC, facts, run.json).

    ``rate`` is requests per second to the host, null for no pause (the caller has checked that the host is
    this machine). Runs that go on at the same time share ``turns``, so that no host is asked faster. ``budget``: seconds of
    the wall clock for all of it, null for no bound; what it cut the result says. ``also``: pages of the site to ask for
    whether anything links to them or not. A site that does not open gives a result with ``failure`` and no pages, never an
    error; nor does any page, whatever it holds.
    """
    start = canonical(url)
    if start is None:
        raise ValueError(url)
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("pages-*.warc.gz"):
        old.unlink()
    began, started_at = monotonic(), now()
    with ArchiveWriter(out) as archive, FactsWriter(out / "facts") as facts:
        walker = _Walker(
            fetcher,
            Pace(rate, monotonic, sleep, turns or Turns()),
            archive,
            facts,
            max_pages,
            max_files or max_pages,
            progress,
            monotonic,
            None if budget is None else began + budget,
            tuple(also),
        )
        walker.walk(start)
    result = walker.result(start, started_at, monotonic() - began, budget)
    (out / "run.json").write_text(
        json.dumps(result.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return result


@dataclass(slots=True)
class _Walker:
    fetcher: Fetcher
    pace: Pace
    archive: ArchiveWriter
    facts: FactsWriter
    max_pages: int
    max_files: int
    progress: Callable[[int, int], None]
    monotonic: Callable[[], float]
    ends: float | None
    also: tuple[str, ...]
    requests: int = 0
    bytes: int = 0
    root: str = ""
    home_digest: str = ""
    frontier: Frontier = field(init=False)
    robots: Robots = field(init=False)
    whose: dict[str, Whose] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    failure: dict[str, str] | None = None
    unread: list[dict[str, str]] = field(default_factory=list)
    gone: list[dict[str, str]] = field(default_factory=list)
    out_of_time: bool = False

    def walk(self, start: str) -> None:
        self.robots = Robots(lambda url: self._ask(url, follow_anywhere=True))
        self.frontier = Frontier(site_of(start), self.max_pages, self.max_files)
        self.root = start
        if self.robots.allows(start):
            if delay := self.robots.delay(start):
                self.pace.slow_to(_host(start), delay)
            self._open(start)
        elif (failure := self.robots.failure(start)) is None:
            self._cannot_open("robots.txt", Whose.US, "网站的 robots.txt 不许抓取")
        elif failure.whose is Whose.SITE:
            # RFC 9309: not the front page's fault, but nothing may be fetched.
            self._cannot_open("robots.txt", Whose.US, f"取不到 robots.txt（{failure.text}），按规则不抓取")
        else:
            self._cannot_open(failure.cause, failure.whose, failure.text)
        while not self._is_over() and (step := self.frontier.next()):
            self._guarded(step.url, lambda: self._step(step))  # noqa: B023 - called at once

    def _open(self, start: str) -> None:
        answer = self._ask(start, follow_anywhere=True)
        if answer.failure is not None:
            if answer.status:
                self.archive.add(answer)
            self._cannot_open(answer.failure.cause, answer.failure.whose, answer.failure.text)
            return
        # www.x.gov.cn behind x.gov.cn: the site is where the front page really is.
        self.root = answer.final_url
        self.frontier.site = site_of(answer.final_url)
        self.frontier.good(start, answer.final_url)
        self._guarded(start, lambda: self._keep(answer))
        self.frontier.also(self.also)

    def _cannot_open(self, cause: str, whose: Whose, text: str) -> None:
        self.failure = {"cause": cause, "whose": whose.value, "text": text}
        self.out_of_time = cause == OUT_OF_TIME.cause

    def _is_over(self) -> bool:
        """True when the budget is used up and something is left to look at."""
        if self.ends is not None and self.monotonic() >= self.ends and self.frontier.unvisited:
            self.out_of_time = True
        return self.out_of_time

    def _guarded(self, url: str, act: Callable[[], None]) -> None:
        """Whatever breaks at one page is ours and ends that page alone; a full disk ends the run."""
        try:
            act()
        except OSError:
            raise
        except Exception as error:
            why = f"抓取程序出错（{type(error).__name__}），是本平台的原因"
            self._note(url, UNREADABLE, why, Whose.US, "")
            self._fail(url, "our error", Whose.US, why)

    def _note(self, url: str, kind: str, text: str, whose: Whose, sha256: str) -> None:
        self.unread.append({"url": url, "kind": kind, "text": text, "whose": whose.value, "sha256": sha256})

    def _step(self, step: Step) -> None:
        if not self.robots.allows(step.url):
            self._fail(step.url, "robots.txt", Whose.US, "robots.txt 不许抓取")
            return
        if not self.pace.wait(step.url, self.ends):  # a turn after the end is not waited for
            self.out_of_time = True
            self.frontier.put_back(step)
            return
        answer = self._ask(step.url, head=step.is_file, waited=True)
        if step.is_file and answer.status in _HEAD_UNSUPPORTED:
            answer = self._ask(step.url)
        if answer.failure == OUT_OF_TIME:
            self.out_of_time = True
            self.frontier.put_back(step)
        elif answer.failure is not None:
            if answer.status and not step.is_file:
                self.archive.add(answer)
            if answer.status in _GONE and step.url in self.also:
                self.gone.append({"url": step.url, "status": str(answer.status), "sha256": answer.sha256})
            self._fail(step.url, answer.failure.cause, answer.failure.whose, answer.failure.text)
        elif self.frontier.good(step.url, answer.final_url) and not step.is_file:
            self._keep(answer)
        self.progress(self.frontier.pages, self.requests)

    def _keep(self, answer: Fetched) -> None:
        if answer.final_url == self.root:
            self.home_digest = answer.sha256
        elif answer.sha256 == self.home_digest:
            return  # /index.html is the front page again
        stored = self.archive.add(answer)
        if not stored.is_page:
            return
        self.frontier.pages += 1
        page = read_stored(stored, self.root)
        if page.signs.unread:
            self._note(page.url, UNREADABLE, page.signs.unread, Whose.US, stored.sha256)
        if page.signs.encoding_fault:
            self._note(page.url, ENCODING, page.signs.encoding_fault, Whose.SITE, stored.sha256)
        self.facts.add(page, stored.sha256)
        self.frontier.offer(page.url, (link.url for link in page.links))

    def _ask(
        self, url: str, *, head: bool = False, follow_anywhere: bool = False, waited: bool = False
    ) -> Fetched:
        if not waited:
            self.pace.wait(url, self.ends)
        site = self.frontier.site if not follow_anywhere else ""
        answer = self.fetcher.fetch(
            url,
            head=head,
            may_follow=lambda target: follow_anywhere or site_of(target) == site,
            within=None if self.ends is None else self.ends - self.monotonic(),
        )
        self.requests += answer.requests
        self.bytes += len(answer.raw)
        return answer

    def _fail(self, url: str, cause: str, whose: Whose, text: str) -> None:
        self.whose[url], self.texts[url] = whose, text
        self.frontier.failed(url, cause)

    def _cut(self, budget: float | None) -> list[str]:
        """What the limits left out, in words."""
        left, found = self.frontier.unvisited, []
        if self.out_of_time:
            words = f"到了 {round((budget or 0) / 60, 1):g} 分钟的时限"
            found.append(f"{words}，还有 {left} 个网址没有看" if left else f"{words}，没有看完")
        elif left and self.failure is None:
            found.append(f"到了页数上限 {self.max_pages} 页，还有 {left} 个网址没有看")
        if self.robots.too_long:
            found.append(f"robots.txt 过长，只按前 {MAX_ROBOTS_RULES} 条规则")
        return found

    def result(self, url: str, started_at: datetime, seconds: float, budget: float | None) -> CrawlResult:
        broken, undetermined, refused = [], [], []
        for trouble in self.frontier.troubles:
            entry = {"url": trouble.url, "on": trouble.on, "cause": trouble.cause}
            if trouble.cause in TRAPS or trouble.cause in ("robots.txt", "address refused"):
                refused.append(entry)
            elif self.whose.get(trouble.url) is Whose.SITE:
                broken.append(entry)
            else:
                whose = self.whose.get(trouble.url, Whose.US).value
                undetermined.append(entry | {"whose": whose, "text": self.texts.get(trouble.url, "")})
        return CrawlResult(
            url=url,
            root=self.root,
            started_at=started_at.astimezone(BEIJING).isoformat(timespec="seconds"),
            pages=self.frontier.pages,
            bytes=self.bytes,
            requests=self.requests,
            seconds=round(seconds, 3),
            complete=self.failure is None
            and self.frontier.unvisited == 0
            and not any(one["kind"] == UNREADABLE for one in self.unread),
            unvisited=self.frontier.unvisited,
            broken=broken,
            undetermined=undetermined,
            refused=refused,
            failure=self.failure,
            unread=self.unread,
            gone=self.gone,
            cut=self._cut(budget),
            out_of_time=self.out_of_time,
            budget=budget,
        )


def _host(url: str) -> str:
    return site_of(url).partition(":")[0]
