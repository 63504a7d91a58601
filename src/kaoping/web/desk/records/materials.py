"""Materials that must not stay as they are: refused, sealed, proposed for destruction; one file with its uses and copies."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Refused
from kaoping.evidence import disposals, logic, policy, queries
from kaoping.evidence.handing_in import store_artefact
from kaoping.patterns import linear
from kaoping.publication.material_uses import Copy, Use, copies, uses
from kaoping.support import clock
from kaoping.web.ui.attachment import is_digest
from kaoping.web.ui.parts.lists import Fact, Pair
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.proofs import closed_fact
from kaoping.web.ui.requests import SignedIn, pledged
from kaoping.web.ui.wording import cn_datetime, size_words

SHOWN: Final = 50
_BEGINNING: Final = linear(r"[0-9a-f]{8,64}")
DOOR: Final = "材料处置由市政务公开办、签发人和领导小组查看。"
CHANGED: Final = "这份材料的用途刚刚有了变化，请看过现在的用途再办。"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what it is, what is said of it, when, and where it leads."""

    label: str
    words: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One form by which somebody proposes."""

    kind: str
    title: str
    hint: str
    button: str
    url: str
    paper: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits for its second person."""

    title: str
    facts: Sequence[Fact]
    confirm_url: str
    drop_url: str
    drop_label: str
    may_confirm: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal that stands, with its clock."""

    at: datetime
    by: str
    due: datetime
    late: bool
    report_url: str


@dataclass(frozen=True, slots=True)
class Material:
    """The page of one file."""

    title: str
    sha256: str
    facts: Sequence[tuple[str, str]]
    uses: Sequence[Use]
    seen: str
    copies: Sequence[Copy]
    sealed: Sealed | None
    seal_url: str
    asks: Sequence[Ask]
    waiting: Waiting | None
    history: Sequence[Row]


def _door(request: SignedIn) -> None:
    if not policy.can_see_disposals(request.actor):
        raise PermissionDenied(DOOR)


@require_safe
def materials(request: SignedIn) -> HttpResponse:
    """What waits for a second person, what is sealed, what was refused; and the way to one file by its digest."""
    _door(request)
    asked = request.GET.get("digest", "").replace(" ", "").strip().lower()
    found, fault = _find(asked)
    if len(found) == 1:
        return redirect("desk-material", found[0])
    waiting = [one for one in queries.proposals()[:500] if not hasattr(one, "decision")]
    sealed = list(queries.seals()[:SHOWN])
    count = len(waiting)
    title = (
        f"材料处置：|{count} 件待第二人确认，{len(sealed)} 份在封存"
        if count or sealed
        else "材料处置：|没有待办"
    )
    context = {
        "title": title,
        "asked": asked,
        "fault": fault,
        "found": [Row(f"校验值 {one[:16]}…", "", clock.now(), _url(one)) for one in found],
        "waiting": [
            Row(f"{logic.PROPOSALS[one.kind]} {one.sha256[:8]}", f"{one.by} 提出", one.at, _url(one.sha256))
            for one in waiting
        ],
        "sealed": [
            Row(
                f"封存 {one.sha256[:8]}",
                f"{one.by} 封存，情况报告期限 {cn_datetime(logic.report_due(one.at))}",
                one.at,
                _url(one.sha256),
            )
            for one in sealed
        ],
        "refused": [
            Row(f"拒收 {one.sha256[:8]}", f"{one.by} 上传", one.at, _url(one.sha256))
            for one in queries.refused_files()[:SHOWN]
        ],
    }
    return render(request, "desk/records/materials.html", context, status=422 if fault else 200)


def _find(asked: str) -> tuple[list[str], str]:
    if not asked:
        return [], ""
    if _BEGINNING.fullmatch(asked) is None:
        return [], "请输入校验值的前 8 位或更多（数字和字母 a 到 f）。"
    found = queries.digests_like(asked)
    return found, "" if found else "没有校验值这样开头的材料。"


def _url(sha256: str) -> str:
    return reverse("desk-material", args=[sha256])


@require_safe
def material(request: SignedIn, sha256: str) -> HttpResponse:
    """One file: where its bytes stand, all its uses, all its copies, and what can be done."""
    _door(request)
    return _page(request, sha256)


def _page(request: SignedIn, sha256: str, refusal: str = "", reason: str = "") -> HttpResponse:
    standing = queries.standing(sha256) if is_digest(sha256) else logic.UNKNOWN
    if standing == logic.UNKNOWN:
        raise Http404
    shown = _material(request, sha256, standing)
    context = {
        "title": shown.title,
        "material": shown,
        "errors": [Mistake(refusal)] if refusal else [],
        "has_errors": bool(refusal),
        "reason": reason,
    }
    return render(request, "desk/records/material.html", context, status=409 if refusal else 200)


def _material(request: SignedIn, sha256: str, standing: str) -> Material:
    found, seal, pending = uses(sha256), queries.seal_of(sha256), queries.open_proposal(sha256)
    return Material(
        title=f"材料 {sha256[:8]}：|{logic.STANDINGS[standing]}，用途 {len(found)} 处",
        sha256=sha256,
        facts=_facts(sha256, standing),
        uses=found,
        seen=_seen(found),
        copies=copies(sha256, found) if standing in (logic.KEPT, logic.SEALED) else (),
        sealed=Sealed(
            seal.at,
            seal.by,
            logic.report_due(seal.at),
            clock.now() > logic.report_due(seal.at),
            reverse("desk-material-report", args=[sha256]),
        )
        if seal
        else None,
        seal_url=reverse("desk-material-seal", args=[sha256])
        if seal is None and disposals.seal_artefact.check(actor=request.actor, sha256=sha256) is None
        else "",
        asks=_asks(request, sha256, standing) if pending is None else (),
        waiting=_waiting(request, pending, found) if pending else None,
        history=[
            Row(
                f"{logic.PROPOSALS[one.kind]}：{'已确认' if one.decision.confirmed else '已撤回'}",
                f"{one.by} 提出，{one.decision.by} 办理",
                one.decision.at,
                "",
            )
            for one in queries.proposals(sha256)
            if hasattr(one, "decision")
        ],
    )


def _facts(sha256: str, standing: str) -> list[tuple[str, str]]:
    stored = queries.artefact(sha256)
    hidden = standing in (logic.SEALED, logic.REFUSED)
    facts = [("状态", logic.STANDINGS[standing]), ("校验值", sha256)]
    if stored is not None:
        facts.append(("大小", size_words(stored.size)))
    for one in queries.uploads(sha256):
        name = "" if hidden else f"，文件名 {one.name}"
        unread = f"，未能自动检查：{one.unread}" if one.unread else ""
        pledge = "，本人确认不含国家秘密、工作秘密" if one.confirmed else ""
        facts.append(("上传", f"{one.by}，{cn_datetime(one.at)}{name}{pledge}{unread}"))
    return facts + [
        ("拒收", f"{row.by}，{cn_datetime(row.at)}，带密级标志，没有保存")
        for row in queries.refused_files().filter(sha256=sha256)
    ]


def _asks(request: SignedIn, sha256: str, standing: str) -> list[Ask]:
    sealed = standing == logic.SEALED
    paper = "须附保密行政管理部门的书面意见。" if sealed else ""
    hints = {
        logic.DESTROY: f"原件不再可读，校验值和两人办理的记录留存，同样的文件不再收。{paper}",
        logic.UNSEAL: f"恢复到封存以前的用途。{paper}",
        logic.LIFT: "确属误判才放行。放行只对这一个校验值有效，文件没有保存过，请单位重新上传。",
    }
    return [
        Ask(
            kind,
            f"提出{logic.PROPOSALS[kind]}",
            hints[kind],
            f"提出{logic.PROPOSALS[kind]}，待第二人确认",
            reverse("desk-material-propose", args=[sha256, kind]),
            sealed,
        )
        for kind in logic.PROPOSALS
        if disposals.propose_disposal.check(actor=request.actor, kind=kind, sha256=sha256) is None
    ]


def _waiting(request: SignedIn, pending: queries.Proposal, found: Sequence[Use]) -> Waiting:
    words = disposals.confirming(pending).check(
        proposal=pending, uses=[one.words for one in found], actor=request.actor
    )
    return Waiting(
        title=f"待确认：{logic.PROPOSALS[pending.kind]}",
        facts=[
            ("提出", f"{pending.by}，{cn_datetime(pending.at)}"),
            ("理由", pending.reason),
            closed_fact(
                Pair(
                    label="书面意见",
                    text=f"看书面意见（校验值 {pending.paper[:16]}…）",
                    url=reverse("desk-artefact", args=[pending.paper]),
                ),
                pending.paper,
            )
            if pending.paper
            else ("书面意见", "没有附"),
            ("提出时的用途", "；".join(pending.uses) or "没有用途"),
        ],
        confirm_url=reverse("desk-material-confirm", args=[pending.pk]),
        drop_url=reverse("desk-material-drop", args=[pending.pk]),
        drop_label="不同意" if policy.can_confirm_disposal(request.actor) else "撤回这件事项",
        may_confirm=words is None,
        why_not=words or "",
    )


def _seen(found: Sequence[Use]) -> str:
    """A short mark of the list of uses, so that nobody decides on another list than the one on the page."""
    return hashlib.sha256("\n".join(sorted(one.words for one in found)).encode()).hexdigest()[:16]


@require_POST
def seal(request: SignedIn, sha256: str) -> HttpResponse:
    """Seal at once."""
    try:
        disposals.seal_artefact(sha256=sha256, actor=request.actor, now=clock.now())
    except Refused as refusal:
        _door(request)
        return _page(request, sha256, str(refusal))
    messages.success(request, "已封存，任何页面都读不到了。请按下面的清单逐处处理，并在 24 小时内报告。")
    return redirect("desk-material", sha256)


@require_POST
def propose(request: SignedIn, sha256: str, kind: str) -> HttpResponse:
    """Propose, with the paper of the 保密 department where the bytes are sealed."""
    _door(request)
    found, reason = uses(sha256), request.POST.get("reason", "")
    if request.POST.get("seen", "") != _seen(found):
        return _page(request, sha256, CHANGED, reason)
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
        return _page(request, sha256, str(refusal), reason)
    messages.success(request, "已提出，待办公室负责人或第二签发人确认。")
    return redirect("desk-material", sha256)


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
    _door(request)
    pending = _proposal(proposal_id)
    found = uses(pending.sha256)
    if request.POST.get("seen", "") != _seen(found):
        return _page(request, pending.sha256, CHANGED)
    try:
        disposals.confirm_disposal(
            proposal=pending,
            uses=[one.words for one in found],
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refusal:
        return _page(request, pending.sha256, str(refusal))
    messages.success(request, f"已确认{logic.PROPOSALS[pending.kind]}。")
    return redirect("desk-material", pending.sha256)


@require_POST
def drop(request: SignedIn, proposal_id: int) -> HttpResponse:
    """Take a proposal back."""
    _door(request)
    pending = _proposal(proposal_id)
    try:
        disposals.drop_disposal(proposal=pending, actor=request.actor, now=clock.now())
    except Refused as refusal:
        return _page(request, pending.sha256, str(refusal))
    declined = policy.can_confirm_disposal(request.actor)
    messages.success(request, "已写明不同意，材料照旧。" if declined else "已撤回这件事项。")
    return redirect("desk-material", pending.sha256)


def _proposal(proposal_id: int) -> queries.Proposal:
    found = queries.proposal(proposal_id)
    if found is None:
        raise Http404
    return found


@require_safe
def report(request: SignedIn, sha256: str) -> HttpResponse:
    """The 情况报告单 to print: what this program knows, and blanks for what it does not."""
    _door(request)
    held = queries.seal_of(sha256) if is_digest(sha256) else None
    if held is None:
        raise Http404
    found = uses(sha256)
    context = {
        "title": "情况报告单（疑似国家秘密、工作秘密材料）",
        "office": settings.KAOPING_OFFICE,
        "phone": settings.KAOPING_OFFICE_PHONE,
        "seal": held,
        "due": logic.report_due(held.at),
        "uploads": queries.uploads(sha256),
        "uses": found,
        "copies": copies(sha256, found),
        "sha256": sha256,
        "back": _url(sha256),
        "now": clock.now(),
    }
    return render(request, "desk/records/material_report.html", context)
