"""The self-review (部门自查): its list, one item with evidence, and its submission, which locks it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.accounts.actor import Refused, Stale
from kaoping.accounts.queries import replaced_texts
from kaoping.campaigns import policy
from kaoping.campaigns.logic import self_review as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.queries import self_review as reads
from kaoping.campaigns.queries.period import stage_dates
from kaoping.campaigns.services import link_capture as captures
from kaoping.campaigns.services import self_review as verbs
from kaoping.evidence import links
from kaoping.foreign.glyphs import glyphs
from kaoping.reporting.tables import Table
from kaoping.scoring.provenance import is_open
from kaoping.support import clock
from kaoping.web.ui.editing import mark_of, opened_with, panel_of, saved_answer, sent, stale_answer
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.parts.form import Level, LevelPicker, NextStep, Panel, Receipt
from kaoping.web.ui.parts.head import Basis, Deadline, Head
from kaoping.web.ui.parts.table import Cell, Column, DataTable, table_of
from kaoping.web.ui.proofs import AGAIN, evidence
from kaoping.web.ui.requests import TYPES_HINT, SignedIn, pledged
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime
from kaoping.web.unit.own import Own, days_to, latest, own_page

CLAIM: Final = logic.CLAIM
TEXT_LIMIT: Final = 5000
LABELS: Final = {"level": "档次", "text": "情况说明"}
current = latest("unit-self-review-year", stages.SELF_REVIEW)


class AnswerForm(forms.Form):
    """What the unit says of one item, and one piece of evidence at a time."""

    level = forms.CharField(required=False)
    text = forms.CharField(
        label="情况说明",
        required=False,
        max_length=TEXT_LIMIT,
        error_messages={
            "max_length": f"情况说明超过 {TEXT_LIMIT} 个字，没有保存，请删短。写的内容还在本页。"
        },
        widget=forms.Textarea({"rows": 5}),
        help_text="写做了什么、哪天做的、结果怎样。申请不涉及的，在这里写明理由。"
        "给专家看时，本单位名称、在本平台登记过的人员姓名、网址和标识码会遮盖；没有登记的人名和没有点名而看得出是谁的，遮不住。",
    )
    file = forms.FileField(
        label="上传文件",
        required=False,
        allow_empty_file=True,
        help_text=TYPES_HINT,
    )
    url = forms.CharField(
        label="或者贴网址",
        required=False,
        max_length=500,
        # Evidence is offered by the button; the autosave leaves it alone.
        widget=forms.URLInput({"placeholder": "https://", "data-autosave-not": True}),
        help_text="已经公开在网上的，贴网址最好查。保存后由程序取下这一页存档；存下以前，专家看不到网址。",
    )

    def clean(self) -> dict[str, Any]:
        """A claim 不涉及 is worth nothing without its reason."""
        data = dict(super().clean() or {})
        if data.get("level") == CLAIM and not glyphs(str(data.get("text", ""))):
            self.add_error("text", "申请不涉及，要写明理由，由市政务公开办审定。")
        return data


def _form_of(own: Own) -> Any:
    return reads.of_unit(own.campaign, own.unit.code)


def _locked(own: Own, form: Any, request: SignedIn) -> str:
    """Why nothing can be written, in words; empty when the form is open to this person."""
    return verbs.save_answer.check(actor=request.actor, self_review=form) or ""


def _not_yet(request: SignedIn, own: Own) -> HttpResponse:
    dates = stage_dates(own.campaign)
    when = (
        f"按方案，自查从{cn_datetime(dates[stages.SELF_REVIEW][0])}开始。"
        if stages.SELF_REVIEW in dates
        else ""
    )
    context = {
        "title": "部门自查还没有开始",
        "text": f"{when}市政务公开办打开自查阶段后，在这里填报。",
        "back": own.url("unit-home-year"),
        "shell_width": "unit",
    }
    return render(request, "unit/nothing.html", context)


def _state(line: Any) -> tuple[str, str]:
    """Words and icon of one item of the list."""
    answer = line.answer
    if answer is not None and answer.not_applicable:
        decision = getattr(answer, "decision", None)
        if decision is None:
            return ("申请不涉及" if line.done else "不涉及，缺理由"), "circle-dashed"
        return ("不涉及", "check") if decision.accepted else ("不认定不涉及", "triangle-alert")
    return ("已答", "check") if line.done else ("未答", "")


def _groups(own: Own, lines: Sequence[Any], chosen: str = "") -> list[dict[str, Any]]:
    return [
        {
            "label": f"{code} {title}",
            "items": [
                {
                    "label": f"{line.item.code} {line.item.title}".replace("：", "：|"),
                    "url": own.url("unit-self-review-item", line.item.code),
                    "current": line.item.code == chosen,
                    "state": _state(line)[0],
                    "icon": _state(line)[1],
                }
                for line in part
            ],
        }
        for (code, title), part in groupby(lines, key=lambda one: (one.item.first, one.item.first_title))
    ]


def _basis(own: Own, form: Any, lines: Sequence[Any]) -> Basis:
    return Basis(
        n=f"{len(lines)} 项",
        as_of=clock.now(),
        rubric=own.rubric(),
        extra=(own.unit.short_name, reads.STATES[form.state]),
    )


def _deadline(own: Own, form: Any) -> Deadline | None:
    if form.state == logic.SUBMITTED:
        return Deadline(state="done", words="已提交")
    dates = stage_dates(own.campaign)
    return days_to(dates[stages.SELF_REVIEW][1]) if stages.SELF_REVIEW in dates else None


@require_safe
@own_page(policy.can_see_self_review)
def overview(request: SignedIn, own: Own) -> HttpResponse:
    """Every item with its state; the receipt when it was submitted, the reason when it was sent back."""
    form = _form_of(own)
    if form is None:
        return _not_yet(request, own)
    lines = reads.lines(form)
    if "format" in request.GET:
        return download(_file(own, lines), request.GET["format"])
    locked = _locked(own, form, request)
    done = sum(line.done for line in lines)
    title = _title(form, done, len(lines))
    context = {
        "title": title,
        "shell_width": "unit",
        "own": own,
        "head": Head(
            title=title,
            crumbs=own.crumbs("部门自查"),
            basis=_basis(own, form, lines),
            deadline=_deadline(own, form),
            actions=() if locked else (_submit_action(own, form),),
        ),
        "returned": form.return_reason if form.state == logic.RETURNED else "",
        "missing": form.return_reason if form.state == logic.NOT_SUBMITTED else "",
        "missing_rule": logic.NOT_SUBMITTED_RULE,
        "receipt": _receipt(form) if form.state == logic.SUBMITTED else None,
        "locked": locked,
        "groups": _groups(own, lines),
        "table": _table(own, lines),
    }
    return render(request, "unit/self_review.html", context)


def _title(form: Any, done: int, total: int) -> str:
    if form.state == logic.SUBMITTED:
        return f"自查已提交，|{total} 项内容已锁定"
    if form.state == logic.RETURNED:
        return f"自查被退回，|改好后再提交（{total} 项已答 {done} 项）"
    if form.state == logic.NOT_SUBMITTED:
        return "本单位登记为逾期未报"
    return f"部门自查：|{total} 项已答 {done} 项"


def _submit_action(own: Own, form: Any) -> Action:
    lacks = reads.gaps(form)
    return Action(
        label="提交自查",
        url=own.url("unit-self-review-submit"),
        kind="primary",
        disabled=f"还有 {len(lacks)} 项没有填完。" if lacks else "",
    )


def _receipt(form: Any) -> Receipt:
    return Receipt(
        "市政务公开办收到了",
        form.receipt,
        text=f"{cn_datetime(form.submitted_at)} 提交，内容已锁定。要改，请市政务公开办经办退回。",
        label="自查回执",
        next=(
            NextStep(
                "综合评定",
                "专家看材料评分，只看到单位代号；文字和网页存档里的本单位名称、登记过的人员姓名、网址、标识码已遮盖，文件里写到的遮不住。",
            ),
            NextStep("结果预览", "每一分有理由、有依据，有异议的可以申请复核。"),
        ),
        level=2,
    )


def _level_name(item: Item, code: str) -> str:
    return next((one.label for one in item.levels if one.code == code), code)


def _said(line: Any) -> str:
    if line.answer is None:
        return "—"
    return "申请不涉及" if line.answer.not_applicable else _level_name(line.item, line.answer.level) or "—"


def _table(own: Own, lines: Iterable[Any]) -> DataTable:
    return table_of(
        caption="自查各项",
        columns=["指标", Column("满分", num=True), "自查档次", "材料", "状态"],
        rows=[
            [
                Cell(
                    text=f"{line.item.code} {line.item.title}",
                    url=own.url("unit-self-review-item", line.item.code),
                ),
                Cell(points=line.item.max, places=None),
                _said(line),
                f"{len(line.answer.artefacts.all())} 份" if line.answer else "—",
                _state(line)[0],
            ]
            for line in lines
        ],
        empty="这类单位没有要自查的指标。",
        csv="?format=csv",
        xlsx="?format=xlsx",
        fold=True,
    )


def _file(own: Own, lines: Iterable[Any]) -> Table:
    rows = [
        [
            line.item.code,
            line.item.title,
            line.item.max,
            _said(line),
            line.answer.text if line.answer else "",
            "；".join(one.name for one in evidence(line.answer.artefacts.all(), str)) if line.answer else "",
            _state(line)[0],
        ]
        for line in lines
    ]
    columns = ["指标代码", "指标", "满分", "自查档次", "情况说明", "佐证材料", "状态"]
    return Table(f"{own.campaign.year}年{own.unit.short_name}自查", columns, rows, [own.rubric()])


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(policy.can_see_self_review)
def item(request: SignedIn, own: Own, code: str) -> HttpResponse:
    """One item. Answer and evidence are saved by one plain form; a refused file leaves everything else saved and typed."""
    form = _form_of(own)
    if form is None:
        return _not_yet(request, own)
    lines = reads.lines(form)
    place = next((number for number, one in enumerate(lines) if one.item.code == code), None)
    if place is None:
        raise Http404
    following = lines[place + 1].item.code if place + 1 < len(lines) else ""
    given = sent(request, logic.said(lines[place].answer))
    bound = AnswerForm(given, request.FILES) if request.method == "POST" else None
    panel: Panel | None = None
    try:
        done = bound is not None and bound.is_valid() and _save(request, bound, form, code)
    except Stale as stale:
        assert bound is not None
        done, panel = False, _panel(request, stale, lines[place].item)
        bound.add_error(None, str(stale))
    if done:
        messages.success(request, f"{code} 已保存，{cn_datetime(clock.now())}。")
        if request.POST.get("then") == "next":
            if following:
                return redirect("unit-self-review-item", *own.args, following)
            return redirect("unit-self-review-year", *own.args)
        return redirect("unit-self-review-item", *own.args, code)
    if bound is not None:
        lines = reads.lines(form)
    return _item_page(request, own, form, lines, lines[place], bound, following, panel)


def _panel(request: SignedIn, stale: Stale, wanted: Item) -> Panel:
    return panel_of(stale, labels=LABELS, choices={"level": _words_of_levels(wanted)}, me=request.actor)


def _words_of_levels(wanted: Item) -> dict[str, str]:
    return {one.code: one.label for one in wanted.levels} | {CLAIM: "不涉及"}


def _save(request: SignedIn, bound: AnswerForm, form: Any, code: str) -> bool:
    """Answer, then file, then address; stops at the first refusal and says it beside its field."""
    data = bound.cleaned_data
    claim = data["level"] == CLAIM
    common: dict[str, Any] = {"actor": request.actor, "self_review": form, "item": code, "now": clock.now()}
    at: str | None = None
    try:
        verbs.save_answer(
            level="" if claim else data["level"],
            not_applicable=claim,
            text=data["text"],
            opened=opened_with(request),
            **common,
        )
        if data["file"] is not None:
            at = "file"
            verbs.add_artefact(
                content=data["file"].read(), name=data["file"].name, confirmed=pledged(request), **common
            )
        if glyphs(data["url"]):
            at = "url"
            verbs.add_artefact(url=data["url"], **common)
    except Stale:
        raise
    except Refused as refused:
        bound.add_error(at, str(refused))
        if at:
            messages.info(request, "档次和情况说明已经保存，只有下面这份材料没有收。")
        return False
    return True


@require_POST
@own_page(policy.can_fill_self_review, "自查由本单位联络员填写。")
def autosave(request: SignedIn, own: Own, code: str) -> HttpResponse:
    """Level and words as they stand on the page. Saving the same again changes nothing; a refusal comes in words."""
    form = _form_of(own)
    if form is None:
        raise Http404
    level, text = request.POST.get("level", ""), request.POST.get("text", "")
    claim, now = level == CLAIM, clock.now()
    try:
        answer = verbs.save_answer(
            actor=request.actor,
            self_review=form,
            item=code,
            level="" if claim else level,
            not_applicable=claim,
            text=text,
            opened=opened_with(request),
            now=now,
        )
    except Stale as stale:
        wanted = next(line.item for line in reads.lines(form) if line.item.code == code)
        return stale_answer(request, stale, _panel(request, stale, wanted))
    except Refused as refused:
        return JsonResponse({"refused": str(refused)}, status=409)
    return saved_answer(now, {"level": level, "text": text}, logic.said(answer), LABELS)


autosave.longest = TEXT_LIMIT  # type: ignore[attr-defined]


def _item_page(
    request: SignedIn,
    own: Own,
    form: Any,
    lines: Sequence[Any],
    line: Any,
    bound: AnswerForm | None,
    following: str,
    panel: Panel | None = None,
) -> HttpResponse:
    answer, wanted = line.answer, line.item
    locked = _locked(own, form, request)
    decision = getattr(answer, "decision", None) if answer else None
    if decision is not None and not locked:
        locked = f"{wanted.code} 的“不涉及”已经审定，不能再改。"
    chosen = CLAIM if answer and answer.not_applicable else (answer.level if answer else "")
    shown = bound or AnswerForm(initial={"text": answer.text if answer else ""})
    if bound is not None:
        chosen = str(bound.data.get("level", ""))
    failed = bool(bound is not None and bound.errors)
    files = evidence_of(own, answer, locked=bool(locked))
    done = sum(one.done for one in lines)
    title = f"{wanted.code} {wanted.title}"
    context = {
        "title": title,
        "shell_width": "unit",
        "has_errors": failed,
        "own": own,
        "head": Head(
            title=f"部门自查：|{len(lines)} 项已答 {done} 项",
            crumbs=own.crumbs(("部门自查", own.url("unit-self-review-year")), wanted.code),
            basis=_basis(own, form, lines),
            deadline=_deadline(own, form),
            actions=() if locked else (_submit_action(own, form),),
        ),
        "returned": form.return_reason if form.state == logic.RETURNED else "",
        "groups": _groups(own, lines, wanted.code),
        "item": wanted,
        "unchecked": is_open(wanted.confidence),
        "picker": _picker(wanted, chosen, bool(locked)),
        "form": shown,
        "locked": locked,
        "text": answer.text if answer else "",
        "decision": decision,
        "autosave": "" if locked else own.url("unit-self-review-autosave", wanted.code),
        "saved": f"上次保存 {cn_datetime(answer.saved_at)}" if answer and not locked else "",
        "files": files,
        "following": following,
        "edition": mark_of(request, logic.said(answer), panel),
        "panel": panel,
        "before": replaced_texts("answer", answer.pk) if answer else (),
        "labels": LABELS,
        "choices": {"level": _words_of_levels(wanted)},
    }
    return render(request, "unit/self_review_item.html", context, status=409 if failed else 200)


def _picker(wanted: Item, chosen: str, locked: bool) -> LevelPicker:
    claim = Level(
        CLAIM,
        "不涉及",
        "本单位今年没有这项工作。须写明理由，由市政务公开办审定；没有审定前不影响得分。",
    )
    return LevelPicker(
        name="level",
        legend="本单位属于哪一档？",
        levels=(*(Level(one.code, one.label, one.description) for one in wanted.levels), claim),
        value=chosen,
        hint="自查档次只作说明，不计分；得分由专家看材料评定。",
        locked=locked,
    )


def evidence_of(own: Own, answer: Any, *, locked: bool) -> list[Artefact]:
    """The evidence of an answer, each with its way out while the form is open."""
    if answer is None:
        return []
    found = []
    for row in answer.artefacts.all():
        entry, *_ = evidence([row], lambda sha256: own.url("unit-file", sha256))
        actions = list(entry.actions)
        if row.url and links.state(row) == links.FAILED:
            actions.append(
                Action(
                    label=AGAIN,
                    url=own.url("unit-self-review-retry", answer.item, row.pk),
                    method="post",
                    small=True,
                )
            )
        if not locked:
            actions.append(
                Action(
                    label="撤去",
                    url=own.url("unit-self-review-remove", answer.item, row.pk),
                    method="post",
                    small=True,
                )
            )
        found.append(replace(entry, at=entry.at or row.added_at, actions=tuple(actions)))
    return found


@require_POST
@own_page(policy.can_fill_self_review)
def retry(request: SignedIn, own: Own, code: str, artefact_id: int) -> HttpResponse:
    """Ask once more for the page of a link that could not be kept."""
    form = _form_of(own)
    if form is None:
        raise Http404
    captures.ask_again(actor=request.actor, artefact_id=artefact_id, self_review=form, now=clock.now())
    messages.success(request, "已排入，稍后刷新本页看结果。")
    return redirect("unit-self-review-item", *own.args, code)


@require_POST
@own_page(policy.can_fill_self_review)
def remove(request: SignedIn, own: Own, code: str, artefact_id: int) -> HttpResponse:
    """Take one piece of evidence out while the form is open."""
    form = _form_of(own)
    if form is None:
        raise Http404
    verbs.remove_artefact(actor=request.actor, artefact_id=artefact_id, self_review=form, now=clock.now())
    messages.success(request, "已撤去这份材料。")
    return redirect("unit-self-review-item", *own.args, code)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(policy.can_fill_self_review, "自查由本单位联络员提交。")
def submit(request: SignedIn, own: Own) -> HttpResponse:
    """Look once more, then submit: the form locks and a receipt is given."""
    form = _form_of(own)
    if form is None:
        return _not_yet(request, own)
    if request.method == "POST":
        verbs.submit(actor=request.actor, self_review=form, now=clock.now())
        messages.success(request, f"自查已提交，回执码 {form.receipt}。")
        return redirect("unit-self-review-year", *own.args)
    lines = reads.lines(form)
    lacks = reads.gaps(form)
    bare = [line for line in lines if line.bare]
    title = f"还有 {len(lacks)} 项没有填完，|不能提交" if lacks else "提交自查？|提交后内容锁定"
    context = {
        "title": title,
        "shell_width": "unit",
        "own": own,
        "head": Head(
            title=title,
            crumbs=own.crumbs(("部门自查", own.url("unit-self-review-year")), "提交"),
            basis=_basis(own, form, lines),
            deadline=_deadline(own, form),
        ),
        "locked": _locked(own, form, request),
        "lacks": [
            {"text": words, "url": own.url("unit-self-review-item", words.partition(" ")[0])}
            for words in lacks
        ],
        "bare": [f"{line.item.code} {line.item.title}" for line in bare],
        "claims": [
            f"{line.item.code} {line.item.title}" for line in lines if line.claimed and not line.decided
        ],
        "decided": [
            f"{line.item.code} {line.item.title}（{_state(line)[0]}）" for line in lines if line.decided
        ],
    }
    return render(request, "unit/self_review_submit.html", context)
