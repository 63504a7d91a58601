"""Verbs of the unit, and the office's reply: answer with evidence, ask, reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.services import record_act, refuse
from kaoping.evidence.services import store_artefact
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.models import Case, CaseEntry
from kaoping.rectification.services.opening import add_entry, said_already
from kaoping.rectification.services.order import locked


def answer(
    *,
    actor: Actor,
    number: str,
    text: str,
    now: datetime,
    files: Sequence[tuple[str, bytes]] = (),
    url: str = "",
    confirmed: bool = False,
) -> Case:
    """The unit says what it mended, with a file or an address. It does not close the case. Said twice it is said once."""
    case = _own(actor, number, "answer_case", now)
    words = logic.refusal_to_answer(case.state, text, bool(files) or bool(url.strip()))
    if words:
        raise Refused(words)
    if url.strip() and not url.strip().startswith(("http://", "https://")):
        raise Refused("网址请以 http:// 或 https:// 开头。")
    kept = [
        (name, store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now))
        for name, content in files
    ]
    with transaction.atomic():
        case = locked(number)
        if case.state == logic.CLOSED:
            raise Refused("这张整改单已经结案，不再收回复。")
        said = said_already(case, "answer", actor.name, text.strip(), at=now, url=url.strip())
        if said is not None and _has_files(case, said, [sha256 for _name, sha256 in kept]):
            return case
        case.state = logic.ANSWERED
        case.save(update_fields=["state"])
        add_entry(case, "answer", actor.name, text.strip(), at=now, url=url.strip())
        for name, sha256 in kept:
            add_entry(case, "file", actor.name, name[:200], at=now, sha256=sha256)
        record_act(
            actor,
            "answer_case",
            "case",
            number,
            f"{actor.name} 回复 {number}，附件 {len(kept)} 份。",
            now=now,
        )
    return case


def ask(*, actor: Actor, number: str, text: str, now: datetime) -> Case:
    """The unit asks the office about an order."""
    _own(actor, number, "ask_about_case", now)
    if not text.strip():
        raise Refused("请写明要问什么。")
    with transaction.atomic():
        case = locked(number)
        if case.state == logic.CLOSED:
            raise Refused("这张整改单已经结案。还有问题请电话联系市政务公开办。")
        if said_already(case, "ask", actor.name, text.strip(), at=now):
            return case
        add_entry(case, "ask", actor.name, text.strip(), at=now)
        record_act(actor, "ask_about_case", "case", number, f"{actor.name} 就 {number} 提问。", now=now)
    return case


def reply(*, actor: Actor, number: str, text: str, now: datetime) -> Case:
    """The office answers on the same timeline."""
    if not policy.can_reply(actor):
        raise refuse(actor, "reply", "case", number, "答复由市政务公开办办理。", now=now)
    if not text.strip():
        raise Refused("请写答复内容。")
    with transaction.atomic():
        case = locked(number)
        if said_already(case, "reply", actor.name, text.strip(), at=now):
            return case
        add_entry(case, "reply", actor.name, text.strip(), at=now)
        record_act(actor, "reply", "case", number, f"{actor.name} 答复 {number}。", now=now)
    return case


def _has_files(case: Case, said: CaseEntry, wanted: Sequence[str]) -> bool:
    """Whether the answer came with these files and no others."""
    rows = case.entries.filter(kind="file", pk__gt=said.pk)
    return sorted(rows.values_list("sha256", flat=True)) == sorted(wanted)


def _own(actor: Actor, number: str, verb: str, now: datetime) -> Case:
    case = queries.case(number)
    if case is None or case.served_at is None:
        raise Refused(f"没有编号为 {number} 的整改单。")
    if not policy.can_answer_case(actor, case.organisation.code):
        raise refuse(actor, verb, "case", number, "整改单由本单位联络员回复。", now=now)
    return case
