"""The ledger: what was observed, by whom and when; one observation with its evidence; import of ledgers kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.accounts.actor import Refused
from kaoping.balloting import questionnaire_from_dict
from kaoping.campaigns import policy as campaign_policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import ledger as years
from kaoping.campaigns.queries.review import judged_at
from kaoping.campaigns.services import ledger as verbs
from kaoping.evidence import logic, policy, queries
from kaoping.evidence.logic import MIN_REASON
from kaoping.evidence.register import KINDS, LEDGER, WANTED
from kaoping.evidence.services import RegisterRefused
from kaoping.evidence.services.withdrawal import refusal_to_undo, undo_import
from kaoping.rectification.queries import passes
from kaoping.registry import queries as register
from kaoping.registry.queries.places import TargetWords
from kaoping.reporting.tables import Table
from kaoping.scoring.observations import Observation
from kaoping.standards.queries import rulebook_of
from kaoping.support import clock
from kaoping.web.desk.records.act_words import act_fact
from kaoping.web.ui import late_looks
from kaoping.web.ui.attachment import attachment
from kaoping.web.ui.observed import SOURCES, times, times_words, value_words
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.proofs import GONE
from kaoping.web.ui.requests import SignedIn, pledged, table_file
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime, points

KIND_WORDS: Final = {
    **{code: name for name, code in KINDS.items()},
    "tally": "计票",
    "looks": "查看次数",
    "withdrawn": "撤回",
}


def _door(request: SignedIn) -> None:
    if not policy.can_see_ledger(request.actor):
        raise PermissionDenied("台账由市政务公开办、签发人和领导小组查看。")


@require_safe
def ledger(request: SignedIn) -> HttpResponse:
    """The list, newest first; nothing in it is ever changed."""
    _door(request)
    chosen = {name: request.GET.get(name, "").strip() for name in ("unit", "item", "source")}
    rows, late = queries.search(**chosen), Late()
    names, items = register.short_names(), vocabulary()
    if "format" in request.GET:
        return download(_file(rows, names, items), request.GET["format"])
    table = paged_table(
        columns=["登记时间", "单位", "指标", "来源", "取值", "理由", "记录"],
        rows=rows,
        cells=lambda one: [
            cn_datetime(one.recorded_at),
            names.get(one.unit, one.unit),
            items.title(one.item) or one.check_id,
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
        "severe": campaigns.current() is not None,
        "may_import": policy.can_import_register(request.actor),
        "rulings": queries.open_rulings(),
        "now": clock.now(),
    }
    return render(request, "desk/records/ledger.html", context)


class Late:
    """Which lines of a list arrived after their round closed; asked once a list."""

    def __init__(self) -> None:
        self._closings = queries.closings()
        self._behind_orders = passes()

    def words(self, one: Any) -> str:
        """What the list says of such a line, '' of every other."""
        if queries.is_late(queries.as_engine(one), self._closings):
            return logic.LATE
        return late_looks.words_of_line(one.uid) if one.uid in self._behind_orders else ""


def source_cell(one: Any) -> Cell | str:
    """The source of a line; of an imported one with the way to its batch."""
    batch = queries.batch_of(one.uid)
    words = SOURCES.get(one.source, one.source)
    return Cell(text=f"{words}（同批）", url=reverse("desk-ledger-batch", args=[batch])) if batch else words


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the year's rulebook calls items, levels and the answers to questions."""

    names: Mapping[str, str]
    levels: Mapping[str, Mapping[str, str]]
    options: Mapping[str, Mapping[str, str]]

    def title(self, item: str | None) -> str:
        """Code and name of an item."""
        name = self.names.get(item or "")
        return f"{item} {name}" if name else item or ""

    def words(self, one: Any) -> str:
        """The value of an observation in words."""
        options = self.options.get(one.value["question"]) if one.kind == "tally" else None
        return value_words(one, self.levels.get(one.item or ""), options)


def vocabulary() -> Vocabulary:
    """The words of the year at work; before the first year codes stand for themselves."""
    campaign = campaigns.at_work(stages.ROUTINE)
    if campaign is None:
        return Vocabulary({}, {}, {})
    rulebook = rulebook_of(campaign.rulebook_id)
    leaves = list(rulebook.rubric.leaves())
    return Vocabulary(
        {leaf.code: leaf.name for leaf in leaves},
        {leaf.code: {level.code: level.name for level in leaf.levels} for leaf in leaves},
        {
            question.id: {option.code: option.label for option in question.options}
            for question in questionnaire_from_dict(rulebook.questionnaire).questions
        }
        if rulebook.questionnaire
        else {},
    )


