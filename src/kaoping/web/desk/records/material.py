"""One piece of material: what is known of it, where it is used, and what may be asked about its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.evidence import disposals, logic, policy, queries
from kaoping.publication.material_uses import Copy, Use, copies, uses
from kaoping.support import clock
from kaoping.web.desk.records.materials import Row, door, url_of
from kaoping.web.ui.attachment import is_digest
from kaoping.web.ui.parts.lists import Fact, Pair
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.proofs import closed_fact
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime, size_words


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


@require_safe
def material(request: SignedIn, sha256: str) -> HttpResponse:
    """One file: where its bytes stand, all its uses, all its copies, and what can be done."""
    door(request)
    return material_page(request, sha256)


def material_page(request: SignedIn, sha256: str, refusal: str = "", reason: str = "") -> HttpResponse:
    """The page of a file, with why an act was refused and the reason that was typed. Raises ``Http404``."""
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
        seen=seen_of(found),
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


def seen_of(found: Sequence[Use]) -> str:
    """A short mark of the list of uses, so that nobody decides on another list than the one on the page."""
    return hashlib.sha256("\n".join(sorted(one.words for one in found)).encode()).hexdigest()[:16]


@require_safe
def report(request: SignedIn, sha256: str) -> HttpResponse:
    """The 情况报告单 to print: what this program knows, and blanks for what it does not."""
    door(request)
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
        "back": url_of(sha256),
        "now": clock.now(),
    }
    return render(request, "desk/records/material_report.html", context)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal that stands, with its clock."""

    at: datetime
    by: str
    due: datetime
    late: bool
    report_url: str
