"""The ledger: what was observed, by whom and when; one observation with its evidence; import of ledgers kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Organising, Owned, Refused
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import ledger as years
from kaoping.campaigns.queries.review import judged_at
from kaoping.campaigns.services import ledger as verbs
from kaoping.evidence import logic, policy, queries
from kaoping.evidence.logic import MIN_REASON
from kaoping.evidence.queries import acts, closings
from kaoping.evidence.services.withdrawal import undo_import
from kaoping.registry import queries as register
from kaoping.registry.queries import organisers
from kaoping.registry.queries.places import TargetWords
from kaoping.scoring.observations import Observation
from kaoping.support import clock
from kaoping.web.desk.records.act_words import act_fact
from kaoping.web.desk.records.ledger_words import Late, file_of, source_cell, vocabulary
from kaoping.web.ui import late_looks
from kaoping.web.ui.attachment import attachment
from kaoping.web.ui.observed import SOURCES, times
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.proofs import GONE
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime, points


def _door(request: SignedIn, whose: Owned) -> None:
    if not policy.can_see_ledger(request.actor, whose):
        raise PermissionDenied("台账由政务公开办、签发人和领导小组查看。")


def _line(request: SignedIn, uid: str) -> Observation:
    """A line behind the door of its organiser."""
    found = queries.observation(uid)
    _door(request, found or Organising(organisers.served(request.actor)))
    if found is None:
        raise Http404
    return found


@require_safe
def ledger(request: SignedIn) -> HttpResponse:
    """The list, newest first; nothing in it is ever changed."""
    whose = Organising(organisers.served(request.actor))
    _door(request, whose)
    chosen = {name: request.GET.get(name, "").strip() for name in ("unit", "item", "source")}
    items = vocabulary(whose.organiser)
    checks = [check for check, code in items.fed.items() if code == chosen["item"]]
    rows, late = queries.search(organiser=whose.organiser, **chosen, checks=checks), Late()
    names = register.short_names()
    if "format" in request.GET:
        return download(file_of(rows, names, items), request.GET["format"])
    table = paged_table(
        columns=["登记时间", "单位", "指标", "来源", "取值", "理由", "记录"],
        rows=rows,
        cells=lambda one: [
            cn_datetime(one.recorded_at),
            names.get(one.unit, one.unit),
            items.about(one.item, one.check_id),
            source_cell(one),
            Cell(text=items.words(one), note=late.words(one)),
            one.reason or "—",
            Cell(text="看全文", url=reverse("desk-observation", args=[one.uid])),
        ],
        params=request.GET,
        caption="观察台账",
        empty=Empty(title="没有符合条件的记录。", text="监测、查看、评议、自查和导入的台账都会记到这里。"),
    )
    context = {
        "title": f"{'符合条件的有' if any(chosen.values()) else '台账里有'} {points(table.total)} 条记录",
        "table": table,
        "chosen": chosen,
        "sources": list(SOURCES.items()),
        "units": list(names.items()),
        "items": [(code, f"{code} {name}") for code, name in items.names.items()],
        "severe": campaigns.current(whose.organiser) is not None,
        "may_import": policy.can_import_register(request.actor, whose),
        "rulings": acts.open_rulings([whose.organiser]),
        "now": clock.now(),
    }
    return render(request, "desk/records/ledger.html", context)


@require_safe
def observation(request: SignedIn, uid: str) -> HttpResponse:
    """One observation: everything kept of it, what corrects it, its evidence with the digest checked now."""
    one = _line(request, uid)
    return _observation_page(request, one)


def _observation_page(request: SignedIn, one: Observation, refused: str = "") -> HttpResponse:
    """The record; after a refused act what was said to it, the reason still in its field."""
    successor = queries.successor_of(one.id)
    items, name = vocabulary(), register.short_names().get(one.unit, one.unit)
    judged = judged_at([one.id])
    said = "计票" if one.kind == "tally" else items.words(one)
    title = f"{name} {items.about(one.item, one.check)}：|{said}"
    context = {
        "title": title,
        "head": Head(
            title=title,
            crumbs=(Crumb(label="台账", url=reverse("desk-ledger")), Crumb(label="一条记录")),
            basis=Basis(extra=(f"{cn_datetime(one.recorded_at)} 登记", "只增不改，更正是新的一条")),
        ),
        "one": one,
        "facts": [
            ("取值", items.words(one)),
            ("来源", SOURCES.get(one.source, one.source)),
            *((label, cn_datetime(at)) for label, at in times(one, judged.get(one.id))),
            ("归属时间", f"{cn_datetime(one.observed_at)}（按它计入哪一年）"),
            ("登记人", one.by or "本平台"),
            *([("检查", one.check)] if one.check else []),
            *([("说的是", TargetWords()(one.unit, one.target))] if one.target else []),
            *([act_fact(one.act)] if one.act else []),
            ("理由", one.reason or "没有写"),
            ("编号", one.id),
        ],
        "artefacts": [_artefact(ref.sha256, ref.url) for ref in one.artefacts],
        "late": logic.LATE if closings.speaks_of_late(one) else "",
        "too_late": late_looks.words_of_line(one.id) if one.value == "met" else "",
        "batch": queries.batch_of(one.id) or "",
        "successor": successor,
        "moves": _moves(request, one),
        "min_reason": MIN_REASON,
        "refused": refused,
        "typed": {"act": request.POST.get("act", ""), "reason": request.POST.get("reason", "")},
    }
    return render(request, "desk/records/observation.html", context, status=409 if refused else 200)


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence of a line: how it stands, and the ways to it while it can be read."""

    name: str
    sha256: str | None
    url: str | None
    download: str
    dispose: str
    state: str


