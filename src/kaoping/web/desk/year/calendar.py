"""The working calendar: which years are known, one year's days, and entering its arrangement with every date that moves."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Actor, Refused
from kaoping.calendars import (
    MAX_BYTES,
    Arrangement,
    ArrangementError,
    Day,
    YearState,
    days_as_csv,
    read_arrangement,
)
from kaoping.deadlines import queries as deadlines
from kaoping.deadlines.services import enter_arrangement, withdraw_arrangement
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.parts.table import Cell, DataTable, Value, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.typed import LONGEST_TEXT
from kaoping.web.ui.wording import cn_date, cn_weekday
from kaoping.workdays import logic, policy, queries

FIRST_SHOWN: Final = -1  # years before this one
LAST_SHOWN: Final = 2  # years after it
TONES: Final = {YearState.PROVISIONAL: "cau", YearState.ENTERED: "soft", YearState.SEEDED: "line"}


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year of the list."""

    year: int
    state: str
    tone: str
    source: str
    who: str
    url: str
    asked: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day that differs from the ordinary week, or bears a festival's name."""

    date: date
    weekday: str
    works: bool
    name: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One date that rests on working days: what it is, both dates, and why."""

    kind: str
    title: str
    was: date
    becomes: date
    counted: date
    why: str
    units: Sequence[str] = ()  # who was told it, and so gets a notice


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the year's history."""

    source: str
    who: str
    at: datetime
    withdrawn: str
    counts: bool
    withdraw_url: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a confirmation would do, and what the form carries back."""

    years: str
    source: str
    days: Sequence[DayRow]
    moves: Sequence[MoveRow]
    kept: Sequence[MoveRow]
    warnings: Sequence[str]
    seen: str
    content: str = ""
    reason: str = ""

    @property
    def moves_table(self) -> DataTable:
        """The days that move, for ``{% data_table %}``."""
        rows: list[list[Value]] = [
            [Cell(text=one.title, note=one.kind), cn_date(one.was), cn_date(one.becomes), one.why]
            for one in self.moves
        ]
        return table_of(
            caption="会改动的日期",
            columns=["日期", "原定", "改为", "怎么算的"],
            rows=rows,
            fold=True,
        )

    @property
    def told_words(self) -> str:
        """How many notices units get of these days, and how many units; a day that no unit was told makes none."""
        told = [unit for one in self.moves for unit in one.units]
        if not told:
            return "这些日期没有告知过单位，不发通知"
        silent = sum(not one.units for one in self.moves)
        rest = f"；另 {silent} 个日期没有告知过单位，不发通知" if silent else ""
        return f"确认后给 {len(set(told))} 个单位共 {len(told)} 条通知，写明原定、改为、依据{rest}"

    @property
    def kept_table(self) -> DataTable:
        """The days that would be earlier and stay."""
        rows: list[list[Value]] = [
            [Cell(text=one.title, note=one.kind), cn_date(one.was), cn_date(one.counted), one.why]
            for one in self.kept
        ]
        return table_of(
            caption="不提前的日期",
            columns=["日期", "仍为", "按新安排算", "怎么算的"],
            rows=rows,
            fold=True,
        )


@require_safe
def years(request: SignedIn) -> HttpResponse:
    """The years around today, and every year that somebody entered."""
    _door(request)
    now, today = clock.now(), clock.today()
    table, asked = queries.calendar(now).table, queries.asked_year(now)
    shown = {today.year + offset for offset in range(FIRST_SHOWN, LAST_SHOWN + 1)} | set(table.entered)
    rows = [_year_row(year, table.state(year), asked) for year in sorted(shown, reverse=True)]
    title = f"{asked} 年的放假安排|还没有录入" if asked else "工作日历"
    context = {
        "title": title,
        "rows": rows,
        "asked": logic.words_of_asking(asked, today) if asked else "",
        "asked_url": reverse("desk-calendar-year", args=[asked]) if asked else "",
    }
    return render(request, "desk/year/calendar.html", context)


@require_safe
def of_year(request: SignedIn, year: int) -> HttpResponse:
    """One year: where its days come from, the days, and what was entered before."""
    _door(request)
    _known(year)
    table = queries.calendar(clock.now()).table
    days = table.days_of(year)
    if "format" in request.GET:
        return download(_file(year, days), request.GET["format"])
    state = table.state(year)
    may = policy.can_enter_calendar(request.actor)
    context = {
        "title": f"{year} 年：|{state.label}",
        "year": year,
        "state": state.value,
        "label": state.label,
        "standing": queries.standing_of(year),
        "days": _day_rows(days),
        "entries": [_entry_row(one, year, request.actor) for one in queries.entries() if year in one.years],
        "may": may,
    }
    return render(request, "desk/year/calendar_year.html", context)


class EnterForm(forms.Form):
    """The notice's number, and its days as a file or written out."""

    source = forms.CharField(
        label="依据",
        max_length=200,
        help_text="通知的文号，如：国办发明电〔2026〕…号。单位收到的顺延通知会写明。",
        error_messages={"required": "请写明依据，即通知的文号。"},
    )
    file = forms.FileField(
        label="文件",
        required=False,
        help_text="CSV 或 JSON，不超过 200 KB。选了文件，下面一格就不用。",
    )
    text = forms.CharField(
        label="逐日列出",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 16, "class": "kp-mono"}),
        help_text="每行一天，第一行的列名可以不写：日期,上班或放假,名称。周六、周日补班写“上班”；没有列的日子，周一至周五上班，周六、周日休息。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: SignedIn, year: int) -> HttpResponse:
    """The form, then every date that would move, then the confirmed entry."""
    _may_enter(request)
    _known(year)
    table = queries.calendar(clock.now()).table
    standing = queries.standing_of(year)
    initial = {"source": standing.source if standing else "", "text": days_as_csv(table.days_of(year))}
    if request.method == "POST" and "confirm" in request.POST:
        return _confirm(request, year)
    form = EnterForm(request.POST or None, request.FILES or None, initial=initial)
    given: Arrangement | None = None
    content = b""
    if request.method == "POST" and form.is_valid():
        content = _content(form)
        given = _read(form, content, year)
    if given is None:
        return _form_page(request, year, form, table.state(year))
    return _preview_page(request, year, given, content)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, year: int, entry_id: int) -> HttpResponse:
    """Take back a wrong entry: every date that would move, the reason, the confirmation."""
    _may_enter(request)
    entry = queries.entry(entry_id)
    if entry is None or year not in entry.years:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            moved = withdraw_arrangement(
                actor=request.actor,
                entry=entry,
                reason=request.POST.get("reason", "")[:200],
                seen=request.POST.get("seen", ""),
                now=clock.now(),
            )
        except Refused as refused:
            error = str(refused)
        else:
            messages.success(request, f"已撤回。{_done(moved)}")
            return redirect("desk-calendar-year", year)
    effect = deadlines.effect_of_withdrawing(entry, now=clock.now())
    preview = Preview(
        "、".join(map(str, entry.years)),
        entry.source,
        (),
        _move_rows(effect.moves),
        _move_rows(effect.kept),
        effect.warnings,
        effect.seen,
        reason=request.POST.get("reason", ""),
    )
    context = {
        "title": f"撤回 {preview.years} 年的录入",
        "year": year,
        "preview": preview,
        "entry": entry,
        "errors": [Mistake(error, "#k-reason")] if error else [],
        "has_errors": bool(error),
    }
    return render(request, "desk/year/calendar_withdraw.html", context, status=409 if error else 200)


