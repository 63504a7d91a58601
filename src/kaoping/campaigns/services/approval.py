"""Verbs of the approval sheet (呈批表): sign, send back, attach the signed scan."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act
from kaoping.accounts.logic import already
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.campaigns import policy
from kaoping.campaigns.logic import approval
from kaoping.campaigns.logic.approval import Signature
from kaoping.campaigns.models import Approval, ApprovalScan, Campaign
from kaoping.campaigns.queries.campaign import approval_state, refusal_to_ask, signatures
from kaoping.campaigns.services.doors import hold, require, stop
from kaoping.evidence.services import store_artefact


@signing
def approve(
    *, actor: Actor, campaign: Campaign, subject: str = "plan", opinion: str = "同意", now: datetime
) -> Approval:
    """Sign the next step of the sheet of the plan, the result or a correction: 经办, then 办公室负责人, then 领导小组领导."""
    require(
        policy.can_approve(actor),
        "签批由经办、办公室负责人、领导小组领导依次办理。",
        actor=actor,
        verb="approve",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db(fields=["stage"])
    marks = signatures(approval_state(campaign, subject).rows)
    roles = frozenset(role for role, _code in actor.roles)
    words = refusal_to_ask(campaign, subject) or approval.refusal_to_sign(
        subject, campaign.stage, marks, actor.who, roles
    )
    stop(words, actor=actor, verb="approve", campaign=campaign, now=now)
    step = approval.next_step(marks)
    assert step is not None
    with transaction.atomic():
        hold(campaign, lambda: _stands(campaign, subject, marks))
        row = Approval.objects.create(
            campaign=campaign,
            subject=subject,
            step=step,
            opinion=opinion.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        record_act(
            actor,
            "approve",
            "campaign",
            campaign.year,
            f"{approval.LABEL_OF[step]} {actor.name} 签批{approval.SUBJECTS[subject]}呈批表：{opinion.strip()}",
            now=now,
        )
    return row


@signing
def return_approval(
    *, actor: Actor, campaign: Campaign, subject: str = "plan", reason: str, now: datetime
) -> Approval:
    """Send the paper back: the signatures so far no longer count, and the plan may be changed."""
    require(
        policy.can_return_approval(actor),
        "退回由签批人办理。",
        actor=actor,
        verb="return_approval",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db(fields=["stage"])
    state = approval_state(campaign, subject)
    words = None
    if campaign.stage != approval.STAGE_OF.get(subject):
        words = "这份呈批表现在不在办理。"
    elif asked := refusal_to_ask(campaign, subject):
        words = asked
    elif not state.standing:
        last = state.rows[-1] if state.rows else None
        words = "呈批表还没有人签批，不用退回。"
        if last is not None and last.step == approval.RETURNED:
            words = already(f"{approval.SUBJECTS[subject]}呈批表", "退回", last.by.name, last.at)
    elif not reason.strip():
        words = "退回要写明理由。"
    stop(words, actor=actor, verb="return_approval", campaign=campaign, now=now)
    marks = signatures(state.rows)
    with transaction.atomic():
        hold(campaign, lambda: _stands(campaign, subject, marks))
        row = Approval.objects.create(
            campaign=campaign,
            subject=subject,
            step=approval.RETURNED,
            opinion=reason.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        record_act(
            actor,
            "return_approval",
            "campaign",
            campaign.year,
            f"{actor.name} 退回{approval.SUBJECTS[subject]}呈批表：{reason.strip()}",
            now=now,
        )
    return row


def attach_scan(
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
    require(
        policy.can_attach_scan(actor),
        "扫描件由市政务公开办经办附上。",
        actor=actor,
        verb="attach_scan",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db(fields=["stage"])
    marks = signatures(approval_state(campaign, subject).rows)
    words = refusal_to_ask(campaign, subject) or approval.refusal_to_attach(subject, campaign.stage, marks)
    stop(words, actor=actor, verb="attach_scan", campaign=campaign, now=now)
    sha256 = store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now)
    with transaction.atomic():
        hold(campaign, lambda: _stands(campaign, subject, marks))
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
        record_act(
            actor,
            "attach_scan",
            "campaign",
            campaign.year,
            f"附{approval.SUBJECTS[subject]}呈批表签字扫描件，校验值 {sha256[:8]}…。",
            now=now,
        )
    return scan


def _stands(campaign: Campaign, subject: str, marks: list[Signature]) -> bool:
    """Whether the stage and the paper are still those that were decided on: a result may have gone back meanwhile."""
    same = Campaign.objects.filter(pk=campaign.pk, stage=campaign.stage).exists()
    asked = subject != approval.CORRECTION or refusal_to_ask(campaign, subject) is None
    return same and asked and signatures(approval_state(campaign, subject).rows) == marks
