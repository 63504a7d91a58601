"""Verbs around links handed in with a self-review or an appeal: the worker fetches them, the unit may ask once more."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act
from kaoping.campaigns import policy
from kaoping.campaigns.models import AnswerArtefact, Appeal, SelfReview
from kaoping.campaigns.services.doors import require, stop
from kaoping.evidence import links
from kaoping.evidence.services import link_capture as pages

CAPTURE: Final = "kaoping.campaigns.jobs:capture_link"
CAPTURE_APPEAL: Final = "kaoping.campaigns.jobs:capture_appeal_link"


def promise(link: AnswerArtefact, now: datetime) -> None:
    """Inside the transaction that stores the link: the worker fetches its page."""
    pages.promise(link, CAPTURE, now, artefact_id=link.pk)


def promise_appeal(appeal: Appeal, now: datetime) -> None:
    """The same for the address of an appeal."""
    pages.promise(appeal, CAPTURE_APPEAL, now, appeal_id=appeal.pk)


def ask_again(*, actor: Actor, self_review: SelfReview, artefact_id: int, now: datetime) -> None:
    """The unit asks once more for a page of its self-review that could not be kept."""
    require(
        policy.can_fill_self_review(actor, self_review.organisation.code),
        "重新抓取由本单位联络员办理。",
        actor=actor,
        verb="retry_link",
        campaign=self_review.campaign,
        now=now,
    )
    link = AnswerArtefact.objects.filter(pk=artefact_id, answer__self_review=self_review).first()
    words = links.refusal_to_ask_again(link)
    stop(words, actor=actor, verb="retry_link", campaign=self_review.campaign, now=now)
    assert link is not None
    with transaction.atomic():
        pages.promise_again(link, CAPTURE, now, artefact_id=link.pk)
        record_act(
            actor,
            "retry_link",
            "self_review",
            self_review.pk,
            f"{self_review.organisation.short_name} {link.answer.item}：重新抓取 {link.url}。",
            now=now,
        )


def ask_appeal_again(*, actor: Actor, appeal: Appeal, now: datetime) -> None:
    """The unit asks once more for the page of its appeal that could not be kept."""
    require(
        policy.can_file_appeal(actor, appeal.organisation.code),
        "重新抓取由本单位联络员办理。",
        actor=actor,
        verb="retry_link",
        campaign=appeal.campaign,
        now=now,
    )
    words = links.refusal_to_ask_again(appeal)
    stop(words, actor=actor, verb="retry_link", campaign=appeal.campaign, now=now)
    with transaction.atomic():
        pages.promise_again(appeal, CAPTURE_APPEAL, now, appeal_id=appeal.pk)
        record_act(
            actor, "retry_link", "appeal", appeal.number, f"{appeal.number}：重新抓取 {appeal.url}。", now=now
        )


def capture(*, artefact_id: int, now: datetime) -> str:
    """Fetch the page of a link of a self-review and keep it, or say why not."""
    link = AnswerArtefact.objects.filter(pk=artefact_id).first()
    return pages.capture(link, link.url if link else "", now=now)


def capture_appeal(*, appeal_id: int, now: datetime) -> str:
    """Fetch the page of an appeal and keep it, or say why not."""
    appeal = Appeal.objects.filter(pk=appeal_id).first()
    return pages.capture(appeal, appeal.url if appeal else "", now=now)
