"""The address of a unit's answer: the worker fetches its page, the unit may ask once more."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kaoping.accounts.actor import Actor
from kaoping.accounts.verbs import Act, verb
from kaoping.evidence import links
from kaoping.evidence.services import link_capture as pages
from kaoping.rectification import policy
from kaoping.rectification.models import AnswerLink, Case, CaseEntry

CAPTURE: Final = "kaoping.rectification.jobs:capture_link"


def promise(entry: CaseEntry, now: datetime) -> None:
    """Inside the transaction that stores the answer: the worker fetches the page it names."""
    pages.promise(AnswerLink.objects.create(entry=entry), CAPTURE, now, entry_id=entry.pk)


def _not_again(case: Case, entry_id: int) -> str | None:
    return links.refusal_to_ask_again(_link(entry_id, case=case))


@verb(
    "retry_link",
    "重新存档链接",
    kind="case",
    thing="case",
    door=policy.answers_for,
    denied="重新抓取由本单位联络员办理。",
    refusal=_not_again,
    said="{number}：重新抓取 {url}。",
    final="多抓一次不改变什么。",
)
def ask_again(act: Act, *, actor: Actor, case: Case, entry_id: int, now: datetime) -> None:
    """The unit asks once more for a page of its answer that could not be kept."""
    with act.writing():
        link = _link(entry_id, case=case)
        assert link is not None
        pages.promise_again(link, CAPTURE, now, entry_id=entry_id)
        act.done(number=case.number, url=link.url)


def capture(*, entry_id: int, now: datetime) -> str:
    """Fetch the page of an answer and keep it, or say why not."""
    link = _link(entry_id)
    return pages.capture(link, link.url if link else "", now=now)


def _link(entry_id: int, **narrowed: Case) -> AnswerLink | None:
    rows = AnswerLink.objects.select_related("entry").filter(entry_id=entry_id)
    return rows.filter(entry__case=narrowed["case"]).first() if narrowed else rows.first()
