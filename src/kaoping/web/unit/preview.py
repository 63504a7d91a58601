"""The preview: every point of the unit with its reason and evidence; the way to ask for review of an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.accounts.actor import Refused
from kaoping.campaigns import policy
from kaoping.campaigns.logic import appeal as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import appeal as appeals
from kaoping.campaigns.queries import changes, items
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.campaigns.services.appeal import file_appeal, withdraw_appeal
from kaoping.campaigns.services.link_capture import ask_appeal_again
from kaoping.evidence.logic import NOT_PLEDGED
from kaoping.publication import standing
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.ui.observed import rule
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.score import ScoreBar, ScoreRow
from kaoping.web.ui.parts.table import Cell, Column, DataTable, table_of
from kaoping.web.ui.proofs import evidence, timeline
from kaoping.web.ui.requests import TYPES_HINT, SignedIn, pledged
from kaoping.web.ui.tables import download
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import cn_short_datetime, points, points_moved
from kaoping.web.unit.own import Own, appeals_open, latest, own_page, time_to

STATUSES: Final = {"not_scored": "没有依据，未定", "not_applicable": "不涉及", "vetoed": "被否决"}
ROLES: Final = {"veto": "单项否决", "penalty": "扣分", "bonus": "加分", "gate": "评优前提"}
# A ledger file holds the rows of every unit; a unit sees its own line, not the file.
NOT_HANDED_OUT: Final = ("register", "ballot")

Changed = Mapping[str, Sequence[changes.Step]]

current = latest("unit-preview-year", stages.PREVIEW)


def _closed(request: SignedIn, own: Own) -> HttpResponse:
    shown = stages.reached(own.campaign.stage, stages.PREVIEW)
    context = {
        "title": "还没有结果可看",
        "text": "没有计分表，由市政务公开办经办计算。"
        if shown
        else f"现在是“{stages.LABELS[own.campaign.stage]}”，综合评定完成后才打开结果预览。",
        "back": own.url("unit-home-year"),
        "shell_width": "unit",
    }
    return render(request, "unit/nothing.html", context)


def _own_appeals(own: Own) -> list[Any]:
    return list(appeals.appeals(own.campaign, unit=own.unit.code))


def _status(line: Any) -> str:
    return STATUSES.get(line.status, "")


@require_safe
@own_page(policy.can_preview)
def preview(request: SignedIn, own: Own) -> HttpResponse:
    """The whole result by first-level indicators, and the unit's own appeals."""
    view = standing.preview(own.campaign, own.unit.code)
    if view is None:
        return _closed(request, own)
    if "format" in request.GET:
        return download(_file(own, view), request.GET["format"])
    own_appeals = _own_appeals(own)
    changed = changes.steps(own.campaign, own.unit.code, view.sheet)
    until = closes_at(own.campaign, own.unit.code)
    grade = sheets.grade_names(own.campaign).get(view.grade or "", "")
    provisional = not stages.reached(own.campaign.stage, stages.FROZEN)
    title = _title(own, view, grade, provisional)
    context = {
        "title": title,
        "shell_width": "unit",
        "own": own,
        "head": Head(
            title=title,
            crumbs=own.crumbs("结果预览"),
            basis=Basis(
                n=f"{sum(line.column.leaf for line in view.lines)} 项",
                as_of=view.sheet.as_of,
                rubric=own.rubric(),
                state="provisional" if provisional else "frozen",
                digest="" if provisional else view.sheet.digest,
                csv="?format=csv",
                xlsx="?format=xlsx",
            ),
            deadline=time_to(until),
        ),
        "may_appeal": appeals_open(own.campaign, until),
        "withdrawal": withdrawal_notice(own.campaign.year),
        "grade": grade,
        "grade_reason": view.grade_reason,
        "components": _components(own, view),
        "bars": _bars(own, view, changed),
        "extras": _extras(own, view),
        "appeals": _appeal_table(own, own_appeals),
        "may_file": ""
        if policy.can_file_appeal(request.actor, own.unit.code)
        else "只有本单位联络员能申请。",
    }
    return render(request, "unit/preview.html", context)


def _title(own: Own, view: Any, grade: str, provisional: bool) -> str:
    year = own.campaign.year
    if view.total is None:
        return f"{year} 年总分还没有定：|有的项还没有依据"
    gone = standing.withdrawal(year)
    if gone is not None and gone.valid is None:
        return f"{year} 年考核结果已撤回：|原得 {points(view.total, 2)} 分，不再有效"
    word = "暂" if provisional else ""
    return f"{year} 年{word}得 {points(view.total, 2)} 分，|{grade or '等次未定'}"


def _components(own: Own, view: Any) -> list[tuple[str, str]]:
    names = sheets.component_names(own.campaign)
    return [(names.get(code, code), f"{points(value, 2)} 分") for code, value in view.components.items()]


