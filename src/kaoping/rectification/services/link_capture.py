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
from kaoping.rectification.models import CaseEntry

CAPTURE: Final = "kaoping.rectification.jobs:capture_link"


def promise(entry: CaseEntry, now: datetime) -> None:
    """Inside the transaction that stores the answer: the worker fetches the page it names."""
    pages.promise(entry, CAPTURE, now, entry_id=entry.pk)


def ask_again(*, actor: Actor, number: str, entry_id: int, now: datetime) -> None:
    """The unit asks once more for a page of its answer that could not be kept."""
    case = queries.case(number)
    if case is None:
        raise Refused(f"没有编号为 {number} 的整改单。")
    if not policy.can_answer_case(actor, case.organisation.code):
        raise refuse(actor, "retry_link", "case", number, "重新抓取由本单位联络员办理。", now=now)
    entry = case.entries.filter(pk=entry_id, kind="answer").first()
    words = links.refusal_to_ask_again(entry)
    if words:
        raise Refused(words)
    assert entry is not None
    with transaction.atomic():
        pages.promise_again(entry, CAPTURE, now, entry_id=entry.pk)
        record_act(actor, "retry_link", "case", number, f"{number}：重新抓取 {entry.url}。", now=now)


def capture(*, entry_id: int, now: datetime) -> str:
    """Fetch the page of an answer and keep it, or say why not."""
    entry = CaseEntry.objects.filter(pk=entry_id, kind="answer").first()
    return pages.capture(entry, entry.url if entry else "", now=now)
