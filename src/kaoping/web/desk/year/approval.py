"""The approval sheet (呈批表) of the plan or of the result: signatures in order, print, the signed scan (考核办法 第四条)."""

from __future__ import annotations

from typing import Literal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import approval
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries.campaign import ApprovalState, Campaign
from kaoping.campaigns.services import approval as approval_verbs
from kaoping.evidence.policy import can_see_ledger
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.provenance import standing_mark
from kaoping.web.desk.signatures import strip_of
from kaoping.web.desk.year.approval_paper import (
    SUBJECT_TITLES,
    facts_of,
    grades_of,
    numbers_of,
    opened,
    returned_words,
)
from kaoping.web.desk.years import crumbs
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.requests import SignedIn


@require_safe
def of_subject(request: SignedIn, key: OrganisedYear, subject: str) -> HttpResponse:
    """How far the sheet is, what it says, and the next act."""
    campaign, state = opened(request, key, subject)
    title = _title(subject, campaign, state)
    here = [key, subject]
    asked = {"actor": request.actor, "campaign": campaign, "subject": subject}
    signing, attaching = approval_verbs.approve.check(**asked), approval_verbs.attach_scan.check(**asked)
    context = {
        "title": title,
        "campaign": campaign,
        "subject": subject,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, SUBJECT_TITLES[subject]),
            actions=(
                Action(label="打印页", url=reverse("desk-approval-print", args=here), icon="printer"),
                Action(label="下载 DOCX", url=reverse("desk-approval-docx", args=here), icon="download"),
            ),
        ),
        "strip": strip_of(state),
        "facts": facts_of(campaign, subject),
        "numbers": numbers_of(campaign) if subject == "plan" else (),
        "numbers_mark": standing_mark(campaigns.adoption_of(campaign)),
        "grades": grades_of(campaign, subject),
        "returned": returned_words(campaign, subject, state),
        "history": _history(state),
        "scan": state.scan,
        "may_open": can_see_ledger(request.actor, campaign),
        "acts": _acts(request, campaign, subject, state, signing, attaching),
    }
    return render(request, "desk/year/approval.html", context)


def _acts(
    request: SignedIn,
    campaign: Campaign,
    subject: str,
    state: ApprovalState,
    signing: str | None,
    attaching: str | None,
) -> tuple[Action, ...]:
    here = [campaign.key, subject]

    def one(label: str, name: str, reason: str | None, kind: Literal["", "primary"] = "") -> Action:
        if reason:
            return Action(label=label, disabled=reason)
        return Action(label=label, url=reverse(name, args=here), kind=kind)

    made = []
    if state.next_step is not None and policy.can_approve(request.actor, campaign):
        made.append(one("签批", "desk-approval-sign", signing, "primary"))
    if approval_verbs.return_approval.check(actor=request.actor, campaign=campaign, subject=subject) is None:
        made.append(one("退回", "desk-approval-return", None))
    if attaching is None and state.scan is not None:
        made.append(one("另附一份扫描件", "desk-approval-scan", None))  # the newest counts
    elif state.scan is None and policy.can_attach_scan(request.actor, campaign):
        made.append(one("附扫描件", "desk-approval-scan", attaching, "" if attaching else "primary"))
    return tuple(made)


def _title(subject: str, campaign: Campaign, state: ApprovalState) -> str:
    name = approval.SUBJECTS[subject]
    if state.complete:
        return f"{campaign.year} 年度{name}呈批表已签齐，|扫描件已附"
    if not campaigns.is_asked(campaign, subject):
        return f"{campaign.year} 年度|没有要呈批的更正"
    if state.next_label is None:
        return "三人都已签批，|待经办附签字扫描件"
    if campaign.stage != approval.STAGE_OF[subject]:
        return f"{name}呈批还没有到办理的时候"
    return f"{campaign.year} 年度{name}呈批表|等{state.next_label}签批"


def _history(state: ApprovalState) -> list[Entry]:
    return [
        Entry(
            "退回" if row.step == approval.RETURNED else f"{approval.LABEL_OF[row.step]}签批",
            at=row.at,
            actor=row.by.name,
            body=row.opinion,
            tone="neg" if row.step == approval.RETURNED else "",
        )
        for row in state.rows
    ]