def _bars(own: Own, view: Any, changed: Changed) -> list[ScoreBar]:
    """One bar a first-level indicator of the hundred; its items below with reason and way to the evidence."""
    bars: list[ScoreBar] = []
    for line in view.lines:
        column = line.column
        if column.role != "item":
            continue
        if column.level == 1:
            bars.append(_bar(line))
        if column.leaf and bars:
            above = bars[-1]
            # What was changed after the review or what is still open is shown without asking.
            shown = column.code in changed or line.status == "not_scored"
            row = _row(own, line, changed.get(column.code, ()))
            bars[-1] = replace(above, rows=(*above.rows, row), open=above.open or shown)
    return bars


def _bar(line: Any) -> ScoreBar:
    column = line.column
    return ScoreBar(
        label=f"{column.code} {column.title}",
        points=None if line.status in ("not_scored", "not_applicable") else line.points,
        max=line.max,
        state=f"暂得 {points(line.points, 2)}，有项未定"
        if line.status == "not_scored" and not column.leaf
        else _status(line) or "没有计分",
    )


def _row(own: Own, line: Any, steps: Sequence[changes.Step]) -> ScoreRow:
    counted = line.status == "scored"
    status = _status(line)
    return ScoreRow(
        label=f"{line.column.code} {line.column.title}",
        max=line.max,
        points=line.points if counted else None,
        why="：".join(part for part in (status, line.reason) if part) + _moved(steps),
        evidence=f"依据 {len(line.observations)} 条",
        url=own.url("unit-preview-item", line.column.code),
        old=steps[0].before if steps else None,
    )


def _moved(steps: Sequence[changes.Step]) -> str:
    """What changed the points after the review, each step by its name."""
    told = "，".join(f"经{one.what}由 {one.before} 分改为 {one.after} 分" for one in steps)
    return f"（{told}）" if told else ""


def _extras(own: Own, view: Any) -> DataTable:
    rows = [
        [
            Cell(
                text=f"{line.column.code} {line.column.title}",
                url=own.url("unit-preview-item", line.column.code),
            ),
            ROLES.get(line.column.role, line.column.role),
            _outcome(line, view),
            line.reason or "—",
        ]
        for line in view.lines
        if line.column.leaf and line.column.role != "item"
    ]
    return table_of(
        caption="百分之外的事项一览",
        columns=["事项", "作用", "结果", "理由"],
        rows=rows,
        fold=True,
    )


def _outcome(line: Any, view: Any) -> str:
    code, role = line.column.code, line.column.role
    if role == "veto":
        return "被否决" if code in view.vetoes else "没有发生"
    if role == "gate":
        met = view.gates.get(code)
        return "没有依据" if met is None else "符合" if met else "不符合"
    if line.status != "scored":
        return _status(line)
    moved = abs(Fraction(line.points))
    word = "扣" if role == "penalty" else "加"
    return f"{word} {points(moved, 2)} 分" if moved else f"没有{word}分"


def _appeal_table(own: Own, rows: Sequence[Any]) -> DataTable:
    names = {one.code: one.title for one in items.items(own.campaign)}
    return table_of(
        caption="本单位的复核申请一览",
        columns=[
            "编号",
            "指标",
            "申请时间",
            "结果",
            Column("申请时得分", num=True),
            Column("复核后", num=True),
            "决定理由",
        ],
        rows=[
            [
                Cell(text=one.number, url=own.url("unit-preview-item", one.item)),
                f"{one.item} {names.get(one.item, '')}".strip(),
                cn_short_datetime(one.filed_at),
                appeals.OUTCOMES.get(one.outcome, "在办"),
                points(one.points_before, 2),
                points(one.decided_points, 2) if one.decided_points else "—",
                one.decision or "—",
            ]
            for one in rows
        ],
        empty="没有提过复核申请。对某一项有异议，点这一项的“依据”，在那一页申请。",
        fold=True,
    )


def _file(own: Own, view: Any) -> Table:
    rows = [
        [
            line.column.code,
            line.column.title,
            line.max,
            line.points if line.status == "scored" else "",
            _status(line),
            line.reason,
            "；".join(one.id for one in line.observations),
        ]
        for line in view.lines
        if line.column.leaf
    ]
    columns = ["指标代码", "指标", "满分", "得分", "状态", "理由", "依据编号"]
    basis = [own.rubric(), f"计分表校验值 {view.sheet.digest}"]
    return Table(f"{own.campaign.year}年{own.unit.short_name}结果预览", columns, rows, basis)


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
        return _closed(request, own)
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
    rows = _own_appeals(own)
    mine = [one for one in rows if one.item == code]
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
        "withdrawal": withdrawal_notice(own.campaign.year),
        "steps": changes.steps(own.campaign, own.unit.code, view.sheet).get(code, []),
        "pending": changes.pending(own.campaign, own.unit.code, view.sheet).get(code, []),
        "line": line,
        "rule": rule(wanted),
        "gone": _no_longer(own, wanted, line),
        "entries": timeline(
            line.observations,
            lambda sha256: own.url("unit-file", sha256),
            levels={one.code: one.label for one in wanted.levels},
            hidden_files=NOT_HANDED_OUT,
        ),
        "mine": [_asked(own, one) for one in mine],
        "form": bound or AppealForm(),
        "locked": _cannot_file(request, own, code),
        "withdrawable": _withdrawable(request, own, mine),
    }
    return render(request, "unit/preview_item.html", context, status=409 if failed else 200)


