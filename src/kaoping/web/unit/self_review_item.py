"""One item of the self-review: the answer, its evidence, and what becomes of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.accounts.actor import Refused, Stale
from kaoping.accounts.queries import replaced_texts
from kaoping.campaigns import policy
from kaoping.campaigns.logic import self_review as self_review_logic
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries.self_review import SelfReview
from kaoping.campaigns.services import link_capture
from kaoping.campaigns.services import self_review as self_review_verbs
from kaoping.evidence import links
from kaoping.foreign.glyphs import glyphs
from kaoping.scoring.provenance import is_open
from kaoping.support import clock
from kaoping.web.ui.editing import mark_of, opened_with, panel_of, saved_answer, sent, stale_answer
from kaoping.web.ui.filled import filled
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.parts.form import Level, LevelPicker, Panel
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.proofs import AGAIN, evidence
from kaoping.web.ui.requests import TYPES_HINT, SignedIn, pledged
from kaoping.web.ui.wording import cn_datetime
from kaoping.web.unit.own import Own, liaisons_page, own_page
from kaoping.web.unit.self_review import (
    basis_of,
    deadline_of,
    form_of,
    groups,
    locked_words,
    not_yet_page,
    submit_action,
)

CLAIM: Final = self_review_logic.CLAIM
TEXT_LIMIT: Final = 5000
LABELS: Final = {"level": "档次", "text": "情况说明"}


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
        super().clean()
        given = filled(self)
        if given.text("level") == CLAIM and not glyphs(given.text("text")):
            self.add_error("text", "申请不涉及，要写明理由，由政务公开办审定。")
        return self.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(policy.can_see_self_review)
def item(request: SignedIn, own: Own, code: str) -> HttpResponse:
    """One item. Answer and evidence are saved by one plain form; a refused file leaves everything else saved and typed."""
    form = form_of(own)
    if form is None:
        return not_yet_page(request, own)
    lines = self_reviews.lines(form)
    place = next((number for number, one in enumerate(lines) if one.item.code == code), None)
    if place is None:
        raise Http404
    following = lines[place + 1].item.code if place + 1 < len(lines) else ""
    given = sent(request, self_review_logic.said(lines[place].answer))
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
        return _onward(request, own, code, following)
    if bound is not None:
        lines = self_reviews.lines(form)
    return _item_page(request, own, form, lines, lines[place], bound, following, panel)


def _onward(request: SignedIn, own: Own, code: str, following: str) -> HttpResponse:
    """Where somebody goes who saved: on to the next item where that was asked for."""
    if request.POST.get("then") != "next":
        return redirect("unit-self-review-item", *own.args, code)
    if following:
        return redirect("unit-self-review-item", *own.args, following)
    return redirect("unit-self-review-year", *own.args)


def _panel(request: SignedIn, stale: Stale, wanted: Item) -> Panel:
    return panel_of(stale, labels=LABELS, choices={"level": _words_of_levels(wanted)}, me=request.actor)


def _words_of_levels(wanted: Item) -> dict[str, str]:
    return {one.code: one.label for one in wanted.levels} | {CLAIM: "不涉及"}


def _save(request: SignedIn, bound: AnswerForm, form: SelfReview, code: str) -> bool:
    """Answer, then file, then address; stops at the first refusal and says it beside its field."""
    given, now, at = filled(bound), clock.now(), None
    level, upload, url = given.text("level"), given.file("file"), given.text("url")
    claim, actor = level == CLAIM, request.actor
    try:
        self_review_verbs.save_answer(
            actor=actor,
            self_review=form,
            item=code,
            level="" if claim else level,
            not_applicable=claim,
            text=given.text("text"),
            opened=opened_with(request),
            now=now,
        )
        if upload is not None:
            at = "file"
            self_review_verbs.add_artefact(
                actor=actor,
                self_review=form,
                item=code,
                content=upload.read(),
                name=str(upload.name),
                confirmed=pledged(request),
                now=now,
            )
        if glyphs(url):
            at = "url"
            self_review_verbs.add_artefact(actor=actor, self_review=form, item=code, url=url, now=now)
    except Stale:
        raise
    except Refused as refused:
        bound.add_error(at, str(refused))
        if at:
            messages.info(request, "档次和情况说明已经保存，只有下面这份材料没有收。")
        return False
    return True


@require_POST
@liaisons_page(policy.can_fill_self_review, "自查由本单位联络员填写。")
def autosave(request: SignedIn, own: Own, code: str) -> HttpResponse:
    """Level and words as they stand on the page. Saving the same again changes nothing; a refusal comes in words."""
    form = form_of(own)
    if form is None:
        raise Http404
    level, text = request.POST.get("level", ""), request.POST.get("text", "")
    claim, now = level == CLAIM, clock.now()
    try:
        answer = self_review_verbs.save_answer(
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
        wanted = next(line.item for line in self_reviews.lines(form) if line.item.code == code)
        return stale_answer(request, stale, _panel(request, stale, wanted))
    except Refused as refused:
        return JsonResponse({"refused": str(refused)}, status=409)
    return saved_answer(now, {"level": level, "text": text}, self_review_logic.said(answer), LABELS)


autosave.longest = TEXT_LIMIT  # type: ignore[attr-defined]


def _item_page(
    request: SignedIn,
    own: Own,
    form: SelfReview,
    lines: Sequence[self_reviews.Line],
    line: self_reviews.Line,
    bound: AnswerForm | None,
    following: str,
    panel: Panel | None = None,
) -> HttpResponse:
    answer, wanted = line.answer, line.item
    decision = getattr(answer, "decision", None) if answer else None
    locked = locked_words(own, form, request)
    if decision is not None and not locked:
        locked = f"{wanted.code} 的“不涉及”已经审定，不能再改。"
    failed = bool(bound is not None and bound.errors)
    context = _fixed(wanted, answer, locked) | {
        "title": f"{wanted.code} {wanted.title}",
        "has_errors": failed,
        "own": own,
        "head": _head(own, form, lines, wanted, locked),
        "returned": form.return_reason if form.state == self_review_logic.RETURNED else "",
        "groups": groups(own, lines, wanted.code),
        "item": wanted,
        "picker": _picker(wanted, _chosen(answer, bound), bool(locked)),
        "form": bound or AnswerForm(initial={"text": answer.text if answer else ""}),
        "locked": locked,
        "text": answer.text if answer else "",
        "decision": decision,
        "autosave": "" if locked else own.url("unit-self-review-autosave", wanted.code),
        "files": evidence_of(own, answer, locked=bool(locked)),
        "following": following,
        "edition": mark_of(request, self_review_logic.said(answer), panel),
        "panel": panel,
        "before": replaced_texts("answer", answer.pk) if answer else (),
    }
    return render(request, "unit/self_review_item.html", context, status=409 if failed else 200)


def _fixed(wanted: Item, answer: self_reviews.Answer | None, locked: str) -> dict[str, object]:
    """What the page says of the item whatever was sent."""
    return {
        "shell_width": "unit",
        "unchecked": is_open(wanted.confidence),
        "saved": f"上次保存 {cn_datetime(answer.saved_at)}" if answer and not locked else "",
        "labels": LABELS,
        "choices": {"level": _words_of_levels(wanted)},
    }


def _chosen(answer: self_reviews.Answer | None, bound: AnswerForm | None) -> str:
    """The level that the page shows: the one that was sent, else the one that is stored."""
    if bound is not None:
        return str(bound.data.get("level", ""))
    if answer is None:
        return ""
    return CLAIM if answer.not_applicable else answer.level


def _head(own: Own, form: SelfReview, lines: Sequence[self_reviews.Line], wanted: Item, locked: str) -> Head:
    done = sum(one.done for one in lines)
    return Head(
        title=f"部门自查：|{len(lines)} 项已答 {done} 项",
        crumbs=own.crumbs(("部门自查", own.url("unit-self-review-year")), wanted.code),
        basis=basis_of(own, form, lines),
        deadline=deadline_of(own, form),
        actions=() if locked else (submit_action(own, form),),
    )


def _picker(wanted: Item, chosen: str, locked: bool) -> LevelPicker:
    claim = Level(
        CLAIM,
        "不涉及",
        "本单位今年没有这项工作。须写明理由，由政务公开办审定；没有审定前不影响得分。",
    )
    return LevelPicker(
        name="level",
        legend="本单位属于哪一档？",
        levels=(*(Level(one.code, one.label, one.description) for one in wanted.levels), claim),
        value=chosen,
        hint="自查档次只作说明，不计分；得分由专家看材料评定。",
        locked=locked,
    )


def evidence_of(own: Own, answer: self_reviews.Answer | None, *, locked: bool) -> list[Artefact]:
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
@liaisons_page(policy.can_fill_self_review)
def retry(request: SignedIn, own: Own, code: str, artefact_id: int) -> HttpResponse:
    """Ask once more for the page of a link that could not be kept."""
    form = form_of(own)
    if form is None:
        raise Http404
    link_capture.ask_again(actor=request.actor, artefact_id=artefact_id, self_review=form, now=clock.now())
    messages.success(request, "已排入，稍后刷新本页看结果。")
    return redirect("unit-self-review-item", *own.args, code)


@require_POST
@liaisons_page(policy.can_fill_self_review)
def remove(request: SignedIn, own: Own, code: str, artefact_id: int) -> HttpResponse:
    """Take one piece of evidence out while the form is open."""
    form = form_of(own)
    if form is None:
        raise Http404
    self_review_verbs.remove_artefact(
        actor=request.actor, artefact_id=artefact_id, self_review=form, now=clock.now()
    )
    messages.success(request, "已撤去这份材料。")
    return redirect("unit-self-review-item", *own.args, code)
