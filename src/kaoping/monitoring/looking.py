"""Looking at a site or one page of it: politeness, address guard and resolver as the settings say. No tables here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from kaoping.beijing import day_of
from kaoping.calendars import WorkingCalendar
from kaoping.checks import (
    Check,
    ColumnPlan,
    Context,
    OutcomeLine,
    PageFacts,
    PageKind,
    SiteFacts,
    UnitLevel,
    check_page,
    outcome_as_json,
)
from kaoping.crawling import (
    CrawlResult,
    Failure,
    Fetched,
    Fetcher,
    Resolver,
    Stored,
    Whose,
    check_archive,
    crawl,
    read_page,
    stored_pages,
)
from kaoping.crawling.archived import load_archive
from kaoping.crawling.politeness import DEFAULT_RATE, Pace, Robots, Turns
from kaoping.standards.limits import STANDARD, Limits
from kaoping.support import clock
from kaoping.support.fetching import guard, resolver

OUTCOMES: Final = "outcomes.jsonl"
PAGE_SECONDS: Final = 120.0  # one page with all its redirects
_TURNS: Final = Turns()  # of all looks of this process


@dataclass(frozen=True, slots=True)
class Plan:
    """What the register knows of a unit and a page cannot say."""

    columns: tuple[ColumnPlan, ...] | None
    level: UnitLevel | None


@dataclass(frozen=True, slots=True)
class PageLook:
    """One page fetched again: the answer with the bytes behind it, or whose failure it was."""

    line: OutcomeLine | None
    raw: bytes = b""
    media_type: str = ""
    failure: Failure | None = None
    status: int = 0


def look_at_site(
    url: str,
    folder: Path,
    *,
    plan: Plan,
    calendar: WorkingCalendar,
    now: datetime,
    limits: Limits = STANDARD,
    also: Iterable[str] = (),
) -> tuple[CrawlResult, list[OutcomeLine]]:
    """Crawl a site into ``folder``, run every check as of today, keep the answers beside the archive.

    ``also``: pages to ask for whether anything links to them or not, so that a fault on one is not left standing unseen.
    """
    names, at = resolver(), _running(now)
    with Fetcher(guard(), resolver=names, now=at) as fetcher:
        result = crawl(
            url,
            folder,
            fetcher=fetcher,
            rate=_rate(names, url),
            max_pages=limits.pages,
            max_files=limits.files,
            budget=settings.KAOPING_LOOK_MINUTES * 60.0,
            also=also,
            monotonic=clock.monotonic,
            sleep=clock.wait,
            turns=_TURNS,
            now=at,
        )
    if result.failure is not None:
        return result, []
    lines = list(
        check_archive(
            folder,
            day_of(now),
            calendar=calendar,
            column_plan=plan.columns,
            unit_level=plan.level,
        )
    )
    text = "".join(json.dumps(outcome_as_json(line), ensure_ascii=False) + "\n" for line in lines)
    (folder / OUTCOMES).write_text(text, encoding="utf-8")
    return result, lines


def look_at_page(
    url: str,
    check: Check,
    *,
    plan: Plan,
    calendar: WorkingCalendar,
    now: datetime,
    last: Path | None,
    is_home: bool = False,
) -> PageLook:
    """Fetch one page and ask one page check. ``last`` is the newest archive: it knows which 文号 other pages bear."""
    names = resolver()
    pace = Pace(_rate(names, url), clock.monotonic, clock.wait, _TURNS)
    with Fetcher(guard(), resolver=names, now=_running(now)) as fetcher:

        def ask(address: str) -> Fetched:
            pace.wait(address)
            return fetcher.fetch(address, within=PAGE_SECONDS)

        if not Robots(ask).allows(url):
            return PageLook(None, failure=Failure(Whose.US, "robots.txt", "网站的 robots.txt 不许抓取"))
        answer = ask(url)
    if answer.failure is not None:
        media_type = answer.header("Content-Type") or ""
        return PageLook(None, answer.raw, media_type, failure=answer.failure, status=answer.status)
    media_type = answer.header("Content-Type") or ""
    page = read_page(answer.body, url, media_type or None)
    if is_home and page.signs.kind is not PageKind.HOME:
        page = replace(page, signs=replace(page.signs, kind=PageKind.HOME))
    context = Context(
        as_of=day_of(now),
        calendar=calendar,
        column_plan=plan.columns,
        unit_level=plan.level,
        doc_no_titles=_other_titles(page, load_archive(last)) if last else {},
    )
    [line] = check_page(page, context, artefact=answer.sha256, checks=[check])
    return PageLook(line, answer.raw, media_type)


def _rate(names: Resolver, url: str) -> float | None:
    """Requests a second to a host; no pause on this machine, where nobody is disturbed."""
    return None if names.is_loopback(url) else DEFAULT_RATE


def stored_behind(folder: Path, digests: Collection[str]) -> Iterator[Stored]:
    """The stored answers with these digests, each once."""
    left = set(digests)
    for stored in stored_pages(folder):
        if stored.sha256 in left:
            left.discard(stored.sha256)
            yield stored
        if not left:
            return


def _other_titles(page: PageFacts, site: SiteFacts) -> dict[str, tuple[str, ...]]:
    number = page.property_block.doc_no
    if not number:
        return {}
    titles = {
        article or title
        for url, doc_no, article, title in site.pages.rows("url", "doc_no", "article_title", "title")
        if doc_no == number and url != page.url and (article or title)
    }
    return {number.replace(" ", ""): tuple(sorted(titles))}


def _running(now: datetime) -> _Running:
    return _Running(now, clock.monotonic())


@dataclass(frozen=True, slots=True)
class _Running:
    """``now`` and the seconds that have passed since, so that each capture bears its own time."""

    now: datetime
    began: float

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=clock.monotonic() - self.began)
