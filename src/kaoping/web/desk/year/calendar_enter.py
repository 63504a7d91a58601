"""A year's arrangement of working days entered from the notice: read, looked through, kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.calendars import (
    MAX_BYTES,
    Arrangement,
    ArrangementError,
    YearState,
    days_as_csv,
    read_arrangement,
)
from kaoping.deadlines import queries as deadlines
from kaoping.deadlines.services import enter_arrangement
from kaoping.support import clock
from kaoping.web.desk.year.calendar import (
    DayRow,
    MoveRow,
    day_rows,
    known_or_404,
    may_enter,
    move_rows,
    moved_words,
)
from kaoping.web.ui.filled import Filled, filled
from kaoping.web.ui.measured import Spoken
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.parts.table import Cell, DataTable, Value, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.typed import LONGEST_TEXT
from kaoping.web.ui.wording import cn_date
from kaoping.workdays import logic, queries


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


class ConfirmForm(forms.Form):
    """What the preview carries back: the arrangement itself, and the dates that it showed."""

    confirm = Spoken("确认录入", widget=forms.HiddenInput)
    content = Spoken("逐日列出", widget=forms.HiddenInput)
    source = Spoken("依据", widget=forms.HiddenInput)
    seen = Spoken("看过的日期", widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: SignedIn, year: int) -> HttpResponse:
    """The form, then every date that would move, then the confirmed entry."""
    may_enter(request)
    known_or_404(year)
    table = queries.calendar(clock.now()).table
    standing = queries.standing_of(year)
    initial = {"source": standing.source if standing else "", "text": days_as_csv(table.days_of(year))}
    confirmed = _confirmed(request)
    if request.method == "POST" and confirmed.text("confirm"):
        return _confirm(request, year, confirmed)
    form = EnterForm(request.POST or None, request.FILES or None, initial=initial)
    given: Arrangement | None = None
    content = b""
    if request.method == "POST" and form.is_valid():
        content = _content(form)
        given = _read(form, content, year)
    if given is None:
        return _form_page(request, year, form, table.state(year))
    return _preview_page(request, year, given, content)


def _confirmed(request: SignedIn) -> Filled:
    form = ConfirmForm(request.POST)
    form.is_valid()
    return filled(form)


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
        day_rows(given.days),
        move_rows(effect.moves),
        move_rows(effect.kept),
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


def _confirm(request: SignedIn, year: int, confirmed: Filled) -> HttpResponse:
    """The entry that somebody saw and confirmed; when dates changed meanwhile, the new list is shown instead."""
    content = _kept(confirmed.text("content"))
    try:
        given = read_arrangement(content, source=confirmed.text("source"))
    except ArrangementError:
        return redirect("desk-calendar-enter", year)
    try:
        moved = enter_arrangement(
            actor=request.actor, given=given, seen=confirmed.text("seen"), now=clock.now()
        )
    except Refused as refused:
        return _preview_page(request, year, given, content, str(refused))
    messages.success(request, f"已录入 {'、'.join(map(str, given.years))} 年放假安排。{moved_words(moved)}")
    return redirect("desk-calendar-year", year)


def _kept(kept: str) -> bytes:
    if len(kept) > MAX_BYTES * 2:
        return b""
    try:
        return base64.b64decode(kept, validate=True)
    except binascii.Error:
        return b""
