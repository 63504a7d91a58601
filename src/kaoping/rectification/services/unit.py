"""Verbs of the unit, and the office's reply: open, sign for, answer with evidence, explain, ask, reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.services import record_act, refuse
from kaoping.evidence.services import link_capture as pages
from kaoping.evidence.services import store_artefact
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.models import Case, CaseEntry
from kaoping.rectification.services import link_capture
from kaoping.rectification.services.opening import add_entry, said_already
from kaoping.rectification.services.order import locked
from kaoping.support import jobs

MIN_EXPLANATION: Final = 10  # characters


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
    """The unit says what it mended, with a file or an address. It does not close the case. Said twice it is said once.

    A fault that a rule found is looked at again at once, and that look decides whether the answer was in time.
    """
    case = _own(actor, number, "answer_case", now)
    words = logic.refusal_to_answer(case.state, text, bool(files) or bool(url.strip()))
    if words:
        raise Refused(words)
    if url.strip() and (words := pages.refusal_to_take(url.strip())):
        raise Refused(words)
    kept = [
        (name, store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now))
        for name, content in files
    ]
    with transaction.atomic():
        case = locked(number)
        words = logic.refusal_to_answer(case.state, text, True)
        if words:
            raise Refused(words)
        said = said_already(case, "answer", actor.who, text.strip(), at=now, url=url.strip())
        if said is not None and _has_files(case, said, [sha256 for _name, sha256 in kept]):
            return case
        case.state = logic.ANSWERED
        case.save(update_fields=["state"])
        entry = add_entry(case, "answer", actor.who, text.strip(), at=now, url=url.strip())
        if entry.url:
            link_capture.promise(entry, now)
        for name, sha256 in kept:
            add_entry(case, "file", actor.who, name[:200], at=now, sha256=sha256)
        record_act(
            actor,
            "answer_case",
            "case",
            number,
            f"{actor.name} 回复 {number}，附件 {len(kept)} 份。",
            now=now,
        )
        if case.check_id:
            jobs.enqueue(
                settings.KAOPING_SECOND_LOOK,
                key=f"word-of-unit-{entry.pk}",
                due_at=now,
                now=now,
                organisation_code=case.organisation.code,
                check=case.check_id,
                target=case.target,
            )
    return case


def explain(*, actor: Actor, number: str, text: str, now: datetime) -> Case:
    """The unit explains why the fault, a past fact, cannot be repaired. A second person of the office decides."""
    case = _own(actor, number, "explain_case", now)
    if len(text.strip()) < MIN_EXPLANATION:
        raise Refused("请写明发生了什么、为什么不能补救、今后怎么避免。")
    with transaction.atomic():
        case = locked(number)
        if case.state == logic.EXPLAINED:
            raise Refused("已经提交过说明，待市政务公开办确认。")
        if case.state not in (logic.SERVED, logic.ANSWERED):
            raise Refused(f"这张整改单{logic.STATES[case.state]}，不再收说明。")
        case.state = logic.EXPLAINED
        case.save(update_fields=["state"])
        add_entry(case, "explained", actor.who, text.strip(), at=now)
        said = f"{actor.name} 说明 {number} 不可补救。"
        record_act(actor, "explain_case", "case", number, said, now=now)
    return case


def opened(*, actor: Actor, number: str, now: datetime) -> None:
    """A person of the unit opened the order: noted once a person, with the time. Others leave no trace."""
    case = queries.case(number)
    if case is None or case.served_at is None or not policy.can_answer_case(actor, case.organisation.code):
        return
    seen = case.entries.filter(kind="seen", person=actor.id)
    if seen.exists():
        return
    with transaction.atomic():
        case = locked(number)
        if not seen.exists():
            add_entry(case, "seen", actor.who, "打开了整改单。", at=now)
            record_act(actor, "open_order", "case", number, f"{actor.name} 查看 {number}。", now=now)


def sign_for(*, actor: Actor, number: str, now: datetime) -> Case:
    """The liaison signs that the order arrived; once."""
    _own(actor, number, "sign_for_order", now)
    with transaction.atomic():
        case = locked(number)
        if case.entries.filter(kind="signed").exists():
            return case
        add_entry(case, "signed", actor.who, "签收整改单。", at=now)
        record_act(actor, "sign_for_order", "case", number, f"{actor.name} 签收 {number}。", now=now)
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
        if said_already(case, "ask", actor.who, text.strip(), at=now):
            return case
        add_entry(case, "ask", actor.who, text.strip(), at=now)
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
        if said_already(case, "reply", actor.who, text.strip(), at=now):
            return case
        add_entry(case, "reply", actor.who, text.strip(), at=now)
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
