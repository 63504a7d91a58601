"""The self-review (部门自查): its list, and its submission, which locks it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import self_review as self_review_logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries.period import stage_dates
from kaoping.campaigns.queries.self_review import SelfReview
from kaoping.campaigns.services import self_review as self_review_verbs
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.form import NextStep, Receipt
from kaoping.web.ui.parts.head import Basis, Deadline, Head
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.parts.table import Cell, Column, DataTable, table_of
from kaoping.web.ui.proofs import evidence
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime
from kaoping.web.unit.own import Own, days_to, latest, liaisons_page, own_page

current = latest("unit-self-review-year", stages.SELF_REVIEW)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the list beside the form."""

    label: str
    url: str
    current: bool
    state: str
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one first-level indicator."""

    label: str
    items: tuple[Entry, ...]


def form_of(own: Own) -> SelfReview | None:
    """The unit's form, null before the stage opens."""
    return self_reviews.of_unit(own.campaign, own.unit.code)


def locked_words(own: Own, form: SelfReview, request: SignedIn) -> str:
    """Why nothing can be written, in words; empty when the form is open to this person."""
    return self_review_verbs.save_answer.check(actor=request.actor, self_review=form) or ""


def not_yet_page(request: SignedIn, own: Own) -> HttpResponse:
    """Before the stage opens."""
    dates = stage_dates(own.campaign)
    when = (
        f"按方案，自查从{cn_datetime(dates[stages.SELF_REVIEW][0])}开始。"
        if stages.SELF_REVIEW in dates
        else ""
    )
    context = {
        "title": "部门自查还没有开始",
        "text": f"{when}政务公开办打开自查阶段后，在这里填报。",
        "back": own.url("unit-home-year"),
        "shell_width": "unit",
    }
    return render(request, "unit/nothing.html", context)


def state_words(line: self_reviews.Line) -> tuple[str, str]:
    """Words and icon of one item of the list."""
    answer = line.answer
    if answer is not None and answer.not_applicable:
        decision = getattr(answer, "decision", None)
        if decision is None:
            return ("申请不涉及" if line.done else "不涉及，缺理由"), "circle-dashed"
        return ("不涉及", "check") if decision.accepted else ("不认定不涉及", "triangle-alert")
    return ("已答", "check") if line.done else ("未答", "")


def groups(own: Own, lines: Sequence[self_reviews.Line], chosen: str = "") -> list[Group]:
    """The items of the form by first-level indicator."""
    return [
        Group(f"{code} {title}", tuple(_entry(own, line, chosen) for line in part))
        for (code, title), part in groupby(lines, key=lambda one: (one.item.first, one.item.first_title))
    ]


def _entry(own: Own, line: self_reviews.Line, chosen: str) -> Entry:
    state, icon = state_words(line)
    return Entry(
        label=f"{line.item.code} {line.item.title}".replace("：", "：|"),
        url=own.url("unit-self-review-item", line.item.code),
        current=line.item.code == chosen,
        state=state,
        icon=icon,
    )


def basis_of(own: Own, form: SelfReview, lines: Sequence[self_reviews.Line]) -> Basis:
    """On what the page stands."""
    return Basis(
        n=f"{len(lines)} 项",
        as_of=clock.now(),
        rubric=own.rubric(),
        extra=(own.unit.short_name, self_reviews.STATES[form.state]),
    )


def deadline_of(own: Own, form: SelfReview) -> Deadline | None:
    """Until when the form can be handed in."""
    if form.state == self_review_logic.SUBMITTED:
        return Deadline(state="done", words="已提交")
    dates = stage_dates(own.campaign)
    return days_to(dates[stages.SELF_REVIEW][1]) if stages.SELF_REVIEW in dates else None


@require_safe
@own_page(policy.can_see_self_review)
def overview(request: SignedIn, own: Own) -> HttpResponse:
    """Every item with its state; the receipt when it was submitted, the reason when it was sent back."""
    form = form_of(own)
    if form is None:
        return not_yet_page(request, own)
    lines = self_reviews.lines(form)
    if "format" in request.GET:
        return download(_file(own, lines), request.GET["format"])
    locked = locked_words(own, form, request)
    done = sum(line.done for line in lines)
    title = _title(form, done, len(lines))
    context = {
        "title": title,
        "shell_width": "unit",
        "own": own,
        "head": Head(
            title=title,
            crumbs=own.crumbs("部门自查"),
            basis=basis_of(own, form, lines),
            deadline=deadline_of(own, form),
            actions=() if locked else (submit_action(own, form),),
        ),
        "returned": form.return_reason if form.state == self_review_logic.RETURNED else "",
        "missing": form.return_reason if form.state == self_review_logic.NOT_SUBMITTED else "",
        "missing_rule": self_review_logic.NOT_SUBMITTED_RULE,
        "receipt": _receipt(form) if form.state == self_review_logic.SUBMITTED else None,
        "locked": locked,
        "groups": groups(own, lines),
        "table": _table(own, lines),
    }
    return render(request, "unit/self_review.html", context)


