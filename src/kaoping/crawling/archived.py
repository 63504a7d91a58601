"""What a crawl left in its folder, also years later: read and checked without touching a server.

``read_archive`` reads the stored bytes again with today's reader; ``check_archive`` runs today's rules over what is stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kaoping.beijing import day_of
from kaoping.calendars import WorkingCalendar
from kaoping.checks import (
    ColumnPlan,
    Context,
    OutcomeLine,
    PageFacts,
    PageKind,
    Report,
    SiteFacts,
    UnitLevel,
    check_page,
    check_report,
    check_site,
)
from kaoping.crawling.archive import Stored, stored_pages
from kaoping.crawling.facts import FactsWriter, load_site
from kaoping.crawling.page import read_page


def read_archive(out: Path) -> int:
    """Read every stored page again with today's reader and rewrite the facts; the number of pages."""
    run = load_run(out)
    pages = 0
    with FactsWriter(out / "facts") as facts:
        for stored, page in _pages(out, run["root"]):
            facts.add(page, stored.sha256)
            pages += 1
    return pages


def check_archive(
    out: Path,
    as_of: date,
    *,
    calendar: WorkingCalendar,
    column_plan: tuple[ColumnPlan, ...] | None = None,
    unit_level: UnitLevel | None = None,
) -> Iterator[OutcomeLine]:
    """Every rule over a crawl's folder as of the end of ``as_of``: one line per rule and target.

    Raises ``FileNotFoundError`` when the folder holds no crawl.
    """
    run = load_run(out)
    site = load_archive(out)
    context = Context(
        as_of=as_of,
        calendar=calendar,
        column_plan=column_plan,
        unit_level=unit_level,
        doc_no_titles=_doc_no_titles(site),
    )
    reports = []
    for stored, page in _pages(out, run["root"]):
        yield from check_page(page, context, artefact=stored.sha256)
        if page.signs.report_year == as_of.year - 1 and page.signs.kind is PageKind.ANNUAL_REPORT:
            reports.append((stored.sha256, page))
    yield from check_site(site, context, artefact=_home_digest(site))
    for sha256, page in reports:
        yield from check_report(Report(as_of.year - 1, page), context, target=page.url, artefact=sha256)
    if not reports:
        yield from check_report(Report(as_of.year - 1, None), context, target=site.root)


def load_run(out: Path) -> dict[str, Any]:
    """``run.json`` of a crawl; ``FileNotFoundError`` when there is none."""
    run: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return run


def load_archive(out: Path) -> SiteFacts:
    """The site facts of a crawl's folder."""
    run = load_run(out)
    return load_site(
        out / "facts",
        root=run["root"],
        fetched_on=day_of(datetime.fromisoformat(run["started_at"])),
        complete=run["complete"],
    )


def _pages(out: Path, root: str) -> Iterator[tuple[Stored, PageFacts]]:
    for stored in stored_pages(out):
        if stored.is_page:
            yield stored, read_stored(stored, root)


def read_stored(stored: Stored, root: str) -> PageFacts:
    """A stored page as the rules see it: what was asked for first is the home page, whatever it says of itself."""
    page = read_page(stored.body, stored.url, stored.content_type)
    if stored.url == root and page.signs.kind is not PageKind.HOME:
        return replace(page, signs=replace(page.signs, kind=PageKind.HOME))
    return page


def _doc_no_titles(site: SiteFacts) -> dict[str, tuple[str, ...]]:
    """文号 that pages with different titles bear (P-05)."""
    titles: dict[str, set[str]] = {}
    for doc_no, article, title in site.pages.rows("doc_no", "article_title", "title"):
        if doc_no and (article or title):
            titles.setdefault(doc_no, set()).add(article or title)
    return {doc_no: tuple(sorted(names)) for doc_no, names in titles.items() if len(names) > 1}


def _home_digest(site: SiteFacts) -> str | None:
    for url, sha256 in site.pages.rows("url", "sha256"):
        if url == site.root:
            return str(sha256)
    return None
