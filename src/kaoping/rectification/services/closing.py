"""Verbs: a named person looks whether the fault is gone; the office closes when there is proof."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.foreign.glyphs import glyphs
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.models import Case
from kaoping.rectification.services.opening import add_entry, attach, observed, take
from kaoping.scoring import targets
from kaoping.scoring.observations import ArtefactRef

_ENDED: Final = "结了的案不重开；同一问题再出现，另立整改单（反弹）。"


def _uncheckable(actor: Actor, case: Case) -> str | None:
    return logic.refusal_to_check(case.state, served_it=queries.served_by(case, actor))


@verb(
    "check_case",
    "登记核查",
    kind="case",
    thing="case",
    signs=True,
    door=policy.can_check_case,
    whose="case",
    denied="人工核查由政务公开办或检查员具名登记。",
    refusal=_uncheckable,
    lock="case",
    said="{who} 核查 {number}：{found}。",
    news="核查整改单 {n} 张",
    room="cases",
    final="看错了的，再核查一次；台账的那一条可以提请审定撤回。",
)
def check(
    act: Act,
    *,
    actor: Actor,
    case: Case,
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
    if glyphs(note) < 4:
        raise Refused("请写明怎么核查的、看到了什么。")
    sha256 = None
    if photo:
        sha256 = store_artefact(photo[1], name=photo[0], confirmed=confirmed, actor=actor, now=now)
    with act.writing():
        target, address = targets.named(case.target)
        reason, value = f"核查整改单 {case.number}：{note.strip()}", "met" if met else "not_met"
        if _seen_already(case, actor, value, reason, now):
            return case
        [uid] = record(
            [
                Entry(
                    unit=case.organisation.code,
                    item=queries.item_named(case),
                    check=case.check_id or None,
                    source="visit",
                    observed_at=now,
                    kind="verdict",
                    value=value,
                    reason=reason,
                    artefacts=[ArtefactRef(sha256, address)] if sha256 or address else [],
                    target=target,
                )
            ],
            actor=actor,
            whose=case,
            now=now,
        )
        if case.state == logic.PASSED and not met:
            take(observed(uid), now=now)
        else:
            attach(case, observed(uid), now=now)
        act.done(number=case.number, found="已整改到位" if met else "未整改到位")
    return case


def _seen_already(case: Case, actor: Actor, value: str, reason: str, now: datetime) -> bool:
    """Whether the newest that is known of the case is this very check of today."""
    last = case.observations.order_by("-id").first()
    return (
        last is not None
        and (last.source, last.value, last.by_id, last.reason) == ("visit", value, actor.id, reason)
        and day_of(last.at) == day_of(now)
    )


def _not_the_closer(actor: Actor) -> str:
    own = any(role == "liaison" for role, _code in actor.roles)
    return logic.CLAIM_REFUSED if own else "结案由政务公开办办理。"


@verb(
    "close_case",
    "结案",
    kind="case",
    thing="case",
    signs=True,
    door=policy.can_close_case,
    whose="case",
    denied=_not_the_closer,
    refusal=queries.why_not_closed,
    lock="case",
    said="{who} 结案 {number}，依据：{ground}。",
    news="整改单结案 {n} 张",
    room="cases",
    final=_ENDED,
)
def close(act: Act, *, actor: Actor, case: Case, now: datetime, note: str = "") -> Case:
    """Close a case that a passing re-test or a named person's check supports. A unit's claim alone is refused."""
    with act.writing():
        proof = logic.closing_proof(queries.proofs(case), case.served_at)
        assert proof is not None  # what the refusal has just asked
        _end(case, logic.GONE if proof.gone else logic.MENDED, actor, now)
        add_entry(case, "closed", actor.who, f"依据：{proof.words}。{note.strip()}", at=now)
        act.done(number=case.number, ground=proof.words)
    return case


def _undecidable(actor: Actor, case: Case) -> str | None:
    return logic.refusal_to_decide_explanation(case.state, served_it=queries.served_by(case, actor))


@verb(
    "confirm_explanation",
    "确认不可补救",
    kind="case",
    thing="case",
    signs=True,
    door=policy.can_decide_explanation,
    whose="case",
    denied="不可补救的说明由政务公开办确认。",
    refusal=_undecidable,
    lock="case",
    said="{who} 确认 {number} 不可补救，结案，按规定计分。",
    news="确认不可补救 {n} 张",
    room="cases",
    final=_ENDED,
)
def confirm_explanation(act: Act, *, actor: Actor, case: Case, note: str, now: datetime) -> Case:
    """Another person than the one who served the order agrees that the fault cannot be repaired, and the case ends.

    The fault keeps its points: nobody says that it was mended.
    """
    with act.writing():
        _end(case, logic.IRREPARABLE, actor, now)
        words = f"{logic.ENDINGS[logic.IRREPARABLE]}。{note.strip()}"
        add_entry(case, "closed", actor.who, words, at=now)
        act.done(number=case.number)
    return case


@verb(
    "decline_explanation",
    "退回不可补救的说明",
    kind="case",
    thing="case",
    signs=True,
    door=policy.can_decide_explanation,
    whose="case",
    denied="不可补救的说明由政务公开办确认。",
    refusal=_undecidable,
    lock="case",
    said="{who} 退回 {number} 的不可补救说明。",
    final="单位可以再说明一次。",
)
def decline_explanation(act: Act, *, actor: Actor, case: Case, reason: str, now: datetime) -> Case:
    """The explanation is not accepted: the unit is to mend the fault, and its deadline counts as before."""
    if not glyphs(reason):
        raise Refused("请写明为什么不予确认，单位还要做什么。")
    with act.writing():
        case.state = logic.SERVED
        case.save(update_fields=["state"])
        add_entry(case, "declined", actor.who, reason.strip(), at=now)
        act.done(number=case.number)
    return case


def _end(case: Case, ending: str, actor: Actor, now: datetime) -> None:
    case.state, case.closed_at, case.ending = logic.CLOSED, now, ending
    case.closed_by, case.closed_by_id = actor.name, actor.id
    case.save(update_fields=["state", "closed_at", "closed_by", "closed_by_id", "ending"])