def _file(rows: Any, names: dict[str, str], items: Vocabulary) -> Table:
    judged = judged_at(rows.filter(source="reviewer").values_list("uid", flat=True))
    columns = [
        "编号",
        "登记时间",
        "归属时间",
        "评定、认定、查看的时间",
        "单位代码",
        "单位",
        "指标",
        "检查",
        "来源",
        "种类",
        "取值",
        "理由",
        "更正",
        "到达",
    ]
    late = Late()
    return Table(
        "观察台账",
        columns,
        [
            [
                one.uid,
                one.recorded_at,
                one.observed_at,
                times_words(one, judged.get(one.uid)),
                one.unit,
                names.get(one.unit, ""),
                one.item,
                one.check_id,
                SOURCES.get(one.source, one.source),
                KIND_WORDS.get(one.kind, one.kind),
                items.words(one),
                one.reason,
                one.supersedes,
                late.words(one),
            ]
            for one in rows.prefetch_related("artefacts").iterator(chunk_size=2000)
        ],
    )


@require_safe
def observation(request: SignedIn, uid: str) -> HttpResponse:
    """One observation: everything kept of it, what corrects it, its evidence with the digest checked now."""
    _door(request)
    one = queries.observation(uid)
    if one is None:
        raise Http404
    return _observation_page(request, one)


def _observation_page(request: SignedIn, one: Observation, refused: str = "") -> HttpResponse:
    """The record; after a refused act what was said to it, the reason still in its field."""
    successor = queries.successor_of(one.id)
    items, name = vocabulary(), register.short_names().get(one.unit, one.unit)
    judged = judged_at([one.id])
    said = "计票" if one.kind == "tally" else items.words(one)
    title = f"{name} {items.title(one.item) or one.check}：|{said}"
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
        "late": logic.LATE if queries.speaks_of_late(one) else "",
        "too_late": late_looks.words_of_line(one.id) if one.value == "met" else "",
        "batch": queries.batch_of(one.id) or "",
        "successor": successor,
        "moves": _moves(request, one),
        "min_reason": MIN_REASON,
        "refused": refused,
        "typed": {"act": request.POST.get("act", ""), "reason": request.POST.get("reason", "")},
    }
    return render(request, "desk/records/observation.html", context, status=409 if refused else 200)


def _artefact(sha256: str | None, url: str | None) -> dict[str, Any]:
    stored = queries.artefact(sha256) if sha256 else None
    where = queries.standing(sha256) if sha256 else ""
    return {
        "name": url or (queries.plain_name(sha256) if sha256 and stored else "材料"),
        "sha256": sha256,
        "url": url,
        "download": reverse("desk-artefact", args=[sha256]) if stored and where not in GONE else "",
        "dispose": reverse("desk-material", args=[sha256]) if stored else "",
        "state": GONE.get(where)
        or (
            "校验值一致"
            if stored and sha256 and queries.intact(sha256)
            else ("文件缺失或不符" if stored else "只有网址")
        ),
    }


@require_safe
def artefact(request: SignedIn, sha256: str) -> HttpResponse:
    """Stored bytes, always as a download: captured pages are hostile."""
    _door(request)
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
    ruling: queries.LedgerAct | None
    words: str