def _title(form: SelfReview, done: int, total: int) -> str:
    if form.state == self_review_logic.SUBMITTED:
        return f"自查已提交，|{total} 项内容已锁定"
    if form.state == self_review_logic.RETURNED:
        return f"自查被退回，|改好后再提交（{total} 项已答 {done} 项）"
    if form.state == self_review_logic.NOT_SUBMITTED:
        return "本单位登记为逾期未报"
    return f"部门自查：|{total} 项已答 {done} 项"


def submit_action(own: Own, form: SelfReview) -> Action:
    """The way to submitting, or what still lacks."""
    lacks = self_reviews.gaps(form)
    return Action(
        label="提交自查",
        url=own.url("unit-self-review-submit"),
        kind="primary",
        disabled=f"还有 {len(lacks)} 项没有填完。" if lacks else "",
    )


def _receipt(form: SelfReview) -> Receipt:
    return Receipt(
        "政务公开办收到了",
        form.receipt,
        text=f"{cn_datetime(form.submitted_at)} 提交，内容已锁定。要改，请政务公开办经办退回。",
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


def _said(line: self_reviews.Line) -> str:
    if line.answer is None:
        return "—"
    return "申请不涉及" if line.answer.not_applicable else _level_name(line.item, line.answer.level) or "—"


def _table(own: Own, lines: Iterable[self_reviews.Line]) -> DataTable:
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
                state_words(line)[0],
            ]
            for line in lines
        ],
        empty="这类单位没有要自查的指标。",
        csv="?format=csv",
        xlsx="?format=xlsx",
        fold=True,
    )


def _file(own: Own, lines: Iterable[self_reviews.Line]) -> Table:
    rows = [
        [
            line.item.code,
            line.item.title,
            line.item.max,
            _said(line),
            line.answer.text if line.answer else "",
            "；".join(one.name for one in evidence(line.answer.artefacts.all(), str)) if line.answer else "",
            state_words(line)[0],
        ]
        for line in lines
    ]
    columns = ["指标代码", "指标", "满分", "自查档次", "情况说明", "佐证材料", "状态"]
    return Table(f"{own.campaign.year}年{own.unit.short_name}自查", columns, rows, [own.rubric()])


@require_http_methods(["GET", "HEAD", "POST"])
@liaisons_page(policy.can_fill_self_review, "自查由本单位联络员提交。")
def submit(request: SignedIn, own: Own) -> HttpResponse:
    """Look once more, then submit: the form locks and a receipt is given."""
    form = form_of(own)
    if form is None:
        return not_yet_page(request, own)
    if request.method == "POST":
        self_review_verbs.submit(actor=request.actor, self_review=form, now=clock.now())
        messages.success(request, f"自查已提交，回执码 {form.receipt}。")
        return redirect("unit-self-review-year", *own.args)
    lines = self_reviews.lines(form)
    lacks = self_reviews.gaps(form)
    bare = [line for line in lines if line.bare]
    title = f"还有 {len(lacks)} 项没有填完，|不能提交" if lacks else "提交自查？|提交后内容锁定"
    context = {
        "title": title,
        "shell_width": "unit",
        "own": own,
        "head": Head(
            title=title,
            crumbs=own.crumbs(("部门自查", own.url("unit-self-review-year")), "提交"),
            basis=basis_of(own, form, lines),
            deadline=deadline_of(own, form),
        ),
        "locked": locked_words(own, form, request),
        "lacks": [
            Mistake(words, own.url("unit-self-review-item", words.partition(" ")[0])) for words in lacks
        ],
        "bare": [f"{line.item.code} {line.item.title}" for line in bare],
        "claims": [
            f"{line.item.code} {line.item.title}" for line in lines if line.claimed and not line.decided
        ],
        "decided": [
            f"{line.item.code} {line.item.title}（{state_words(line)[0]}）" for line in lines if line.decided
        ],
    }
    return render(request, "unit/self_review_submit.html", context)
