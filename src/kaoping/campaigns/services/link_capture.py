"""Verbs around links handed in with a self-review or an appeal: the worker fetches them, the unit may ask once more."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kaoping.accounts.actor import Actor
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.models import AnswerArtefact, Appeal, SelfReview
from kaoping.evidence import links
from kaoping.evidence.services import link_capture as pages

CAPTURE: Final = "kaoping.campaigns.jobs:capture_link"
CAPTURE_APPEAL: Final = "kaoping.campaigns.jobs:capture_appeal_link"
_ONLY_LIAISON: Final = "重新抓取由本单位联络员办理。"
_HARMLESS: Final = "多抓一次不改变什么。"


def promise(link: AnswerArtefact, now: datetime) -> None:
    """Inside the transaction that stores the link: the worker fetches its page."""
    pages.promise(link, CAPTURE, now, artefact_id=link.pk)


def promise_appeal(appeal: Appeal, now: datetime) -> None:
    """The same for the address of an appeal."""
    pages.promise(appeal, CAPTURE_APPEAL, now, appeal_id=appeal.pk)


def _link(self_review: SelfReview, artefact_id: int) -> AnswerArtefact | None:
    return AnswerArtefact.objects.filter(pk=artefact_id, answer__self_review=self_review).first()


def _not_again(self_review: SelfReview, artefact_id: int) -> str | None:
    return links.refusal_to_ask_again(_link(self_review, artefact_id))


@verb(
    "retry_link",
    "重新存档链接",
    kind="self_review",
    thing="self_review",
    door=policy.fills,
    denied=_ONLY_LIAISON,
    refusal=_not_again,
    lock="self_review",
    said="{unit} {item}：重新抓取 {url}。",
    final=_HARMLESS,
)
def ask_again(act: Act, *, actor: Actor, self_review: SelfReview, artefact_id: int, now: datetime) -> None:
    """The unit asks once more for a page of its self-review that could not be kept."""
    with act.writing():
        link = _link(self_review, artefact_id)
        assert link is not None  # what the refusal has just asked
        pages.promise_again(link, CAPTURE, now, artefact_id=link.pk)
        act.done(unit=self_review.organisation.short_name, item=link.answer.item, url=link.url)


def _appeal_not_again(appeal: Appeal) -> str | None:
    return links.refusal_to_ask_again(appeal)


@verb(
    "retry_link",
    "重新存档链接",
    kind="appeal",
    thing="appeal",
    door=policy.appeals_for,
    denied=_ONLY_LIAISON,
    refusal=_appeal_not_again,
    lock="appeal",
    said="{number}：重新抓取 {url}。",
    final=_HARMLESS,
)
def ask_appeal_again(act: Act, *, actor: Actor, appeal: Appeal, now: datetime) -> None:
    """The unit asks once more for the page of its appeal that could not be kept."""
    with act.writing():
        pages.promise_again(appeal, CAPTURE_APPEAL, now, appeal_id=appeal.pk)
        act.done(number=appeal.number, url=appeal.url)


def capture(*, artefact_id: int, now: datetime) -> str:
    """Fetch the page of a link of a self-review and keep it, or say why not."""
    link = AnswerArtefact.objects.filter(pk=artefact_id).first()
    return pages.capture(link, link.url if link else "", now=now)


def capture_appeal(*, appeal_id: int, now: datetime) -> str:
    """Fetch the page of an appeal and keep it, or say why not."""
    appeal = Appeal.objects.filter(pk=appeal_id).first()
    return pages.capture(appeal, appeal.url if appeal else "", now=now)
