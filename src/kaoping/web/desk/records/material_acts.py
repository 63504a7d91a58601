"""Acts on the bytes of a piece of material: seal them, propose, confirm or drop what two persons decide."""

from __future__ import annotations

from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kaoping.accounts.actor import Refused
from kaoping.evidence import disposals, logic, policy, queries
from kaoping.evidence.handing_in import store_artefact
from kaoping.publication.material_uses import uses
from kaoping.support import clock
from kaoping.web.desk.records.material import material_page, seen_of
from kaoping.web.desk.records.materials import door
from kaoping.web.ui.filled import Filled, filled
from kaoping.web.ui.measured import Spoken
from kaoping.web.ui.requests import SignedIn, pledged

CHANGED: Final = "这份材料的用途刚刚有了变化，请看过现在的用途再办。"


class ProposalForm(forms.Form):
    """Why the bytes should go, and the uses that the page showed."""

    reason = Spoken("理由")
    seen = Spoken("看过的用途", widget=forms.HiddenInput)


@require_POST
def seal(request: SignedIn, sha256: str) -> HttpResponse:
    """Seal at once."""
    try:
        disposals.seal_artefact(sha256=sha256, actor=request.actor, now=clock.now())
    except Refused as refusal:
        door(request)
        return material_page(request, sha256, str(refusal))
    messages.success(request, "已封存，任何页面都读不到了。请按下面的清单逐处处理，并在 24 小时内报告。")
    return redirect("desk-material", sha256)


@require_POST
def propose(request: SignedIn, sha256: str, kind: str) -> HttpResponse:
    """Propose, with the paper of the 保密 department where the bytes are sealed."""
    door(request)
    found, given = uses(sha256), _given(request)
    reason = given.text("reason")
    if given.text("seen") != seen_of(found):
        return material_page(request, sha256, CHANGED, reason)
    try:
        disposals.propose_disposal(
            kind=kind,
            sha256=sha256,
            reason=reason,
            uses=[one.words for one in found],
            paper=_paper(request),
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refusal:
        return material_page(request, sha256, str(refusal), reason)
    messages.success(request, "已提出，待办公室负责人或第二签发人确认。")
    return redirect("desk-material", sha256)


def _given(request: SignedIn) -> Filled:
    form = ProposalForm(request.POST)
    form.is_valid()
    return filled(form)


def _paper(request: SignedIn) -> str:
    upload = request.FILES.get("paper")
    if upload is None or not policy.can_propose_disposal(request.actor):
        return ""
    return store_artefact(
        upload.read(),
        name=str(upload.name),
        confirmed=pledged(request),
        actor=request.actor,
        now=clock.now(),
    )


@require_POST
def confirm(request: SignedIn, proposal_id: int) -> HttpResponse:
    """The second person confirms what is on the page."""
    door(request)
    pending = _proposal(proposal_id)
    found = uses(pending.sha256)
    if _given(request).text("seen") != seen_of(found):
        return material_page(request, pending.sha256, CHANGED)
    try:
        disposals.confirm_disposal(
            proposal=pending,
            uses=[one.words for one in found],
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refusal:
        return material_page(request, pending.sha256, str(refusal))
    messages.success(request, f"已确认{logic.PROPOSALS[pending.kind]}。")
    return redirect("desk-material", pending.sha256)


@require_POST
def drop(request: SignedIn, proposal_id: int) -> HttpResponse:
    """Take a proposal back."""
    door(request)
    pending = _proposal(proposal_id)
    try:
        disposals.drop_disposal(proposal=pending, actor=request.actor, now=clock.now())
    except Refused as refusal:
        return material_page(request, pending.sha256, str(refusal))
    declined = policy.can_confirm_disposal(request.actor)
    messages.success(request, "已写明不同意，材料照旧。" if declined else "已撤回这件事项。")
    return redirect("desk-material", pending.sha256)


def _proposal(proposal_id: int) -> queries.Proposal:
    found = queries.proposal(proposal_id)
    if found is None:
        raise Http404
    return found
