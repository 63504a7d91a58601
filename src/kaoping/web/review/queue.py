"""A reviewer's queue: assigned units by alias only. No name, no code, nobody else's scores."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.accounts.actor import Refused
from kaoping.accounts.doors import somewhere
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.logic.self_review import NOT_SUBMITTED_RULE as RULE
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.services import review as review_verbs
from kaoping.campaigns.services.review import save_score
from kaoping.registry.queries import organisers
from kaoping.support import clock
from kaoping.web.ui.filled import filled
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.table import Cell, Column, DataTable, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime

ONLY_REVIEWERS = "评分由专家办理，您没有专家岗位。"


def door(request: SignedIn) -> None:
    """Reviewers only."""
    if not somewhere(policy.can_review, request.actor):
        raise PermissionDenied(ONLY_REVIEWERS)


def own(request: SignedIn, assignment_id: int) -> reviews.Own:
    """The reviewer's own assignment in a round that has begun; another's does not exist for this person."""
    door(request)
    row = reviews.own_assignment(assignment_id, request.actor.id)
    gone = reviews.any_assignment(assignment_id) if row is None else None
    if gone is not None and gone.taken_back_at and str(gone.reviewer_id) == request.actor.id:
        words = f"这份分派已由政务公开办于 {cn_datetime(gone.taken_back_at)} 撤回，不用再评。"
        raise Refused(f"{words}其余的见“我的评审”。")
    if row is None or not stages.reached(row.campaign.stage, stages.REVIEW):
        raise Http404
    return reviews.own_of(row)


def locked_words(request: SignedIn, row: reviews.Own) -> str:
    """Why nothing can be scored here now; empty when it can."""
    return save_score.check(actor=request.actor, assignment=row.row) or ""


def silent_words(row: reviews.Own) -> str:
    """What holds for a unit that handed in no self-review; empty for every other. Never the office's reason: it may name it."""
    return RULE if reviews.is_silent(row.row) else ""


@require_safe
def queue(request: SignedIn) -> HttpResponse:
    """What is left to score, unit by unit."""
    door(request)
    campaign = campaigns.at_work(stages.REVIEW, organisers.served(request.actor))
    lines = reviews.queue(campaign, request.actor.id) if campaign else []
    begun = campaign is not None and stages.reached(campaign.stage, stages.REVIEW)
    left = [one for one in lines if not one.finished and not one.recused]
    title = _title(lines, left, begun)
    context = {
        "title": title,
        "shell_width": "review",
        "head": Head(
            title=title,
            basis=Basis(
                n=f"{len(lines)} 家",
                as_of=clock.now(),
                rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}" if campaign else "",
            ),
        ),
        "begun": begun,
        "scored": sum(one.scored for one in lines if not one.recused),
        "asked": sum(one.asked for one in lines if not one.recused),
        "table": _table(lines, begun),
    }
    return render(request, "review/queue.html", context)


def _title(lines: list[reviews.QueueLine], left: list[reviews.QueueLine], begun: bool) -> str:
    if not lines:
        return "还没有分派给您的单位"
    if not begun:
        return f"分派了 {len(lines)} 家，|自查结束后开始评分"
    return f"还有 {len(left)} 家没有评完" if left else f"{len(lines)} 家都办完了"


def _state(one: reviews.QueueLine) -> str:
    if one.recused:
        return "已回避"
    if one.finished:
        return "已完成，锁定"
    return "评完，待点“完成”" if one.scored >= one.asked else "在评" if one.scored else "未评"


def _table(lines: list[reviews.QueueLine], begun: bool) -> DataTable:
    return table_of(
        caption="分派单位一览",
        columns=["单位", Column("已评", num=True), Column("要评", num=True), "状态"],
        rows=[
            [
                Cell(text=one.unit_alias, url=reverse("review-assignment", args=[one.assignment]))
                if begun
                else one.unit_alias,
                str(one.scored),
                str(one.asked),
                f"{_state(one)}；未交自查" if one.not_submitted else _state(one),
            ]
            for one in lines
        ],
        empty="政务公开办分派以后，单位以代号列在这里。",
        fold=True,
    )


