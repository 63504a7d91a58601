"""The address of a unit's answer: the worker fetches its page, the unit may ask once more."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.services import record_act, refuse
from kaoping.evidence import links
from kaoping.evidence.services import link_capture as pages
from kaoping.rectification import policy, queries
from kaoping.rectification.models import AnswerLink, Case, CaseEntry

CAPTURE: Final = "kaoping.rectification.jobs:capture_link"


def promise(entry: CaseEntry, now: datetime) -> None:
    """Inside the transaction that stores the answer: the worker fetches the page it names."""
    pages.promise(AnswerLink.objects.create(entry=entry), CAPTURE, now, entry_id=entry.pk)


def ask_again(*, actor: Actor, number: str, entry_id: int, now: datetime) -> None:
    """The unit asks once more for a page of its answer that could not be kept."""
    case = queries.case(number)
    if case is None:
        raise Refused(f"没有编号为 {number} 的整改单。")
    if not policy.can_answer_case(actor, case.organisation.code):
        raise refuse(actor, "retry_link", "case", number, "重新抓取由本单位联络员办理。", now=now)
    link = _link(entry_id, case=case)
    words = links.refusal_to_ask_again(link)
    if words:
        raise Refused(words)
    assert link is not None
    with transaction.atomic():
        pages.promise_again(link, CAPTURE, now, entry_id=entry_id)
        record_act(actor, "retry_link", "case", number, f"{number}：重新抓取 {link.url}。", now=now)


def capture(*, entry_id: int, now: datetime) -> str:
    """Fetch the page of an answer and keep it, or say why not."""
    link = _link(entry_id)
    return pages.capture(link, link.url if link else "", now=now)


def _link(entry_id: int, **narrowed: Case) -> AnswerLink | None:
    rows = AnswerLink.objects.select_related("entry").filter(entry_id=entry_id)
    return rows.filter(entry__case=narrowed["case"]).first() if narrowed else rows.first()