def _moves(request: SignedIn, line: Observation) -> Moves:
    found, actor, forms = years.ways(line), request.actor, []
    late = queries.speaks_of_late(line)
    gone = "原记录保留；它本来就没有计入得分。" if late else "原记录保留，不再计入得分。"
    words = found.words
    no_undo = refusal_to_undo(found.batch, "—" * MIN_REASON) if found.batch else None
    if no_undo:
        words = words or no_undo
    elif found.batch and policy.can_undo_import(actor):
        hint = f"这一条是随文件导入的，同批还有 {found.batch_lines} 条有效，一并撤回；原记录保留，同一文件可以再导入。"
        forms.append(Move(UNDO, "撤回整批导入", hint, f"撤回这一批 {found.batch_lines} 条"))
    if found.rule and policy.can_rule(actor):
        hint = f"由办公室负责人确认以后才生效；{gone}"
        forms.append(Move(RULE, "提请审定：撤回这条记录", hint, "提请审定"))
    if found.correct and campaign_policy.can_correct(actor):
        if found.restore:
            hint = f"在第 {found.correct} 次更正下恢复，取值与原记录相同。"
            forms.append(Move(RESTORE, "恢复被撤回的记录", hint, "恢复", danger=False))
        else:
            hint = f"在第 {found.correct} 次更正下撤回，由第二签发人随更正计分表签发。"
            forms.append(Move(CORRECT, "更正：撤回这条记录", hint, "撤回这条记录"))
    if found.ruling and policy.can_second_ruling(actor) and not queries.check_second(actor, found.ruling):
        stays = "记录照旧存档，不计分。" if late else "记录照旧计入。"
        if not found.words:
            hint = f"同意以后这条记录撤回。{gone}"
            forms.append(Move(AGREE, "确认审定", hint, "同意撤回", with_reason=False))
        forms.append(Move(DISAGREE, "不同意审定", stays, "不同意", with_reason=False, danger=False))
    return Moves(tuple(forms), found.ruling, words)


UNDO, RULE, CORRECT, RESTORE, AGREE, DISAGREE = "undo", "rule", "correct", "restore", "agree", "disagree"


@require_POST
def observation_move(request: SignedIn, uid: str) -> HttpResponse:
    """Withdraw, propose, agree or restore with a reason; the line stays."""
    _door(request)
    line = queries.observation(uid)
    if line is None:
        raise Http404
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
        return queries.undone_already(queries.batch_of(line.id) or "") or ""
    if act in (AGREE, DISAGREE):
        return "" if ways.ruling else queries.done_already(line) or ""
    open_now = {RULE: ways.rule, CORRECT: bool(ways.correct), RESTORE: ways.restore}.get(act, True)
    return "" if open_now else queries.done_already(line) or ""


def _cells() -> list[tuple[str, str]]:
    """What goes into each column of the table."""
    kinds = [(name, WANTED[code]) for name, code in KINDS.items()]
    return [
        ("单位代码", "名录里的代码，如 U1"),
        ("指标", "下表中的代码"),
        ("种类", f"{'、'.join(KINDS)}，按下表"),
        *((f"取值（{name}）", words) for name, words in kinds),
        ("观察日期", "台账上的日子，如 2025-03-01，不晚于今天"),
        ("理由", "写什么事、依据什么；可以空"),
        ("依据网址", "以 http:// 或 https:// 开头；可以空"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_import(request: SignedIn) -> HttpResponse:
    """A table of observations for indicators whose module does not exist yet; all rows or none."""
    if not policy.can_import_register(request.actor):
        raise PermissionDenied("台账由市政务公开办经办导入。")
    columns = [one.heading for one in LEDGER.columns]
    if "format" in request.GET:
        return download(Table("台账空表", columns, []), request.GET["format"])
    errors: list[Mistake] = []
    notes: tuple[str, ...] = ()
    campaign = campaigns.at_work(stages.ROUTINE)
    items = years.importable(campaign.rulebook_id) if campaign else {}
    if request.method == "POST":
        try:
            upload = table_file(request)
            made = verbs.import_lines(
                actor=request.actor,
                campaign=campaign,
                filename=str(upload.name)[:120],
                content=upload.read(),
                confirmed=pledged(request),
                units=register.short_names(),
                now=clock.now(),
            )
        except RegisterRefused as refusal:
            errors = [Mistake(str(one), "#ledger-file") for one in refusal.faults[:200]]
            notes = refusal.notes
        except Refused as refusal:
            errors = [Mistake(str(refusal), "#ledger-file")]
        else:
            if made.already:
                messages.info(request, f"{made.already}下面是那一批。")
            else:
                messages.success(request, f"已导入 {made.lines} 条。")
                for words in made.notes:
                    messages.warning(request, words)
            return redirect("desk-ledger-batch", made.batch)
    names = {code: name for name, code in KINDS.items()}
    context = {
        "title": "导入台账" if not errors else f"没有导入：{len(errors)} 处要改",
        "errors": errors,
        "has_errors": bool(errors),
        "notes": notes,
        "columns": columns,
        "cells": _cells(),
        "items": [
            (code, name, "、".join(names[kind] for kind in kinds)) for code, (name, kinds) in items.items()
        ],
    }
    return render(request, "desk/records/ledger_import.html", context, status=422 if errors else 200)
