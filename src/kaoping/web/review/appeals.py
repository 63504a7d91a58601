"""Appeals for the decider: the list, and one appeal with claim and evidence left, stored evidence and rule right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Refused
from kaoping.accounts.doors import somewhere
from kaoping.campaigns import policy
from kaoping.campaigns.logic import appeal as appeal_logic
from kaoping.campaigns.logic.items import Item, refusal_of_points
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import items
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.sign_off import again
from kaoping.campaigns.services.appeal import Change, Effect, decide_appeal, effect_of
from kaoping.evidence.logic import MIN_REASON
from kaoping.registry.queries import organisers
from kaoping.reporting.evidence_doors import appeal_file
from kaoping.scoring.observations import Observation
from kaoping.support import clock
from kaoping.web.review.appeals_file import list_file
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.filled import filled, offer
from kaoping.web.ui.item_points import scale_words
from kaoping.web.ui.observed import rule, source_words, value_words
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.table import Cell, Column, DataTable, table_of
from kaoping.web.ui.proofs import evidence, timeline
from kaoping.web.ui.requests import SignedIn, there
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_short_datetime, points, points_moved


@dataclass(frozen=True, slots=True)
class SelfReviewed:
    """What the unit had handed in about the item; ``none`` says why there is nothing."""

    none: str = ""
    said: str = ""
    text: str = ""
    artefacts: tuple[Artefact, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a decision would do to points, total and grade."""

    table: DataTable
    moved: bool
    refused: bool


def _door(request: SignedIn) -> None:
    if not somewhere(policy.can_decide_appeal, request.actor):
        raise PermissionDenied("复核申请由复核人决定，您没有复核人岗位。")


@require_safe
def appeals(request: SignedIn) -> HttpResponse:
    """All appeals of the year in the order they came; those that wait, or every one."""
    _door(request)
    campaign = appeal_reads.deciding(organisers.served(request.actor))
    if campaign is None:
        empty = {"title": "还没有复核申请", "head": Head(title="还没有复核申请"), "table": None}
        return render(request, "review/appeals.html", empty)
    open_only = request.GET.get("show") != "all"
    rows = appeal_reads.listed(campaign, open_only=open_only)
    if "format" in request.GET:
        return download(list_file(campaign.year, rows), request.GET["format"])
    waiting = appeal_reads.open_count(campaign)
    names = {one.code: one.title for one in items.items(campaign)}
    title = f"{waiting} 件复核申请待决定" if waiting else "没有待决定的复核申请"
    context = {
        "title": title,
        "head": Head(
            title=title,
            basis=Basis(n=_counts(appeal_reads.outcome_counts(campaign), waiting), as_of=clock.now()),
            actions=(
                Action(label="看全部", url="?show=all")
                if open_only
                else Action(label="只看待决定的", url="?"),
            ),
        ),
        "table": paged_table(
            columns=[
                "编号",
                "单位",
                "指标",
                "申请时间",
                Column("申请时得分", num=True),
                Column("复核后", num=True),
                "结果",
            ],
            rows=rows,
            cells=lambda one: [
                Cell(text=one.number, url=reverse("review-appeal", args=[one.id])),
                one.short_name,
                f"{one.item} {names.get(one.item, '')}".strip(),
                cn_short_datetime(one.filed_at),
                points(one.points_before, 2),
                points(one.decided_points, 2) if one.decided_points else "—",
                appeal_reads.OUTCOMES.get(one.outcome, "待决定"),
            ],
            params=request.GET,
            caption="复核申请一览",
            empty="没有待决定的复核申请。结果预览打开后，单位联络员提出的申请列在这里。",
        ),
    }
    return render(request, "review/appeals.html", context)


def _counts(decided: Mapping[str, int], waiting: int) -> str:
    parts = [f"{word} {decided[code]} 件" for code, word in appeal_reads.OUTCOMES.items() if code in decided]
    return "，".join([f"待决定 {waiting} 件", *parts])


def _told(one: Observation, levels: dict[str, str]) -> str:
    who = one.by if one.source == "reviewer" and one.by else source_words(one)
    said = f"{who}：{value_words(one, levels)}"
    return f"{said}（{one.reason}）" if one.reason else said