def _artefact(sha256: str | None, url: str | None) -> Proof:
    stored = queries.artefact(sha256) if sha256 else None
    where = queries.standing(sha256) if sha256 else ""
    held = "校验值一致" if stored and sha256 and queries.intact(sha256) else "文件缺失或不符"
    return Proof(
        name=url or (queries.plain_name(sha256) if sha256 and stored else "材料"),
        sha256=sha256,
        url=url,
        download=reverse("desk-artefact", args=[sha256]) if stored and where not in GONE else "",
        dispose=reverse("desk-material", args=[sha256]) if stored else "",
        state=GONE.get(where) or (held if stored else "只有网址"),
    )


@require_safe
def artefact(request: SignedIn, sha256: str) -> HttpResponse:
    """Stored bytes, always as a download: captured pages are hostile."""
    lines = queries.proved_by(sha256)
    seen = any(policy.can_see_ledger(request.actor, one) for one in lines)
    if not seen:
        _door(request, Organising("" if lines else organisers.served(request.actor)))
    return attachment(sha256, queries.plain_name(sha256))


@dataclass(frozen=True, slots=True)
class Move:
    """One form by which this person can move the line now: its act, heading, what it does, and the button's words."""

    act: str
    title: str
    hint: str
    label: str
    with_reason: bool = True
    danger: bool = True


@dataclass(frozen=True, slots=True)
class Moves:
    """What can be done with the line: forms, a proposed ruling that waits, or words on what is left."""

    forms: tuple[Move, ...]
    ruling: acts.LedgerAct | None
    words: str


