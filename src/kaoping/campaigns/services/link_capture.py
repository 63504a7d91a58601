"""Verbs around links handed in as evidence: fetch by a job, keep bytes and headers by digest, try again.

A person's act asks for one page; the guarded fetcher gets it, so that a link cannot make this machine ask inside
addresses. Nothing that is fetched is ever served as a page.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.services import record_act
from kaoping.campaigns import policy
from kaoping.campaigns.logic import link_capture as logic
from kaoping.campaigns.models import AnswerArtefact, SelfReview
from kaoping.campaigns.services.doors import require, stop
from kaoping.crawling import Fetched, Fetcher
from kaoping.evidence.logic import KEPT
from kaoping.evidence.queries import standing
from kaoping.evidence.services import keep_bytes
from kaoping.support import clock, fetching, jobs

CAPTURE: Final = "kaoping.campaigns.jobs:capture_link"
PAGE_SECONDS: Final = 60.0  # one page with all its redirects


def promise(link: AnswerArtefact, now: datetime) -> None:
    """Inside the transaction that stores the link: the worker fetches its page."""
    jobs.enqueue(CAPTURE, key=f"link-{link.pk}@{now.isoformat()}", due_at=now, now=now, artefact_id=link.pk)


def ask_again(*, actor: Actor, self_review: SelfReview, artefact_id: int, now: datetime) -> None:
    """The unit asks once more for a page that could not be kept."""
    require(
        policy.can_fill_self_review(actor, self_review.organisation.code),
        "重试由本单位联络员办理。",
        actor=actor,
        verb="retry_link",
        campaign=self_review.campaign,
        now=now,
    )
    link = AnswerArtefact.objects.filter(pk=artefact_id, answer__self_review=self_review).first()
    words = logic.refusal_to_ask_again(link)
    stop(words, actor=actor, verb="retry_link", campaign=self_review.campaign, now=now)
    assert link is not None
    with transaction.atomic():
        AnswerArtefact.objects.filter(pk=link.pk).update(capture_failure="", capture_at=None)
        promise(link, now)
        record_act(
            actor,
            "retry_link",
            "self_review",
            self_review.pk,
            f"{self_review.organisation.short_name} {link.answer.item}：重新存档 {link.url}。",
            now=now,
        )


def capture(*, artefact_id: int, now: datetime) -> str:
    """Fetch the page of a link and keep it, or say why not. Asked twice, a kept page stays as it is."""
    link = AnswerArtefact.objects.filter(pk=artefact_id).first()
    if link is None or not link.url:
        return "网址已经撤去"
    if link.capture_sha256:
        return logic.LABELS[logic.KEPT]
    failure = fetching.refusal_of_address(link.url)
    kept: dict[str, str] = {}
    if failure is None:
        with Fetcher(fetching.guard(), resolver=fetching.resolver(), now=clock.now) as fetcher:
            answer = fetcher.fetch(link.url, within=PAGE_SECONDS)
        if answer.failure is not None:
            failure = answer.failure.text
        else:
            kept, failure = _keep(answer, now)
    AnswerArtefact.objects.filter(pk=link.pk, capture_sha256="").update(
        capture_at=now, capture_failure=failure or "", **kept
    )
    return failure or logic.LABELS[logic.KEPT]


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