def _door(request: SignedIn) -> None:
    if not policy.can_see_calendar(request.actor):
        raise PermissionDenied("工作日历由市政务公开办、主管部门、单位和审计员查看。")


def _may_enter(request: SignedIn) -> None:
    if not policy.can_enter_calendar(request.actor):
        raise PermissionDenied("放假安排由市政务公开办经办录入。")


def _known(year: int) -> None:
    if not 2004 <= year <= 2100:
        raise Http404


def _year_row(year: int, state: YearState, asked: int | None) -> YearRow:
    standing = queries.standing_of(year)
    return YearRow(
        year,
        state.label,
        TONES.get(state, "line"),
        standing.source if standing else "—",
        f"{standing.entered_by}，{cn_date(standing.entered_at)}" if standing else "—",
        reverse("desk-calendar-year", args=[year]),
        year == asked,
    )


def _entry_row(one: queries.Arrangement, year: int, actor: Actor) -> EntryRow:
    standing = queries.standing_of(year)
    counts = standing is not None and standing.pk == one.pk
    withdrawn = (
        f"{cn_date(one.withdrawn_at)}由 {one.withdrawn_by} 撤回：{one.withdrawn_reason}"
        if one.withdrawn_at
        else ""
    )
    may = counts and withdraw_arrangement.check(actor=actor, entry=one) is None
    url = reverse("desk-calendar-withdraw", args=[year, one.pk]) if may else ""
    return EntryRow(one.source, one.entered_by, one.entered_at, withdrawn, counts, url)


