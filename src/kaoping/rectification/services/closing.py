"""Verbs: a named person looks whether the fault is gone; the office closes when there is proof."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.resting import signing
from kaoping.accounts.services import record_act, refuse
from kaoping.calendars import day_of
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.models import Case
from kaoping.rectification.services.opening import add_entry, attach, observed, take
from kaoping.rectification.services.order import locked
from kaoping.scoring.observations import ArtefactRef


@signing
def check(
    *,
    actor: Actor,
    number: str,
    met: bool,
    note: str,
    now: datetime,
    photo: tuple[str, bytes] | None = None,
    confirmed: bool = False,
) -> Case:
    """A named person has looked: one observation (source visit) under that name, with a note and maybe a photo.

    Whoever served the order does not check it. The same form sent twice, because its answer was lost, is one observation.
    A failure after the case passed is another case (反弹).
    """
    if not policy.can_check_case(actor):
        words = "人工核查由市政务公开办或检查员具名登记。"
        raise refuse(actor, "check_case", "case", number, words, now=now)
    case = queries.case(number)
    if case is None:
        raise Refused(f"没有编号为 {number} 的整改单。")
    if case.state == logic.CLOSED:
        raise Refused("这张整改单已经结案。")
    if queries.served_by(case, actor):
        words = logic.SAME_PERSON.format(what="人工核查") + "也可以安排复测。"
        raise refuse(actor, "check_case", "case", number, words, now=now)
    if len(note.strip()) < 4:
        raise Refused("请写明怎么核查的、看到了什么。")
    sha256 = None
    if photo:
        sha256 = store_artefact(photo[1], name=photo[0], confirmed=confirmed, actor=actor, now=now)
    with transaction.atomic():
        case = locked(number)
        reason, value = f"核查整改单 {number}：{note.strip()}", "met" if met else "not_met"
        if _seen_already(case, actor, value, reason, now):
            return case
        [uid] = record(
            [
                Entry(
                    unit=case.organisation.code,
                    item=case.item or None,
                    check=case.check_id or None,
                    source="visit",
                    observed_at=now,
                    kind="verdict",
                    value=value,
                    reason=reason,
                    artefacts=[ArtefactRef(sha256, case.target or None)],
                )
            ],
            actor=actor,
            now=now,
        )
        if case.state == logic.PASSED and not met:
            take(observed(uid), now=now)
        else:
            attach(case, observed(uid), now=now)
        word = "已整改到位" if met else "未整改到位"
        record_act(actor, "check_case", "case", number, f"{actor.name} 核查 {number}：{word}。", now=now)
    return case


def _seen_already(case: Case, actor: Actor, value: str, reason: str, now: datetime) -> bool:
    """Whether the newest that is known of the case is this very check of today."""
    last = case.observations.order_by("-id").first()
    return (
        last is not None
        and (last.source, last.value, last.by_id, last.reason) == ("visit", value, actor.id, reason)
        and day_of(last.at) == day_of(now)
    )


@signing
def close(*, actor: Actor, number: str, now: datetime, note: str = "") -> Case:
    """Close a case that a passing re-test or a named person's check supports. A unit's claim alone is refused."""
    if not policy.can_close_case(actor):
        own = any(role == "liaison" for role, _code in actor.roles)
        words = logic.CLAIM_REFUSED if own else "结案由市政务公开办办理。"
        raise refuse(actor, "close_case", "case", number, words, now=now)
    case = queries.case(number)
    if case is None:
        raise Refused(f"没有编号为 {number} 的整改单。")
    words_or_none = queries.why_not_closed(case)
    if words_or_none:
        raise refuse(actor, "close_case", "case", number, words_or_none, now=now)
    with transaction.atomic():
        case = locked(number)
        found = queries.proofs(case)
        proof = logic.closing_proof(found, case.served_at)
        if proof is None or case.state == logic.CLOSED:
            raise Refused(logic.refusal_to_close(case.state, found, case.served_at) or "请刷新后再办。")
        _end(case, logic.GONE if proof.gone else logic.MENDED, actor, now)
        ground = proof.words
        add_entry(case, "closed", actor.who, f"依据：{ground}。{note.strip()}", at=now)
        record_act(
            actor, "close_case", "case", number, f"{actor.name} 结案 {number}，依据：{ground}。", now=now
        )
    return case


@signing
def confirm_explanation(*, actor: Actor, number: str, note: str, now: datetime) -> Case:
    """Another person than the one who served the order agrees that the fault cannot be repaired, and the case ends.

    The fault keeps its points: nobody says that it was mended.
    """
    with transaction.atomic():
        case = _explained(actor, number, "confirm_explanation", now)
        _end(case, logic.IRREPARABLE, actor, now)
        words = f"{logic.ENDINGS[logic.IRREPARABLE]}。{note.strip()}"
        add_entry(case, "closed", actor.who, words, at=now)
        said = f"{actor.name} 确认 {number} 不可补救，结案，按规定计分。"
        record_act(actor, "confirm_explanation", "case", number, said, now=now)
    return case


@signing
def decline_explanation(*, actor: Actor, number: str, reason: str, now: datetime) -> Case:
    """The explanation is not accepted: the unit is to mend the fault, and its deadline counts as before."""
    if not reason.strip():
        raise Refused("请写明为什么不予确认，单位还要做什么。")
    with transaction.atomic():
        case = _explained(actor, number, "decline_explanation", now)
        case.state = logic.SERVED
        case.save(update_fields=["state"])
        add_entry(case, "declined", actor.who, reason.strip(), at=now)
        said = f"{actor.name} 退回 {number} 的不可补救说明。"
        record_act(actor, "decline_explanation", "case", number, said, now=now)
    return case


def _explained(actor: Actor, number: str, verb: str, now: datetime) -> Case:
    """The case, locked, whose explanation this person may decide."""
    if not policy.can_decide_explanation(actor):
        raise refuse(actor, verb, "case", number, "不可补救的说明由市政务公开办确认。", now=now)
    case = locked(number)
    if case.state != logic.EXPLAINED:
        raise Refused("这张整改单没有待确认的说明，请刷新后再办。")
    if queries.served_by(case, actor):
        words = logic.SAME_PERSON.format(what="单位的说明")
        raise refuse(actor, verb, "case", number, words, now=now)
    return case


def _end(case: Case, ending: str, actor: Actor, now: datetime) -> None:
    case.state, case.closed_at, case.ending = logic.CLOSED, now, ending
    case.closed_by, case.closed_by_id = actor.name, actor.id
    case.save(update_fields=["state", "closed_at", "closed_by", "closed_by_id", "ending"])
