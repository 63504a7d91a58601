"""Verbs of the unit, and the office's reply: open, sign for, answer with evidence, explain, ask, reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.evidence.services import link_capture as pages
from kaoping.evidence.services import store_artefact
from kaoping.foreign.glyphs import glyphs
from kaoping.rectification import logic, policy
from kaoping.rectification.models import Case, CaseEntry
from kaoping.rectification.services import link_capture
from kaoping.rectification.services.opening import add_entry, said_already
from kaoping.support import jobs

MIN_EXPLANATION: Final = 10  # characters
_ONLY_LIAISON: Final = "整改单由本单位联络员回复。"
_SAID: Final = "说过的话留在经过里，可以再说。"


def _unknown(case: Case) -> str | None:
    """An order that was not served is as good as none to the unit."""
    return None if case.served_at else f"没有编号为 {case.number} 的整改单。"


def _unanswerable(case: Case) -> str | None:
    return _unknown(case) or logic.refusal_to_answer(case.state)


@verb(
    "answer_case",
    "回复整改单",
    kind="case",
    thing="case",
    door=policy.answers_for,
    denied=_ONLY_LIAISON,
    refusal=_unanswerable,
    lock="case",
    said="{who} 回复 {number}，附件 {files} 份。",
    news="单位回复整改单 {n} 张",
    room="cases",
    final=_SAID,
)
def answer(
    act: Act,
    *,
    actor: Actor,
    case: Case,
    text: str,
    now: datetime,
    files: Sequence[tuple[str, bytes]] = (),
    url: str = "",
    confirmed: bool = False,
) -> Case:
    """The unit says what it mended, with a file or an address. It does not close the case. Said twice it is said once.

    A fault that a rule found is looked at again at once, and that look decides whether the answer was in time.
    """
    text, url = text.strip(), url.strip()
    words = logic.refusal_of_answer(text, bool(files) or bool(url)) or (
        pages.refusal_to_take(url) if url else None
    )
    if words:
        raise Refused(words)
    kept = [
        (name, store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now))
        for name, content in files
    ]
    with act.writing():
        said = said_already(case, "answer", actor.who, text, at=now, url=url)
        if said is not None and _has_files(case, said, [sha256 for _name, sha256 in kept]):
            return case
        case.state = logic.ANSWERED
        case.save(update_fields=["state"])
        entry = add_entry(case, "answer", actor.who, text, at=now, url=url)
        if entry.url:
            link_capture.promise(entry, now)
        for name, sha256 in kept:
            add_entry(case, "file", actor.who, name[:200], at=now, sha256=sha256)
        act.done(number=case.number, files=len(kept))
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


def _unexplainable(case: Case) -> str | None:
    return _unknown(case) or logic.refusal_to_explain(case.state)


@verb(
    "explain_case",
    "说明不可补救",
    kind="case",
    thing="case",
    door=policy.answers_for,
    denied=_ONLY_LIAISON,
    refusal=_unexplainable,
    lock="case",
    said="{who} 说明 {number} 不可补救。",
    news="单位说明不可补救 {n} 张",
    room="cases",
    back="decline_explanation",
)
def explain(act: Act, *, actor: Actor, case: Case, text: str, now: datetime) -> Case:
    """The unit explains why the fault, a past fact, cannot be repaired. A second person of the office decides."""
    if glyphs(text) < MIN_EXPLANATION:
        raise Refused("请写明发生了什么、为什么不能补救、今后怎么避免。")
    with act.writing():
        case.state = logic.EXPLAINED
        case.save(update_fields=["state"])
        add_entry(case, "explained", actor.who, text.strip(), at=now)
        act.done(number=case.number)
    return case


@verb(
    "open_order",
    "查看整改单",
    kind="case",
    thing="case",
    door=policy.answers_for,
    denied=_ONLY_LIAISON,
    refusal=_unknown,
    lock="case",
    said="{who} 查看 {number}。",
    final="看过就是看过。",
)
def opened(act: Act, *, actor: Actor, case: Case, now: datetime) -> None:
    """A person of the unit opened the order: noted once a person, with the time."""
    seen = case.entries.filter(kind="seen", person=actor.id)
    if seen.exists():
        return
    with act.writing():
        if not seen.exists():
            add_entry(case, "seen", actor.who, "打开了整改单。", at=now)
            act.done(number=case.number)


@verb(
    "sign_for_order",
    "签收整改单",
    kind="case",
    thing="case",
    door=policy.answers_for,
    denied=_ONLY_LIAISON,
    refusal=_unknown,
    lock="case",
    said="{who} 签收 {number}。",
    final="签收过就是收到了。",
)
def sign_for(act: Act, *, actor: Actor, case: Case, now: datetime) -> Case:
    """The liaison signs that the order arrived; once."""
    with act.writing():
        if not case.entries.filter(kind="signed").exists():
            add_entry(case, "signed", actor.who, "签收整改单。", at=now)
            act.done(number=case.number)
    return case


def _past_asking(case: Case) -> str | None:
    return _unknown(case) or logic.refusal_to_ask(case.state)


@verb(
    "ask_about_case",
    "就整改单提问",
    kind="case",
    thing="case",
    door=policy.answers_for,
    denied=_ONLY_LIAISON,
    refusal=_past_asking,
    lock="case",
    said="{who} 就 {number} 提问。",
    news="单位就整改单提问 {n} 次",
    room="cases",
    final=_SAID,
)
def ask(act: Act, *, actor: Actor, case: Case, text: str, now: datetime) -> Case:
    """The unit asks the office about an order."""
    if not glyphs(text):
        raise Refused("请写明要问什么。")
    with act.writing():
        if not said_already(case, "ask", actor.who, text.strip(), at=now):
            add_entry(case, "ask", actor.who, text.strip(), at=now)
            act.done(number=case.number)
    return case


@verb(
    "reply",
    "答复单位",
    kind="case",
    thing="case",
    door=policy.can_reply,
    whose="case",
    denied="答复由政务公开办办理。",
    lock="case",
    said="{who} 答复 {number}。",
    final=_SAID,
)
def reply(act: Act, *, actor: Actor, case: Case, text: str, now: datetime) -> Case:
    """The office answers on the same timeline."""
    if not glyphs(text):
        raise Refused("请写答复内容。")
    with act.writing():
        if not said_already(case, "reply", actor.who, text.strip(), at=now):
            add_entry(case, "reply", actor.who, text.strip(), at=now)
            act.done(number=case.number)
    return case


def _has_files(case: Case, said: CaseEntry, wanted: Sequence[str]) -> bool:
    """Whether the answer came with these files and no others."""
    rows = case.entries.filter(kind="file", pk__gt=said.pk)
    return sorted(rows.values_list("sha256", flat=True)) == sorted(wanted)
