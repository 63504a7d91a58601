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
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.logic import already
from kaoping.accounts.resting import signing
from kaoping.evidence import logic, policy
from kaoping.evidence.models import Decision, Destruction, Proposal, Seal
from kaoping.evidence.queries import (
    check_confirm,
    file_store,
    open_proposal,
    pictures_of,
    proposal,
    seal_of,
    standing,
)
from kaoping.support import jobs
from kaoping.support.advisory import DISPOSALS

SETTLE: Final = "kaoping.evidence.jobs:settle_bytes"
_DONE: Final = {logic.DESTROY: "销毁", logic.UNSEAL: "启封", logic.LIFT: "放行"}


def seal_artefact(*, sha256: str, actor: Actor, now: datetime) -> Seal:
    """Put suspected secrets out of everybody's reach, at once and by one person. Sealing twice is one seal."""
    if not policy.can_seal(actor):
        words = "封存由市政务公开办经办、负责人或第二签发人办理。"
        raise refuse(actor, "seal_artefact", "artefact", sha256, words, now=now)
    with transaction.atomic():
        _one_at_a_time()
        held = seal_of(sha256)
        if held is not None:
            return held
        words_or_none = logic.refusal_to_seal(standing(sha256))
        if words_or_none:
            raise Refused(words_or_none)
        seal = Seal.objects.create(sha256=sha256, by_id=actor.id, by=actor.name, at=now)
        record_act(
            actor,
            "seal_artefact",
            "artefact",
            sha256,
            f"{actor.name} 封存材料（校验值 {sha256[:8]}）。",
            now=now,
        )
        _promise(sha256, f"seal-{seal.pk}", now)
    settle(sha256)
    return seal


def propose_disposal(
    *, kind: str, sha256: str, reason: str, uses: Sequence[str], paper: str = "", actor: Actor, now: datetime
) -> Proposal:
    """Propose to destroy, unseal or let pass; ``uses`` are all uses of these bytes as they were shown, in words.

    ``paper`` is the digest of the 保密 department's paper, without which nothing sealed moves.
    """
    if not policy.can_propose_disposal(actor):
        words = "销毁、启封、放行由市政务公开办经办提出。"
        raise refuse(actor, "propose_disposal", "artefact", sha256, words, now=now)
    with transaction.atomic():
        _one_at_a_time()
        waiting = open_proposal(sha256)
        if waiting and (waiting.kind, waiting.reason, waiting.by_id) == (kind, reason.strip(), actor.id):
            return waiting  # the same form sent twice
        words_or_none = logic.refusal_to_propose(
            kind, standing(sha256), reason=reason, paper=bool(paper), pending=waiting is not None
        )
        if words_or_none:
            raise Refused(words_or_none)
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
        said = f"{actor.name} 提出{logic.PROPOSALS[kind]}材料（校验值 {sha256[:8]}），用途 {len(uses)} 处。"
        record_act(actor, "propose_disposal", "artefact", sha256, said, now=now)
    return made


def drop_disposal(*, proposal_id: int, actor: Actor, now: datetime) -> None:
    """Take a proposal back, or turn it down."""
    with transaction.atomic():
        _one_at_a_time()
        found = _open(proposal_id)
        if not (policy.can_propose_disposal(actor) or policy.can_confirm_disposal(actor)):
            raise Refused("撤回由市政务公开办经办、负责人或第二签发人办理。")
        _decide(found, actor, now, confirmed=False)
        declined = policy.can_confirm_disposal(actor)
        said = f"{actor.name} {'不同意' if declined else '撤回'}{logic.PROPOSALS[found.kind]}材料的提议（校验值 {found.sha256[:8]}）。"
        record_act(actor, "drop_disposal", "artefact", found.sha256, said, now=now)


@signing
def confirm_disposal(*, proposal_id: int, uses: Sequence[str], actor: Actor, now: datetime) -> Proposal:
    """The second person confirms, having seen all uses as they are now; the act follows at once."""
    found = proposal(proposal_id)
    if found is None:
        raise Refused("没有这件待确认的事项。")
    verb = f"{found.kind}_artefact" if found.kind != logic.LIFT else "lift_refusal"
    if not policy.can_confirm_disposal(actor):
        words = "销毁、启封、放行由办公室负责人或第二签发人确认。"
        raise refuse(actor, verb, "artefact", found.sha256, words, now=now)
    with transaction.atomic():
        _one_at_a_time()
        found = _open(proposal_id)
        words_or_none = check_confirm(actor, found, uses)
        words_or_none = words_or_none or logic.refusal_by_standing(
            found.kind, standing(found.sha256), paper=bool(found.paper)
        )
        if words_or_none:
            raise Refused(words_or_none)
        _decide(found, actor, now, confirmed=True)
        if found.kind == logic.DESTROY:
            _destroy(found, actor, now)
        elif found.kind == logic.UNSEAL:
            _log_unseal(found, actor, now)
        else:
            _log_lift(found, actor, now)
        _promise(found.sha256, f"decision-{found.pk}", now)
    settle(found.sha256)
    return found


def _destroy(found: Proposal, actor: Actor, now: datetime) -> None:
    Destruction.objects.create(
        sha256=found.sha256,
        reason=found.reason,
        proposed_by=found.by,
        proposed_by_id=found.by_id or None,
        confirmed_by=actor.name,
        confirmed_by_id=actor.id,
        at=now,
    )
    record_act(actor, "destroy_artefact", "artefact", found.sha256, _said(found, actor), now=now)


def _log_unseal(found: Proposal, actor: Actor, now: datetime) -> None:
    record_act(actor, "unseal_artefact", "artefact", found.sha256, _said(found, actor), now=now)


def _log_lift(found: Proposal, actor: Actor, now: datetime) -> None:
    record_act(actor, "lift_refusal", "artefact", found.sha256, _said(found, actor), now=now)


def _said(found: Proposal, actor: Actor) -> str:
    paper = "，附保密行政管理部门书面意见" if found.paper else ""
    return f"{found.by} 提出、{actor.name} 确认，{_DONE[found.kind]}材料 {found.sha256[:8]}{paper}。"


@signing
def destroy_artefact(
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
        confirm_disposal(proposal_id=made.pk, uses=uses, actor=confirmed_by, now=now)
    except Refused:
        with transaction.atomic():
            if open_proposal(sha256) is not None:
                drop_disposal(proposal_id=made.pk, actor=proposed_by, now=now)
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


def _open(proposal_id: int) -> Proposal:
    found = proposal(proposal_id)
    if found is None:
        raise Refused("没有这件待确认的事项。")
    if hasattr(found, "decision"):
        done = found.decision
        how = "确认" if done.confirmed else "撤回或不同意"
        raise Refused(already("这件事项", how, done.by, done.at))
    return found


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