def _moves(request: SignedIn, line: Observation) -> Moves:
    found, actor, forms = years.ways(line), request.actor, []
    late = closings.speaks_of_late(line)
    gone = "原记录保留；它本来就没有计入得分。" if late else "原记录保留，不再计入得分。"
    words = found.words
    no_undo = undo_import.hindrance(batch=found.batch) if found.batch else None
    if no_undo:
        words = words or no_undo
    elif found.batch and undo_import.check(actor=actor, batch=found.batch) is None:
        hint = f"这一条是随文件导入的，同批还有 {found.batch_lines} 条有效，一并撤回；原记录保留，同一文件可以再导入。"
        forms.append(Move(UNDO, "撤回整批导入", hint, f"撤回这一批 {found.batch_lines} 条"))
    asked = {"actor": actor, "line": line.id, "now": clock.now()}
    if found.rule and verbs.propose_ruling.check(**asked) is None:
        hint = f"由办公室负责人确认以后才生效；{gone}"
        forms.append(Move(RULE, "提请审定：撤回这条记录", hint, "提请审定"))
    if found.correct and verbs.correct_withdrawal.check(**asked) is None:
        if found.restore:
            hint = f"在第 {found.correct} 次更正下恢复，取值与原记录相同。"
            forms.append(Move(RESTORE, "恢复被撤回的记录", hint, "恢复", danger=False))
        else:
            hint = f"在第 {found.correct} 次更正下撤回，由第二签发人随更正计分表签发。"
            forms.append(Move(CORRECT, "更正：撤回这条记录", hint, "撤回这条记录"))
    if found.ruling and not verbs.second_ruling.check(actor=actor, ref=found.ruling.ref, agreed=False):
        stays = "记录照旧存档，不计分。" if late else "记录照旧计入。"
        if not verbs.second_ruling.check(actor=actor, ref=found.ruling.ref, agreed=True):
            hint = f"同意以后这条记录撤回。{gone}"
            forms.append(Move(AGREE, "确认审定", hint, "同意撤回", with_reason=False))
        forms.append(Move(DISAGREE, "不同意审定", stays, "不同意", with_reason=False, danger=False))
    return Moves(tuple(forms), found.ruling, words)


UNDO, RULE, CORRECT, RESTORE, AGREE, DISAGREE = "undo", "rule", "correct", "restore", "agree", "disagree"


@require_POST
def observation_move(request: SignedIn, uid: str) -> HttpResponse:
    """Withdraw, propose, agree or restore with a reason; the line stays."""
    line = _line(request, uid)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    found = years.ways(line)
    done = _done_already(line, act, found)
    if done:
        messages.info(request, done)
        batch = queries.batch_of(uid) if act == UNDO else None
        return redirect("desk-ledger-batch", batch) if batch else redirect("desk-observation", uid)
    try:
        new = _move(request, line, act, reason, found)
    except Refused as refusal:
        return _observation_page(request, line, str(refusal))
    return redirect("desk-observation", new)


def _move(request: SignedIn, line: Observation, act: str, reason: str, found: years.Ways) -> str:
    """Do it; the id of the record to show afterwards."""
    uid = line.id
    given: dict[str, Any] = {"actor": request.actor, "now": clock.now()}
    if act == UNDO:
        batch = found.batch or queries.batch_of(uid) or ""
        count = undo_import(batch=batch, reason=reason, **given)
        messages.success(request, f"已撤回整批 {count} 条，原记录仍保留。")
    elif act == RULE:
        verbs.propose_ruling(line=uid, reason=reason, **given)
        messages.success(request, "已提请审定，请办公室负责人打开这一条确认。")
    elif act == CORRECT:
        verbs.correct_withdrawal(line=uid, reason=reason, **given)
        messages.success(request, "已在更正下撤回，原记录仍保留。")
    elif act == RESTORE:
        new = verbs.correct_restoration(line=uid, reason=reason, **given)
        messages.success(request, "已恢复，原来的撤回仍保留。")
        return new
    elif act in (AGREE, DISAGREE):
        verbs.second_ruling(ref=found.ruling.ref if found.ruling else "", agreed=act == AGREE, **given)
        messages.success(request, "已同意，记录撤回。" if act == AGREE else "已写明不同意，记录照旧。")
    else:
        raise Refused("请从页面上的按钮办理。")
    return uid


def _done_already(line: Observation, act: str, ways: years.Ways) -> str:
    """What is said to whoever does to a line what was done to it: by whom and when; '' when the act is still open."""
    if act == UNDO:
        return acts.undone_already(queries.batch_of(line.id) or "") or ""
    if act in (AGREE, DISAGREE):
        return "" if ways.ruling else acts.done_already(line) or ""
    open_now = {RULE: ways.rule, CORRECT: bool(ways.correct), RESTORE: ways.restore}.get(act, True)
    return "" if open_now else acts.done_already(line) or ""
