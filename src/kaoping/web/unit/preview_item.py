"""One item of the preview: its points, what they rest on, and the way to ask for review of it (复核申请)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.accounts.actor import Refused
from kaoping.campaigns import policy
from kaoping.campaigns.logic import appeal as appeal_logic
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import changes, items
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal import Appeal
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.campaigns.services.appeal import file_appeal, withdraw_appeal
from kaoping.campaigns.services.link_capture import ask_appeal_again
from kaoping.evidence.logic import NOT_PLEDGED
from kaoping.publication import standing
from kaoping.scoring.observations import Observation
from kaoping.support import clock
from kaoping.web.ui.filled import filled
from kaoping.web.ui.observed import rule
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.proofs import evidence, timeline
from kaoping.web.ui.requests import TYPES_HINT, SignedIn, pledged
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import points, points_moved
from kaoping.web.unit.own import Own, liaisons_page, own_page, time_to
from kaoping.web.unit.preview import closed_page, outcome_words, status_words

# A ledger file holds the rows of every unit; a unit sees its own line, not the file.
NOT_HANDED_OUT: Final = ("register", "ballot")


class AppealForm(forms.Form):
    """Why the item should be looked at again, with evidence."""

    claim = forms.CharField(
        label="申请复核的理由",
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        help_text="写清哪一条依据不对、实际是什么情况。",
        error_messages={"required": "请写明申请复核的理由。"},
    )
    file = forms.FileField(
        label="佐证文件",
        required=False,
        allow_empty_file=True,
        help_text=TYPES_HINT,
    )
    url = forms.CharField(
        label="或者贴网址", required=False, max_length=500, widget=forms.URLInput({"placeholder": "https://"})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(policy.can_preview)
def item(request: SignedIn, own: Own, code: str) -> HttpResponse:
    """One item: its points, what they rest on, the rule, what was asked for, and the form to ask for review."""
    view = standing.preview(own.campaign, own.unit.code)
    if view is None:
        return closed_page(request, own)
    line = next((one for one in view.lines if one.column.code == code and one.column.leaf), None)
    wanted = items.item(own.campaign, code)
    if line is None or wanted is None:
        raise Http404
    bound = AppealForm(request.POST, request.FILES) if request.method == "POST" else None
    if bound is not None and bound.is_valid():
        number = _file_appeal(request, own, code, bound)
        if number:
            words = f"复核申请已收到，编号 {number}。由没有评过本单位的人决定，结果写在这一页。"
            messages.success(request, words)
            return redirect("unit-preview-item", *own.args, code)
    return _page(request, own, view, line, wanted, bound)


def _page(
    request: SignedIn,
    own: Own,
    view: sheets.UnitView,
    line: sheets.PointLine,
    wanted: Item,
    bound: AppealForm | None,
) -> HttpResponse:
    code = wanted.code
    mine = [one for one in appeal_reads.appeals(own.campaign, unit=own.unit.code) if one.item == code]
    failed = bool(bound is not None and bound.errors)
    title = _item_title(line, view)
    context = {
        "title": title,
        "shell_width": "unit",
        "has_errors": failed,
        "own": own,
        "head": Head(
            title=title,
            crumbs=own.crumbs(("结果预览", own.url("unit-preview-year")), code),
            basis=Basis(n=f"依据 {len(line.observations)} 条", as_of=view.sheet.as_of, rubric=own.rubric()),
            deadline=time_to(closes_at(own.campaign, own.unit.code)),
        ),
        "withdrawal": withdrawal_notice(own.campaign.key),
        "steps": changes.steps(own.campaign, own.unit.code, view.sheet).get(code, []),
        "pending": changes.pending(own.campaign, own.unit.code, view.sheet).get(code, []),
        "line": line,
        "rule": rule(wanted),
        "gone": _no_longer(own, wanted, line),
        "entries": _history(own, wanted, line.observations),
        "mine": [_asked(own, one) for one in mine],
        "form": bound or AppealForm(),
        "locked": _cannot_file(request, own, code),
        "withdrawable": _withdrawable(request, own, mine),
    }
    return render(request, "unit/preview_item.html", context, status=409 if failed else 200)


def _no_longer(own: Own, wanted: Item, line: sheets.PointLine) -> list[Entry]:
    """What the item rested on before it was ruled on or reviewed, once the preview shows the unit what it rests on."""
    counting = [one.id for one in line.observations]
    return _history(own, wanted, sheets.counted_before(own.campaign, own.unit.code, wanted.code, counting))


def _history(own: Own, wanted: Item, lines: Sequence[Observation]) -> list[Entry]:
    return timeline(
        lines,
        lambda sha256: own.url("unit-file", sha256),
        levels={one.code: one.label for one in wanted.levels},
        hidden_files=NOT_HANDED_OUT,
    )


def _item_title(line: sheets.PointLine, view: sheets.UnitView) -> str:
    name = f"{line.column.code} {line.column.title}："
    if line.column.role != "item":
        return f"{name}|{outcome_words(line, view)}"
    if line.status != "scored":
        return f"{name}|{status_words(line)}"
    return f"{name}|得 {points(line.points, 2)} 分，满分 {points(line.max)} 分"


def _asked(own: Own, one: Appeal) -> Entry:
    artefacts = evidence(
        [one],
        lambda sha256: own.url("unit-file", sha256),
        again=own.url("unit-appeal-retry", one.pk) if not one.outcome else "",
    )
    if one.outcome == appeal_logic.WITHDRAWN:
        result = f"申请单位已撤回。{one.decision}"
    else:
        result = (
            f"{appeal_reads.OUTCOMES[one.outcome]}，{points_moved(one.compared, one.points_after)}。{one.decision}"
            if one.outcome
            else "在办，还没有决定。"
        )
    return Entry(
        f"{one.number}：{appeal_reads.OUTCOMES.get(one.outcome, '在办')}",
        icon="check" if one.outcome else "clock",
        at=one.filed_at,
        actor=f"申请：{one.claim}",
        body=result,
        artefacts=artefacts,
    )


def _withdrawable(request: SignedIn, own: Own, mine: Sequence[Appeal]) -> str:
    """The address at which the unit takes its undecided appeal back; '' when there is none."""
    found = next(
        (one for one in mine if withdraw_appeal.check(actor=request.actor, appeal=one) is None), None
    )
    if found is None:
        return ""
    return reverse("unit-appeal-withdraw", args=[*own.args, found.pk])


@require_POST
@liaisons_page(policy.can_file_appeal)
def retry(request: SignedIn, own: Own, appeal_id: int) -> HttpResponse:
    """Ask once more for the page that an appeal of the unit names."""
    found = appeal_reads.by_id(appeal_id)
    if found is None or found.campaign_id != own.campaign.pk or found.organisation_id != own.unit.pk:
        raise Http404
    try:
        ask_appeal_again(actor=request.actor, appeal=found, now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已排入，稍后刷新本页看结果。")
    return redirect("unit-preview-item", *own.args, found.item)


class WithdrawForm(forms.Form):
    """Why the appeal is taken back; may stay empty."""

    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="可以不写。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@liaisons_page(policy.can_file_appeal)
def withdraw(request: SignedIn, own: Own, appeal_id: int) -> HttpResponse:
    """The unit takes its own appeal back while nobody has decided it."""
    found = appeal_reads.by_id(appeal_id)
    if found is None or found.campaign_id != own.campaign.pk or found.organisation_id != own.unit.pk:
        raise Http404
    locked = withdraw_appeal.check(actor=request.actor, appeal=found) or ""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and not locked and form.is_valid():
        try:
            withdraw_appeal(
                actor=request.actor, appeal=found, reason=filled(form).text("reason"), now=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"复核申请 {found.number} 已撤回。期限以内还可以再申请。")
            return redirect("unit-preview-item", *own.args, found.item)
    failed = form.is_bound and bool(form.errors)
    title = f"撤回复核申请|{found.number}"
    context = {
        "title": title,
        "shell_width": "unit",
        "has_errors": failed,
        "head": Head(
            title=title, crumbs=own.crumbs(("结果预览", own.url("unit-preview-year")), "撤回复核申请")
        ),
        "locked": locked,
        "found": found,
        "form": form,
        "back": own.url("unit-preview-item", found.item),
    }
    return render(request, "unit/appeal_withdraw.html", context, status=409 if failed else 200)


def _cannot_file(request: SignedIn, own: Own, code: str) -> str:
    words = file_appeal.check(
        actor=request.actor,
        campaign=own.campaign,
        organisation=own.unit.code,
        item=code,
        now=clock.now(),
    )
    return words or ""


def _file_appeal(request: SignedIn, own: Own, code: str, bound: AppealForm) -> str:
    given = filled(bound)
    upload = given.file("file")
    name = str(upload.name) if upload is not None else ""
    try:
        made = file_appeal(
            actor=request.actor,
            campaign=own.campaign,
            organisation=own.unit.code,
            item=code,
            claim=given.text("claim"),
            url=given.text("url"),
            content=upload.read() if upload is not None else None,
            name=name,
            confirmed=pledged(request),
            now=clock.now(),
        )
    except Refused as refused:
        words = str(refused)
        # The words of the file's own check begin with its name; everything else concerns the request as a whole.
        bound.add_error(
            "file"
            if upload is not None
            and ("密" in words or words == NOT_PLEDGED or "完全相同" in words or name in words)
            else None,
            words,
        )
        return ""
    return made.number