class DecideForm(forms.Form):
    """The outcome, what it changes, and why. ``seen`` is the change whose effect was shown."""

    outcome = forms.ChoiceField(
        label="决定",
        choices=list(appeal_logic.DECISIONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选成立、部分成立或不成立。"},
    )
    points = forms.CharField(
        label="这一项改为多少分",
        required=False,
        max_length=12,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    withdraws = forms.ChoiceField(label="或者撤去一条不成立的记录", required=False, widget=forms.RadioSelect)
    decision = forms.CharField(
        label="理由",
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text=f"至少 {MIN_REASON} 个字。单位看得到，也写进得分理由。",
        error_messages={"required": "请写明决定的理由，单位会看到。"},
    )
    seen = forms.CharField(required=False)

    def __init__(
        self,
        *args: Any,
        item: Item | None,
        basis: appeal_reads.Basis | None,
        levels: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        choices = [(one.id, _told(one, levels)) for one in (basis.observations if basis else ())]
        offer(self, "withdraws", [("", "不撤"), *choices])
        if not choices:
            del self.fields["withdraws"]
        if item is None or item.role != "item":
            del self.fields["points"]
        else:
            self.fields["points"].help_text = scale_words(item, basis.scale if basis else None)

    def clean_points(self) -> str:
        """A decimal between nought and the item's maximum."""
        text = filled(self).text("points").strip()
        if not text or self.item is None:
            return ""
        words = refusal_of_points(self.item, text)
        if words:
            raise forms.ValidationError(words)
        return text

    def clean(self) -> dict[str, Any]:
        """An upheld appeal changes something, a rejected one nothing."""
        data = dict(super().clean() or {})
        outcome = filled(self).text("outcome")
        if outcome in (appeal_logic.UPHELD, appeal_logic.PARTLY) and not self.errors and not self.change():
            self.add_error(None, "成立或部分成立，要写明改为多少分，或者撤去哪一条记录。")
        if outcome == appeal_logic.REJECTED and self.change():
            self.add_error(None, "不成立就不改分。要改分，请选成立或部分成立。")
        return data

    def change(self) -> Change:
        """What the decision would change."""
        data = filled(self)
        return Change(data.text("points"), data.text("withdraws"))

    def mark(self) -> str:
        """The change as the hidden field remembers it."""
        change = self.change()
        return f"{change.points}|{change.withdraws}"


def _found(request: SignedIn, appeal_id: int) -> appeal_reads.Appeal:
    """The appeal behind the door of its year's organiser."""
    _door(request)
    found = there(appeal_reads.by_id(appeal_id))
    if not policy.can_decide_appeal(request.actor, found.campaign):
        raise PermissionDenied("这件复核申请由组织这个年度的复核人决定。")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: SignedIn, appeal_id: int) -> HttpResponse:
    """One appeal. A change is shown with its effect on points, total and grade before it can be saved."""
    found = _found(request, appeal_id)
    wanted = items.item(found.campaign, found.item)
    basis = appeal_reads.basis(found)
    form = DecideForm(request.POST or None, item=wanted, basis=basis, levels=_levels(wanted))
    effect: Effect | None = None

    def decide() -> None:
        data = filled(form)
        decide_appeal(
            actor=request.actor,
            appeal=found,
            outcome=data.text("outcome"),
            decision=data.text("decision"),
            change=form.change(),
            now=clock.now(),
        )

    if request.method == "POST" and form.is_valid():
        change = form.change()
        if change and (filled(form).text("seen") != form.mark() or "try" in request.POST):
            effect = effect_of(appeal=found, change=change, now=clock.now())
            if effect and effect.refusal:
                form.add_error(None, effect.refusal)
        elif "try" in request.POST:
            form.add_error(None, "不成立不改分，得分没有变化。可以直接作出决定。")
        elif _took(form, decide):
            messages.success(request, _decided_words(appeal_reads.filed(found)))
            return redirect("review-appeal", appeal_id)
    shown = appeal_reads.filed(found)
    context = _page(shown, wanted, basis, form) | {
        "head": _head(shown, wanted, f"{found.campaign.rulebook.title} {found.campaign.rulebook.version}"),
        "answer": _answer(shown, self_reviews.said(found.campaign, shown.unit), _levels(wanted)),
        "gone": _history(shown, appeal_reads.no_longer_counting(found, basis), wanted),
        "locked": decide_appeal.check(actor=request.actor, appeal=found) or "",
        "again": again(found.campaign),
        "effect": _effect(sheets.grade_names(found.campaign), effect) if effect else None,
        "seen": form.mark() if effect and not effect.refusal else "",
    }
    return render(request, "review/appeal.html", context, status=409 if context["has_errors"] else 200)


def _levels(item: Item | None) -> dict[str, str]:
    return {one.code: one.label for one in item.levels} if item else {}


def _head(shown: appeal_reads.Filed, item: Item | None, rulebook: str) -> Head:
    name = f"{shown.item} {item.title if item else ''}".strip()
    state = appeal_reads.OUTCOMES.get(shown.outcome, "待决定")
    return Head(
        title=f"{shown.short_name}申请复核：|{name}，{state}",
        crumbs=(Crumb(label="我的复核", url=reverse("review-appeals")), Crumb(label=shown.number)),
        basis=Basis(as_of=clock.now(), rubric=rulebook, extra=(shown.name_of_unit,)),
    )


def _page(
    shown: appeal_reads.Filed, item: Item | None, basis: appeal_reads.Basis | None, form: DecideForm
) -> dict[str, object]:
    """What the page shows of the appeal itself and of its rule."""
    return {
        "title": _head(shown, item, "").title,
        "has_errors": form.is_bound and bool(form.errors),
        "appeal": shown,
        "claimed": evidence([shown], lambda sha: _url(shown, sha)),
        "basis": basis,
        "entries": _history(shown, basis.observations if basis else (), item),
        "rule": rule(item) if item else [],
        "form": form,
        "decided": _decided(shown) if shown.outcome else None,
    }


def _history(shown: appeal_reads.Filed, lines: Sequence[Observation], item: Item | None) -> list[Entry]:
    return timeline(lines, lambda sha: _url(shown, sha), levels=_levels(item))


def _url(found: appeal_reads.Filed, sha256: str) -> str:
    return reverse("review-appeal-file", args=[found.id, sha256])


def _took(form: DecideForm, decide: Callable[[], None]) -> bool:
    """Whether the decision was taken; else its refusal stands in the form."""
    try:
        decide()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _decided_words(one: appeal_reads.Filed) -> str:
    moved = points_moved(one.compared, one.points_after)
    return f"{one.number} 已决定：{appeal_logic.OUTCOMES[one.outcome]}，{moved}。改前改后的得分均留存。"


def _answer(
    found: appeal_reads.Filed, handed_in: Mapping[str, self_reviews.Said] | None, levels: dict[str, str]
) -> SelfReviewed:
    if handed_in is None:
        return SelfReviewed("本单位没有提交自查，没有说明和材料。")
    answer = handed_in.get(found.item)
    if answer is None:
        return SelfReviewed("这一项没有自查内容。")
    level = levels.get(answer.level, answer.level) or "没有选档次"
    return SelfReviewed(
        said="申请不涉及" if answer.not_applicable else level,
        text=answer.text,
        artefacts=evidence(answer.artefacts, lambda sha: _url(found, sha)),
    )


def _effect(names: Mapping[str, str], effect: Effect) -> Shown:
    def grade(code: str | None) -> str:
        return names.get(code or "", "未定")

    def total(value: str | None) -> str:
        return "未定" if value is None else f"{points(value, 2)} 分"

    rows = [
        ["这一项得分", points(effect.points_before, 2), points(effect.points_after, 2)],
        ["总分", total(effect.total_before), total(effect.total_after)],
        ["等次", grade(effect.grade_before), grade(effect.grade_after)],
    ]
    return Shown(
        table_of(caption="决定的影响", columns=["", "现在", "决定后"], rows=rows),
        moved=effect.grade_before != effect.grade_after,
        refused=bool(effect.refusal),
    )


def _decided(found: appeal_reads.Filed) -> list[tuple[str, str]]:
    if found.outcome == appeal_logic.WITHDRAWN:
        return [
            ("结果", "申请单位已撤回，没有作出决定"),
            ("撤回说明", found.decision or "没有写"),
            ("撤回人", found.decided_by or "—"),
            ("时间", cn_short_datetime(found.decided_at)),
        ]
    return [
        ("决定", appeal_reads.OUTCOMES[found.outcome]),
        ("得分", points_moved(found.compared, found.points_after)),
        ("理由", found.decision),
        ("决定人", found.decided_by or "—"),
        ("时间", cn_short_datetime(found.decided_at)),
    ]


@require_safe
def file(request: SignedIn, appeal_id: int, sha256: str) -> HttpResponse:
    """A file of the appeal, to save."""
    name = appeal_file(request.actor, appeal_id, sha256) if is_digest(sha256) else None
    return attachment(sha256, there(name))
