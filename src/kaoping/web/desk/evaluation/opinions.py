"""Opinions of citizens: the list, and one opinion to judge, answer and close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.accounts.actor import Refused, Stale
from kaoping.accounts.queries import replaced_texts
from kaoping.calendars import WorkingCalendar, YearNotAnnounced
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.services.opinions import answer_opinion, record_opinion_ratios
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards.answers import OPINIONS_UNSCORED
from kaoping.support import clock
from kaoping.web.desk.evaluation.poll import clock_words, crumbs
from kaoping.web.desk.years import term_mark
from kaoping.web.ui.editing import mark_of, opened_with, panel_of, sent
from kaoping.web.ui.filled import filled
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.form import Panel
from kaoping.web.ui.parts.head import Basis, Crumb, Deadline, Head
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.requests import SignedIn, form_status
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import PROVISIONAL, cn_date, cn_short_date
from kaoping.workdays.queries import calendar as working_days

SHOW: Final = {"open": "没有答复", "answered": "已答复", "unclosed": "合理但没有整改到位", "all": "全部"}
SHORT: Final = 60
Counts = Mapping[str, Mapping[str, int]]


def _door(request: SignedIn, key: OrganisedYear) -> None:
    if not policy.can_read_opinions(request.actor, key):
        raise PermissionDenied("意见建议由政务公开办查看，被评议单位看不到原件。")


@require_safe
def opinions(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The list, newest first."""
    _door(request, key)
    poll = queries.poll_of(key)
    if poll is None:
        raise Http404
    show = request.GET.get("show", "open")
    show = show if show in SHOW else "open"
    names = queries.names_of(poll)
    rows = queries.listed_opinions(key=key, unit=request.GET.get("unit", ""), show=show)
    if "format" in request.GET:
        return download(_file(rows, names, key), request.GET["format"])
    days = working_days(clock.now())
    table = paged_table(
        columns=["意见", "单位", "收到", "期限", "处理"],
        rows=rows,
        cells=lambda one: _cells(one, names, key, days),
        params=request.GET,
        caption="意见建议",
        empty=_empty(request, show),
    )
    counts = queries.opinion_counts(key)
    context = {
        "title": _title(table.total, show),
        "key": key,
        "head": Head(
            title=_title(table.total, show),
            crumbs=crumbs(key, "意见建议"),
            basis=Basis(n=_sums(counts), extra=("不附问卷和回执的编号",)),
        ),
        "table": table,
        "names": sorted(names.items(), key=lambda pair: pair[1]),
        "shows": list(SHOW.items()),
        "chosen": {"show": show, "unit": request.GET.get("unit", "")},
        "record": _record_action(request, key, counts),
        "unscored": "" if queries.opinions_score(poll) else f"{OPINIONS_UNSCORED}。",
    }
    return render(request, "desk/evaluation/opinions.html", context)


def _title(total: int, show: str) -> str:
    return {
        "open": f"{total} 条意见没有答复" if total else "意见都答复了",
        "answered": f"已答复 {total} 条意见",
        "unclosed": f"{total} 条合理意见没有整改到位",
        "all": f"{total} 条意见",
    }[show]


def _sums(counts: Counts) -> str:
    return logic.opinions_in_words(
        {key: sum(one[key] for one in counts.values()) for key in ("received", "reasonable", "closed")}
    )


def _record_action(request: SignedIn, key: OrganisedYear, counts: Counts) -> Action | None:
    if not policy.can_answer_opinion(request.actor, key):
        return None
    return Action(label="登记意见整改情况", url=reverse("desk-opinions-record", args=[key]), method="post")


def _empty(request: SignedIn, show: str) -> Empty:
    if request.GET.get("unit") or show != "open":
        return Empty(title="没有符合条件的意见。", text="请放宽条件再查。")
    return Empty(title="没有待答复的意见。", text="公众在评议时写的意见，每分钟收一次，收到就列在这里。")


def _deadline(one: queries.OpinionRow, calendar: WorkingCalendar) -> Cell | str:
    if one.answered_at and (one.closed_on or one.closed_in_time or not one.reasonable):
        return "—"
    last, today = queries.opinion_due(one, calendar), clock.today()
    try:
        left = calendar.working_days_between(today, last) if last else None
    except YearNotAnnounced:
        left = None
    if left is None:
        return "工作日历没有这一年，算不出"
    rests = calendar.rests_on_provisional(one.arrived_on, last)
    return Cell(deadline=Deadline(left, until=last, provisional=rests))


def _state(one: queries.OpinionRow) -> str:
    if one.answered_at is None:
        return "没有答复"
    if not one.reasonable:
        return "已答复，不采纳"
    if one.closed_in_time:
        return "已答复，按期整改"
    return "已答复，逾期整改到位" if one.closed_on else "已答复，没有整改到位"


def _cells(
    one: queries.OpinionRow, names: dict[str, str], key: OrganisedYear, calendar: WorkingCalendar
) -> list[Value]:
    text = one.text if len(one.text) <= SHORT else f"{one.text[:SHORT]}……"
    return [
        Cell(text=text, url=reverse("desk-opinion", args=[key, one.id])),
        names.get(one.unit, one.unit),
        cn_short_date(one.arrived_on),
        _deadline(one, calendar),
        _state(one),
    ]


