"""Verbs of the approval sheet (呈批表): sign, send back, attach the signed scan."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import already
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import approval
from kaoping.campaigns.logic.approval import Signature
from kaoping.campaigns.logic.stages import MEANWHILE
from kaoping.campaigns.models import Approval, ApprovalScan, Campaign
from kaoping.campaigns.queries.campaign import (
    approval_state,
    refusal_of_voided,
    refusal_to_ask,
    signatures,
)
from kaoping.campaigns.queries.period import period
from kaoping.evidence.services import store_artefact
from kaoping.foreign.glyphs import glyphs
from kaoping.standards.services import bring_into_force, lapse

PLAN_PAPER: Final = "plan"


def _not_to_sign(actor: Actor, campaign: Campaign, subject: str) -> str | None:
    roles = frozenset(role for role, _code in actor.roles)
    return (
        refusal_to_ask(campaign, subject)
        or approval.refusal_to_sign(subject, campaign.stage, _marks(campaign, subject), actor.who, roles)
        or refusal_of_voided(campaign)
    )


@verb(
    "approve",
    "签批",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_approve,
    denied="签批由经办、办公室负责人、领导小组领导依次办理。",
    refusal=_not_to_sign,
    lock="campaign",
    said="{step} {who} 签批{subject}呈批表：{opinion}",
    news="呈批表签批 {n} 次",
    room="plan",
    back="return_approval",
)
def approve(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    subject: str = "plan",
    opinion: str = "同意",
    now: datetime,
) -> Approval:
    """Sign the next step of the sheet of the plan, the result or a correction: 经办, then 办公室负责人, then 领导小组领导."""
    marks = _marks(campaign, subject)
    step = approval.next_step(marks)
    with act.writing():
        _stands(campaign, subject, marks)
        assert step is not None  # what the refusal has just asked
        row = Approval.objects.create(
            campaign=campaign,
            subject=subject,
            step=step,
            opinion=opinion.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        if subject == PLAN_PAPER and approval.next_step(_marks(campaign, subject)) is None:
            days = period(campaign)
            bring_into_force(campaign.rulebook, key=campaign.key, first=days.start, last=days.end, now=now)
        act.done(step=approval.LABEL_OF[step], subject=approval.SUBJECTS[subject], opinion=opinion.strip())
    return row


def _not_to_return(campaign: Campaign, subject: str) -> str | None:
    state = approval_state(campaign, subject)
    if campaign.stage != approval.STAGE_OF.get(subject):
        return "这份呈批表现在不在办理。"
    if asked := refusal_to_ask(campaign, subject):
        return asked
    if not state.standing:
        last = state.rows[-1] if state.rows else None
        if last is not None and last.step == approval.RETURNED:
            return already(f"{approval.SUBJECTS[subject]}呈批表", "退回", last.by.name, last.at)
        return "呈批表还没有人签批，不用退回。"
    return refusal_of_voided(campaign)


@verb(
    "return_approval",
    "退回签批",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_return_approval,
    denied="退回由签批人办理。",
    refusal=_not_to_return,
    lock="campaign",
    said="{who} 退回{subject}呈批表：{reason}",
    news="呈批表退回 {n} 次",
    room="plan",
    final="退回以前的签批不再有效，从经办起重新签批。",
)
def return_approval(
    act: Act, *, actor: Actor, campaign: Campaign, subject: str = "plan", reason: str, now: datetime
) -> Approval:
    """Send the paper back: the signatures so far no longer count, and the plan may be changed."""
    if not glyphs(reason):
        raise Refused("退回要写明理由。")
    marks = _marks(campaign, subject)
    with act.writing():
        _stands(campaign, subject, marks)
        row = Approval.objects.create(
            campaign=campaign,
            subject=subject,
            step=approval.RETURNED,
            opinion=reason.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        if subject == PLAN_PAPER:
            lapse(key=campaign.key, now=now)
        act.done(subject=approval.SUBJECTS[subject], reason=reason.strip())
    return row


def _not_to_attach(campaign: Campaign, subject: str) -> str | None:
    return (
        refusal_to_ask(campaign, subject)
        or approval.refusal_to_attach(subject, campaign.stage, _marks(campaign, subject))
        or refusal_of_voided(campaign)
    )


@verb(
    "attach_scan",
    "附签字扫描件",
    kind="campaign",
    thing="campaign",
    door=policy.can_attach_scan,
    denied="扫描件由政务公开办经办附上。",
    refusal=_not_to_attach,
    lock="campaign",
    said="附{subject}呈批表签字扫描件，校验值 {digest}…。",
    news="附签字扫描件 {n} 份",
    room="plan",
    final="附错了的，再附一份，最新的一份算数。",
)
def attach_scan(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    subject: str = "plan",
    content: bytes,
    name: str,
    document_no: str = "",
    confirmed: bool = False,
    now: datetime,
) -> ApprovalScan:
    """Attach the scan of the signed sheet; ``document_no`` is typed in after the office system gave it.

    The same form sent twice, because its answer was lost, attaches one scan.
    """
    marks = _marks(campaign, subject)
    sha256 = store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now)
    with act.writing():
        _stands(campaign, subject, marks)
        standing = approval_state(campaign, subject).scan
        if standing is not None and (standing.sha256, standing.document_no) == (sha256, document_no.strip()):
            return standing
        scan = ApprovalScan.objects.create(
            campaign=campaign,
            subject=subject,
            sha256=sha256,
            document_no=document_no.strip(),
            attached_by=Person.objects.get(pk=actor.id),
            attached_at=now,
        )
        act.done(subject=approval.SUBJECTS[subject], digest=sha256[:8])
    return scan


def _marks(campaign: Campaign, subject: str) -> list[Signature]:
    return signatures(approval_state(campaign, subject).rows)


def _stands(campaign: Campaign, subject: str, marks: list[Signature]) -> None:
    """Inside the transaction: the paper is still the one that was decided on, else somebody would sign in another post."""
    if _marks(campaign, subject) != marks:
        raise Refused(MEANWHILE)