def _day_rows(days: Iterable[Day]) -> list[DayRow]:
    return [DayRow(day.date, cn_weekday(day.date), day.works, day.name or "") for day in days]


def _move_rows(moves: Iterable[logic.Move]) -> list[MoveRow]:
    return [
        MoveRow(logic.KINDS[one.kind], one.title, one.was, one.becomes, one.counted, one.why, one.units)
        for one in moves
    ]


def _file(year: int, days: Iterable[Day]) -> Table:
    return Table(
        f"{year}年工作日历",
        ["date", "working", "name"],
        [[day.date, "true" if day.works else "false", day.name] for day in days],
    )


def _content(form: EnterForm) -> bytes:
    upload = form.cleaned_data["file"]
    if upload is not None:
        return bytes(upload.read(MAX_BYTES + 1))
    return str(form.cleaned_data["text"]).encode()


def _read(form: EnterForm, content: bytes, year: int) -> Arrangement | None:
    """What the file or the lines say; everything that is wrong becomes an error of the form."""
    field = "file" if form.cleaned_data["file"] is not None else "text"
    try:
        given = read_arrangement(content, source=form.cleaned_data["source"])
    except ArrangementError as error:
        for problem in error.problems:
            form.add_error(field, f"{problem}。")
        return None
    if year not in given.years:
        years = "、".join(map(str, given.years))
        form.add_error(field, f"这一页录入 {year} 年，所给的是 {years} 年。请核对，或到那一年的页面录入。")
        return None
    return given


def _form_page(request: SignedIn, year: int, form: EnterForm, state: YearState) -> HttpResponse:
    failed = form.is_bound
    context = {
        "title": f"录入 {year} 年的放假安排",
        "year": year,
        "form": form,
        "provisional": state is YearState.PROVISIONAL,
        "has_errors": failed,
    }
    return render(request, "desk/year/calendar_enter.html", context, status=422 if failed else 200)


def _preview_page(
    request: SignedIn, year: int, given: Arrangement, content: bytes, error: str = ""
) -> HttpResponse:
    effect = deadlines.effect_of(given, now=clock.now())
    told = [one for one in effect.moves if one.kind != logic.REMINDER]
    preview = Preview(
        "、".join(map(str, given.years)),
        given.source,
        _day_rows(given.days),
        _move_rows(effect.moves),
        _move_rows(effect.kept),
        effect.warnings,
        effect.seen,
        base64.b64encode(content).decode(),
    )
    context = {
        "title": f"{preview.years} 年放假安排：|{len(told)} 个期限顺延"
        if told
        else f"{preview.years} 年放假安排：|没有期限改动",
        "year": year,
        "preview": preview,
        "errors": [Mistake(error, "#k-confirm")] if error else [],
        "has_errors": bool(error),
    }
    return render(request, "desk/year/calendar_preview.html", context, status=409 if error else 200)


def _confirm(request: SignedIn, year: int) -> HttpResponse:
    """The entry that somebody saw and confirmed; when dates changed meanwhile, the new list is shown instead."""
    content = _kept(request.POST)
    try:
        given = read_arrangement(content, source=request.POST.get("source", ""))
    except ArrangementError:
        return redirect("desk-calendar-enter", year)
    try:
        moved = enter_arrangement(
            actor=request.actor, given=given, seen=request.POST.get("seen", ""), now=clock.now()
        )
    except Refused as refused:
        return _preview_page(request, year, given, content, str(refused))
    messages.success(request, f"已录入 {'、'.join(map(str, given.years))} 年放假安排。{_done(moved)}")
    return redirect("desk-calendar-year", year)


def _kept(data: Mapping[str, Any]) -> bytes:
    kept = str(data.get("content", ""))
    if len(kept) > MAX_BYTES * 2:
        return b""
    try:
        return base64.b64decode(kept, validate=True)
    except binascii.Error:
        return b""


def _done(moved: Sequence[logic.Move]) -> str:
    told = [one for one in moved if one.kind != logic.REMINDER]
    units = {unit for one in told for unit in one.units}
    if not told:
        return "没有期限改动。"
    return f"{len(told)} 个期限顺延，没有期限提前" + (
        f"，已在 {len(units)} 个单位的页面上写明。" if units else "。"
    )