def _file(rows: Iterable[queries.OpinionRow], names: dict[str, str], key: OrganisedYear) -> Table:
    columns = [
        "编号",
        "单位代码",
        "单位",
        "收到日期",
        "意见",
        "是否合理",
        "答复",
        "答复人",
        "答复时间",
        "按期整改",
    ]
    return Table(
        f"{key.year}年意见建议",
        columns,
        [
            [
                one.id,
                one.unit,
                names.get(one.unit, one.unit),
                one.arrived_on,
                one.text,
                one.reasonable,
                one.answer,
                one.answered_by,
                one.answered_at,
                one.closed_in_time,
            ]
            for one in rows
        ],
        ["意见不附问卷和回执的编号。"],
    )


class AnswerForm(forms.Form):
    """Is it reasonable, what do we answer, is it put right."""

    reasonable = forms.ChoiceField(
        label="这条意见",
        choices=[("yes", "合理，要整改"), ("no", "不采纳")],
        widget=forms.RadioSelect,
        error_messages={"required": "请先判断意见是否合理。"},
    )
    answer = forms.CharField(
        label="答复",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="不采纳的，写明理由。",
        error_messages={"required": "请写明答复。"},
    )
    closed = forms.BooleanField(label="已经整改到位", required=False)

    def clean(self) -> dict[str, Any]:
        """What is not accepted cannot be put right."""
        super().clean()
        given = filled(self)
        if given.flag("closed") and given.text("reasonable") == "no":
            self.add_error("closed", "不采纳的意见没有整改。请去掉这个勾，或改判为合理。")
        return self.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: SignedIn, key: OrganisedYear, opinion_id: int) -> HttpResponse:
    """One opinion; a later answer replaces the earlier one, the earlier one stays among what was written before."""
    _door(request, key)
    poll, found = queries.poll_of(key), queries.opinion(opinion_id)
    if poll is None or found is None or found.poll_id != poll.pk:
        raise Http404
    may = policy.can_answer_opinion(request.actor, key)
    if request.method == "POST" and not may:
        raise PermissionDenied("意见由政务公开办经办答复。")
    said = queries.answer_said(found)
    form = AnswerForm(sent(request, said) or None, initial=_initial(queries.opinion_row(found)))
    panel: Panel | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, found, form)
        except Stale as stale:
            panel = panel_of(stale, form=form, me=request.actor)
            form.add_error(None, str(stale))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{_state(queries.opinion_row(found))}。")
            return redirect("desk-opinions", key)
    shown, names = queries.opinion_row(found), queries.names_of(poll)
    head = _head(shown, key, names)
    context = {
        "title": head.title,
        "head": head,
        "opinion": shown,
        "form": form,
        "may": may,
        "edition": mark_of(request, said, panel),
        "panel": panel,
        "before": replaced_texts("opinion", shown.id),
        "labels": {"answer": "答复", "reasonable": "判断"},
        "has_errors": form.is_bound,
        "answered": _answered(shown),
    }
    status = form_status(wrong=form.is_bound, closed=panel is not None)
    return render(request, "desk/evaluation/opinion.html", context, status=status)


def _answer(request: SignedIn, found: queries.Opinion, form: AnswerForm) -> None:
    given = filled(form)
    answer_opinion(
        actor=request.actor,
        opinion=found,
        reasonable=given.text("reasonable") == "yes",
        answer=given.text("answer"),
        closed=given.flag("closed"),
        opened=opened_with(request),
        now=clock.now(),
    )


def _head(found: queries.OpinionRow, key: OrganisedYear, names: Mapping[str, str]) -> Head:
    return Head(
        title=f"对{names.get(found.unit, found.unit)}的意见：|{_state(found)}",
        crumbs=(
            *crumbs(key),
            Crumb(label="意见建议", url=reverse("desk-opinions", args=[key])),
            Crumb(label=str(found.id)),
        ),
        basis=Basis(extra=(f"{cn_date(found.arrived_on)}收到", *_term(found, key))),
    )


def _term(found: queries.OpinionRow, key: OrganisedYear) -> list[str]:
    """Until when a reasonable opinion is to be put right, as it was shown first."""
    days = working_days(clock.now())
    last = queries.opinion_due(found, days)
    if last is None:
        return ["工作日历没有这一年，期限算不出"]
    counted = logic.opinion_due(found.arrived_on, days)
    rests = f"；{PROVISIONAL}）" if days.rests_on_provisional(found.arrived_on, last) else "）"
    term = f"（{logic.OPINION_WORKING_DAYS} 个工作日{term_mark(key)}{rests}"
    said = [f"合理的须在 {cn_date(last)} 24:00 前整改{term}"]
    if counted and counted < last:
        said.append(f"按现在的工作日历算到 {cn_date(counted)}；已经显示过的期限不提前")
    return said


def _answered(found: queries.OpinionRow) -> list[tuple[str, str]]:
    if found.answered_at is None:
        return []
    return [
        ("判断", "合理" if found.reasonable else "不采纳"),
        ("答复", found.answer),
        ("答复人", found.answered_by),
        ("答复时间", clock_words(found.answered_at)),
    ]


def _initial(found: queries.OpinionRow) -> dict[str, str | bool]:
    if found.answered_at is None:
        return {}
    return {
        "reasonable": "yes" if found.reasonable else "no",
        "answer": found.answer,
        "closed": bool(found.closed_on or found.closed_in_time),
    }


@require_POST
def record(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Put into the ledger what became of the opinions."""
    _door(request, key)
    count = record_opinion_ratios(actor=request.actor, key=key, now=clock.now())
    poll = queries.poll_of(key)
    how = "" if poll is not None and queries.opinions_score(poll) else f"{OPINIONS_UNSCORED}。"
    messages.success(request, f"已登记 {count} 个单位的意见整改情况。{how}")
    return redirect("desk-opinions", key)
