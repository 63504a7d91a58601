"""Verbs about bytes that must not stay as they are: seal at once, and what takes two persons – destroy, unseal, let pass.

Neither a file's name nor its text goes into the log: the digest names it. What happens to the bytes on the disk follows
from the rows (``settle``) and is promised to the worker, so that it is done also when this process ends in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import already
from kaoping.accounts.verbs import Act, Verb, verb
from kaoping.evidence import logic, policy
from kaoping.evidence.models import Decision, Destruction, Proposal, Seal
from kaoping.evidence.queries import (
    check_confirm,
    file_store,
    open_proposal,
    pictures_of,
    seal_of,
    standing,
)
from kaoping.support import jobs
from kaoping.support.advisory import DISPOSALS

SETTLE: Final = "kaoping.evidence.jobs:settle_bytes"
_ONLY_CONFIRMERS: Final = "销毁、启封、放行由办公室负责人或第二签发人确认。"


def _unsealable(sha256: str) -> str | None:
    """Sealing twice is one seal, and no refusal."""
    return None if seal_of(sha256) is not None else logic.refusal_to_seal(standing(sha256))


@verb(
    "seal_artefact",
    "封存材料",
    kind="artefact",
    thing="sha256",
    door=policy.can_seal,
    denied="封存由政务公开办经办、负责人或第二签发人办理。",
    refusal=_unsealable,
    said="{who} 封存材料（校验值 {digest}）。",
    news="封存材料 {n} 份",
    room="materials",
    back="unseal_artefact",
)
def seal_artefact(act: Act, *, sha256: str, actor: Actor, now: datetime) -> Seal:
    """Put suspected secrets out of everybody's reach, at once and by one person. Sealing twice is one seal."""
    with act.writing():
        _one_at_a_time()
        held = seal_of(sha256)
        if held is not None:
            return held
        if words := _unsealable(sha256):
            raise Refused(words)
        seal = Seal.objects.create(sha256=sha256, by_id=actor.id, by=actor.name, at=now)
        act.done(digest=sha256[:8])
        _promise(sha256, f"seal-{seal.pk}", now)
    settle(sha256)
    return seal


def _unsuited(kind: str, sha256: str) -> str | None:
    """Why this cannot be proposed of bytes as they stand; whether the paper is there is looked at with the form."""
    known = logic.refusal_of_kind(kind)
    return known or logic.refusal_by_standing(kind, standing(sha256), paper=True)


