"""Addresses handed in as evidence: a job fetches the page and keeps bytes and headers by digest, or says why not.

A person's act asks for one page; the guarded fetcher gets it, so that a link cannot make this machine ask inside
addresses. Nothing that is fetched is ever served as a page.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kaoping.accounts.actor import SYSTEM
from kaoping.crawling import Fetched, Fetcher
from kaoping.evidence import links
from kaoping.evidence.captured import CapturedLink
from kaoping.evidence.handing_in import keep_bytes
from kaoping.evidence.logic import KEPT
from kaoping.evidence.queries import standing
from kaoping.evidence.services import pictures
from kaoping.support import clock, fetching, jobs

PAGE_SECONDS: Final = 60.0  # one page with all its redirects


def refusal_to_take(url: str) -> str | None:
    """Why an address is no evidence that can be kept, with what to do instead, or null. Asks no DNS."""
    if not url.startswith(("http://", "https://")):
        return "网址要以 http:// 或 https:// 开头。"
    refused = fetching.refusal_of_address(url)
    return f"这个网址存不了档：{refused}。请贴公开网站上的网址，或上传文件。" if refused else None


def promise(row: CapturedLink, job: str, now: datetime, **which: int) -> None:
    """Inside the transaction that stores the row: the worker fetches its page. ``which`` are the arguments of ``job``."""
    jobs.enqueue(job, key=f"{row._meta.label_lower}-{row.pk}@{now.isoformat()}", due_at=now, now=now, **which)


def promise_again(row: CapturedLink, job: str, now: datetime, **which: int) -> None:
    """Forget why the last try failed and promise another."""
    type(row)._base_manager.filter(pk=row.pk).update(capture_failure="", capture_at=None)
    promise(row, job, now, **which)


def capture(row: CapturedLink | None, url: str, *, now: datetime) -> str:
    """Fetch the page of a link and keep it, or say why not. Asked twice, a kept page stays as it is."""
    if row is None or not url:
        return "网址已经撤去"
    if row.capture_sha256:
        return _with_picture(row.capture_sha256, row.capture_headers, now)
    failure = fetching.refusal_of_address(url)
    kept: dict[str, str] = {}
    if failure is None:
        with Fetcher(fetching.guard(), resolver=fetching.resolver(), now=clock.now) as fetcher:
            answer = fetcher.fetch(url, within=PAGE_SECONDS)
        if answer.failure is not None:
            failure = answer.failure.text
        else:
            kept, failure = _keep(answer, now)
    type(row)._base_manager.filter(pk=row.pk, capture_sha256="").update(
        capture_at=now, capture_failure=failure or "", **kept
    )
    return failure or _with_picture(kept["capture_sha256"], kept["capture_headers"], now)


def _with_picture(page: str, headers: str, now: datetime) -> str:
    """The page is archived by now; its picture comes afterwards and can fail alone."""
    return "；".join(one for one in (links.LABELS[links.KEPT], pictures.take(page, headers, now=now)) if one)


def _keep(answer: Fetched, now: datetime) -> tuple[dict[str, str], str | None]:
    media_type = (answer.header("Content-Type") or "application/octet-stream")[:100]
    digest = keep_bytes(answer.body, name="网页存档", media_type=media_type, actor=SYSTEM, now=now)
    if standing(digest) != KEPT:
        return {}, "与已封存或已销毁的材料相同，不存"
    lines = [answer.final_url, answer.status_line, *(f"{name}: {value}" for name, value in answer.headers)]
    headers = keep_bytes(
        ("\r\n".join(lines) + "\r\n").encode("utf-8", errors="replace"),
        name="网页存档的应答头",
        media_type="text/plain; charset=utf-8",
        actor=SYSTEM,
        now=now,
    )
    return {"capture_sha256": digest, "capture_headers": headers}, None