def _no_longer(own: Own, wanted: Any, line: Any) -> list[Entry]:
    """What the item rested on before it was ruled on or reviewed, once the preview shows the unit what it rests on."""
    counting = [one.id for one in line.observations]
    return timeline(
        sheets.counted_before(own.campaign, own.unit.code, wanted.code, counting),
        lambda sha256: own.url("unit-file", sha256),
        levels={one.code: one.label for one in wanted.levels},
        hidden_files=NOT_HANDED_OUT,
    )


def _item_title(line: Any, view: Any) -> str:
    name = f"{line.column.code} {line.column.title}："
    if line.column.role != "item":
        return f"{name}|{_outcome(line, view)}"
    if line.status != "scored":
        return f"{name}|{_status(line)}"
    return f"{name}|得 {points(line.points, 2)} 分，满分 {points(line.max)} 分"


def _asked(own: Own, one: Any) -> Entry:
    artefacts = evidence(
        [one],
        lambda sha256: own.url("unit-file", sha256),
        again=own.url("unit-appeal-retry", one.pk) if not one.outcome else "",
    )
    if one.outcome == logic.WITHDRAWN:
        result = f"申请单位已撤回。{one.decision}"
    else:
        result = (
            f"{appeals.OUTCOMES[one.outcome]}，{points_moved(one.compared, one.points_after)}。{one.decision}"
            if one.outcome
            else "在办，还没有决定。"
        )
    return Entry(
        f"{one.number}：{appeals.OUTCOMES.get(one.outcome, '在办')}",
        icon="check" if one.outcome else "clock",
        at=one.filed_at,
        actor=f"申请：{one.claim}",
        body=result,
        artefacts=artefacts,
    )


def _withdrawable(request: SignedIn, own: Own, mine: Sequence[Any]) -> str:
    """The address at which the unit takes its undecided appeal back; '' when there is none."""
    found = next(
        (one for one in mine if withdraw_appeal.check(actor=request.actor, appeal=one) is None), None
    )
    if found is None:
        return ""
    return reverse("unit-appeal-withdraw", args=[*own.args, found.pk])


@require_POST
@own_page(policy.can_file_appeal)
def retry(request: SignedIn, own: Own, appeal_id: int) -> HttpResponse:
    """Ask once more for the page that an appeal of the unit names."""
    found = appeals.by_id(appeal_id)
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
@own_page(policy.can_file_appeal)
def withdraw(request: SignedIn, own: Own, appeal_id: int) -> HttpResponse:
    """The unit takes its own appeal back while nobody has decided it."""
    found = appeals.by_id(appeal_id)
    if found is None or found.campaign_id != own.campaign.pk or found.organisation_id != own.unit.pk:
        raise Http404
    locked = withdraw_appeal.check(actor=request.actor, appeal=found) or ""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and not locked and form.is_valid():
        try:
            withdraw_appeal(
                actor=request.actor, appeal=found, reason=form.cleaned_data["reason"], now=clock.now()
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
    asked = {"campaign": own.campaign, "organisation": own.unit.code, "item": code, "now": clock.now()}
    return file_appeal.check(actor=request.actor, **asked) or ""


def _file_appeal(request: SignedIn, own: Own, code: str, bound: AppealForm) -> str:
    data = bound.cleaned_data
    upload = data["file"]
    try:
        made = file_appeal(
            actor=request.actor,
            campaign=own.campaign,
            organisation=own.unit.code,
            item=code,
            claim=data["claim"],
            url=data["url"],
            content=upload.read() if upload is not None else None,
            name=upload.name if upload is not None else "",
            confirmed=pledged(request),
            now=clock.now(),
        )
    except Refused as refused:
        words = str(refused)
        # The words of the file's own check begin with its name; everything else concerns the request as a whole.
        bound.add_error(
            "file"
            if upload is not None
            and ("密" in words or words == NOT_PLEDGED or "完全相同" in words or upload.name in words)
            else None,
            words,
        )
        return ""
    return str(made.number)