@require_safe
def assignment(request: SignedIn, assignment_id: int) -> HttpResponse:
    """One unit: its items with one's own scores, and the button that finishes."""
    row = own(request, assignment_id)
    lines = [] if row.recused else reviews.items_to_score(row.row)
    missing = [one for one in lines if one.score is None]
    locked = locked_words(request, row)
    title = _unit_title(row, lines, missing)
    context = {
        "title": title,
        "shell_width": "review",
        "head": Head(
            title=title,
            crumbs=(Crumb(label="我的评审", url=reverse("review-queue")), Crumb(label=row.unit_alias)),
            basis=Basis(
                n=f"{len(lines)} 项",
                as_of=clock.now(),
                rubric=row.rulebook,
            ),
            actions=() if locked else _actions(row, missing),
        ),
        "row": row,
        "locked": locked,
        "silent": silent_words(row),
        "table": _items(row, lines),
        "form": RecuseForm(),
        "may_recuse": not row.recused and not row.round_closed,
    }
    return render(request, "review/assignment.html", context)


def _unit_title(row: reviews.Own, lines: list[reviews.ReviewItem], missing: list[reviews.ReviewItem]) -> str:
    if row.recused:
        return f"{row.unit_alias}：|您已回避"
    if row.finished:
        return f"{row.unit_alias}：|已评完 {len(lines)} 项，评分已锁定"
    return (
        f"{row.unit_alias}：|还有 {len(missing)} 项没有评"
        if missing
        else f"{row.unit_alias}：|评完了，请点“完成”"
    )


def _actions(row: reviews.Own, missing: list[reviews.ReviewItem]) -> tuple[Action, ...]:
    finish = Action(label="完成", url=reverse("review-finish", args=[row.id]), method="post", kind="primary")
    if not missing:
        return (finish,)
    following = Action(
        label=f"接着评 {missing[0].item.code}",
        url=reverse("review-item", args=[row.id, missing[0].item.code]),
        kind="primary",
    )
    return following, replace(finish, disabled=f"还有 {len(missing)} 项没有评。")


def level_name(item: Item, code: str) -> str:
    """The level in words."""
    return next((one.label for one in item.levels if one.code == code), code)


def _items(row: reviews.Own, lines: list[reviews.ReviewItem]) -> DataTable:
    return table_of(
        caption="要评的指标",
        columns=["指标", Column("满分", num=True), "单位的材料", "您的评分"],
        rows=[
            [
                Cell(
                    text=f"{one.item.code} {one.item.title}",
                    url=reverse("review-item", args=[row.id, one.item.code]),
                ),
                Cell(points=one.item.max, places=None),
                f"{len(one.answer.artefacts.all())} 份" if one.answer else "没有",
                level_name(one.item, one.score.level) if one.score else "未评",
            ]
            for one in lines
        ],
        empty="没有要评的指标。",
        fold=True,
    )


class RecuseForm(forms.Form):
    """Why a reviewer steps back."""

    reason = forms.CharField(
        label="回避理由",
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text="例如认出了这家单位，且与它有利害关系。政务公开办会改派。",
        error_messages={"required": "回避要写明理由。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Step back from a unit; the scores so far do not count, and its evidence is no longer shown."""
    row = own(request, assignment_id)
    form = RecuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            review_verbs.recuse(
                actor=request.actor, assignment=row.row, reason=filled(form).text("reason"), now=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已回避{row.unit_alias}，政务公开办会改派。")
            return redirect("review-queue")
    failed = form.is_bound
    context = {
        "title": f"回避{row.unit_alias}",
        "shell_width": "review",
        "row": row,
        "form": form,
        "has_errors": failed,
    }
    return render(request, "review/recuse.html", context, status=409 if failed else 200)


@require_POST
def finish(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Lock one's scores of a unit."""
    row = own(request, assignment_id)
    review_verbs.finish(actor=request.actor, assignment=row.row, now=clock.now())
    messages.success(request, f"{row.unit_alias}评完了，评分已锁定。")
    return redirect("review-queue")