@verb(
    "propose_disposal",
    "提出处置材料",
    kind="artefact",
    thing="sha256",
    door=policy.can_propose_disposal,
    denied="销毁、启封、放行由政务公开办经办提出。",
    refusal=_unsuited,
    said="{who} 提出{what}材料（校验值 {digest}），用途 {uses} 处。",
    news="提出处置材料 {n} 件，待第二人确认",
    room="materials",
    back="drop_disposal",
)
def propose_disposal(
    act: Act,
    *,
    kind: str,
    sha256: str,
    reason: str,
    uses: Sequence[str],
    paper: str = "",
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Propose to destroy, unseal or let pass; ``uses`` are all uses of these bytes as they were shown, in words.

    ``paper`` is the digest of the 保密 department's paper, without which nothing sealed moves.
    """
    with act.writing():
        _one_at_a_time()
        waiting = open_proposal(sha256)
        if waiting and (waiting.kind, waiting.reason, waiting.by_id) == (kind, reason.strip(), actor.id):
            return waiting  # the same form sent twice
        words = logic.refusal_to_propose(
            kind, standing(sha256), reason=reason, paper=bool(paper), pending=waiting is not None
        )
        if words:
            raise Refused(words)
        made = Proposal.objects.create(
            kind=kind,
            sha256=sha256,
            reason=reason.strip(),
            uses=list(uses),
            paper=paper,
            by_id=actor.id,
            by=actor.name,
            at=now,
        )
        act.done(what=logic.PROPOSALS[kind], digest=sha256[:8], uses=len(uses))
    return made


def _disposes(actor: Actor) -> bool:
    return policy.can_propose_disposal(actor) or policy.can_confirm_disposal(actor)


def _decided(proposal: Proposal) -> str | None:
    if not hasattr(proposal, "decision"):
        return None
    done = proposal.decision
    return already("这件事项", "确认" if done.confirmed else "撤回或不同意", done.by, done.at)


@verb(
    "drop_disposal",
    "撤回材料处置",
    kind="artefact",
    thing="proposal.sha256",
    door=_disposes,
    denied="撤回由政务公开办经办、负责人或第二签发人办理。",
    refusal=_decided,
    lock="proposal",
    said="{who} {how}{what}材料的提议（校验值 {digest}）。",
    back="propose_disposal",
)
def drop_disposal(act: Act, *, proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Take a proposal back, or turn it down."""
    with act.writing():
        _one_at_a_time()
        _decide(proposal, actor, now, confirmed=False)
        declined = policy.can_confirm_disposal(actor)
        act.done(
            how="不同意" if declined else "撤回",
            what=logic.PROPOSALS[proposal.kind],
            digest=proposal.sha256[:8],
        )


@verb(
    "confirm_disposal",
    "确认处置材料",
    kind="artefact",
    thing="proposal.sha256",
    signs=True,
    final="销毁的回不来；启封的可以再封存；放行的，收下以后可以封存、销毁。",
)
def confirm_disposal(
    act: Act, *, proposal: Proposal, uses: Sequence[str], actor: Actor, now: datetime
) -> Proposal:
    """The second person confirms, having seen all uses as they are now; the act follows at once and leaves its own line."""
    confirming(proposal)(proposal=proposal, uses=uses, actor=actor, now=now)
    settle(proposal.sha256)
    return proposal


def confirming(proposal: Proposal) -> Verb[..., None]:
    """The act that confirming a proposal is; its page asks this one."""
    return {logic.DESTROY: _destroy, logic.UNSEAL: _unseal, logic.LIFT: _lift}[proposal.kind]


def _unconfirmable(actor: Actor, proposal: Proposal, uses: Sequence[str]) -> str | None:
    return (
        _decided(proposal)
        or check_confirm(actor, proposal, uses)
        or logic.refusal_by_standing(proposal.kind, standing(proposal.sha256), paper=bool(proposal.paper))
    )


@verb(
    "destroy_artefact",
    "销毁材料",
    kind="artefact",
    thing="proposal.sha256",
    signs=True,
    door=policy.can_confirm_disposal,
    denied=_ONLY_CONFIRMERS,
    refusal=_unconfirmable,
    lock="proposal",
    said="{by} 提出、{who} 确认，销毁材料 {digest}{paper}。",
    news="两人办理，销毁材料 {n} 份",
    room="materials",
    final="销毁的内容不能恢复。",
)
def _destroy(act: Act, *, proposal: Proposal, uses: Sequence[str], actor: Actor, now: datetime) -> None:
    with act.writing():
        _confirm(proposal, uses, actor, now)
        Destruction.objects.create(
            sha256=proposal.sha256,
            reason=proposal.reason,
            proposed_by=proposal.by,
            proposed_by_id=proposal.by_id or None,
            confirmed_by=actor.name,
            confirmed_by_id=actor.id,
            at=now,
        )
        act.done(**_told(proposal))


@verb(
    "unseal_artefact",
    "启封材料",
    kind="artefact",
    thing="proposal.sha256",
    signs=True,
    door=policy.can_confirm_disposal,
    denied=_ONLY_CONFIRMERS,
    refusal=_unconfirmable,
    lock="proposal",
    said="{by} 提出、{who} 确认，启封材料 {digest}{paper}。",
    news="两人办理，启封材料 {n} 份",
    room="materials",
    back="seal_artefact",
)
def _unseal(act: Act, *, proposal: Proposal, uses: Sequence[str], actor: Actor, now: datetime) -> None:
    with act.writing():
        _confirm(proposal, uses, actor, now)
        act.done(**_told(proposal))


@verb(
    "lift_refusal",
    "放行拒收的文件",
    kind="artefact",
    thing="proposal.sha256",
    signs=True,
    door=policy.can_confirm_disposal,
    denied=_ONLY_CONFIRMERS,
    refusal=_unconfirmable,
    lock="proposal",
    said="{by} 提出、{who} 确认，放行材料 {digest}{paper}。",
    news="两人办理，放行拒收的文件 {n} 份",
    room="materials",
    final="放行只对这一个校验值；收下以后可以封存、销毁。",
)
def _lift(act: Act, *, proposal: Proposal, uses: Sequence[str], actor: Actor, now: datetime) -> None:
    with act.writing():
        _confirm(proposal, uses, actor, now)
        act.done(**_told(proposal))


def _confirm(proposal: Proposal, uses: Sequence[str], actor: Actor, now: datetime) -> None:
    """Inside the transaction: alone with these bytes, and after another look, the decision and the worker's promise."""
    _one_at_a_time()
    if words := _unconfirmable(actor, proposal, uses):
        raise Refused(words)
    _decide(proposal, actor, now, confirmed=True)
    _promise(proposal.sha256, f"decision-{proposal.pk}", now)


def _told(proposal: Proposal) -> dict[str, str]:
    paper = "，附保密行政管理部门书面意见" if proposal.paper else ""
    return {"by": proposal.by, "digest": proposal.sha256[:8], "paper": paper}


@verb(
    "destroy_artefact",
    "销毁材料",
    kind="artefact",
    thing="sha256",
    who="confirmed_by",
    signs=True,
    news="两人办理，销毁材料 {n} 份",
    room="materials",
    final="销毁的内容不能恢复。",
)
def destroy_artefact(
    act: Act,
    *,
    sha256: str,
    proposed_by: Actor,
    confirmed_by: Actor,
    reason: str,
    uses: Sequence[str] = (),
    now: datetime,
) -> None:
    """Both steps at one table: one proposes, another confirms."""
    made = propose_disposal(
        kind=logic.DESTROY, sha256=sha256, reason=reason, uses=uses, actor=proposed_by, now=now
    )
    try:
        confirm_disposal(proposal=made, uses=uses, actor=confirmed_by, now=now)
    except Refused:
        with transaction.atomic():
            if open_proposal(sha256) is not None:
                drop_disposal(proposal=made, actor=proposed_by, now=now)
        raise


def settle(sha256: str) -> str:
    """Bring the bytes on the disk to where the rows say they stand; returns that. Any number of times is once.

    The picture of a page goes where its page goes.
    """
    for picture in pictures_of([sha256]).values():
        settle(picture)
    where, store = standing(sha256), file_store()
    if where == logic.DESTROYED:
        store.destroy(sha256)
    elif where == logic.SEALED:
        store.seal(sha256)
    elif where == logic.KEPT:
        store.unseal(sha256)
    return where


def _promise(sha256: str, key: str, now: datetime) -> None:
    jobs.enqueue(SETTLE, key=f"settle-{key}-{sha256[:16]}", due_at=now, now=now, sha256=sha256)


def _decide(found: Proposal, actor: Actor, now: datetime, *, confirmed: bool) -> None:
    ends = confirmed and found.kind in (logic.UNSEAL, logic.DESTROY)
    Decision.objects.create(
        proposal=found,
        confirmed=confirmed,
        seal=seal_of(found.sha256) if ends else None,
        by_id=actor.id,
        by=actor.name,
        at=now,
    )


def _one_at_a_time() -> None:
    """Two people at one digest: who comes second sees what the first did. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DISPOSALS])
