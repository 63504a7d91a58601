"""The working calendar: which years are known, and one year's days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.accounts.actor import Actor
from kaoping.calendars import (
    Day,
    YearState,
)
from kaoping.deadlines.services import withdraw_arrangement
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
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
    known_or_404(year)
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
        "days": day_rows(days),
        "entries": [_entry_row(one, year, request.actor) for one in queries.entries() if year in one.years],
        "may": may,
    }
    return render(request, "desk/year/calendar_year.html", context)


def _door(request: SignedIn) -> None:
    if not policy.can_see_calendar(request.actor):
        raise PermissionDenied("工作日历由政务公开办、主管部门、单位和审计员查看。")


def may_enter(request: SignedIn) -> None:
    """Who enters an arrangement and takes it back. Raises ``PermissionDenied``."""
    if not policy.can_enter_calendar(request.actor):
        raise PermissionDenied("放假安排由政务公开办经办录入。")


def known_or_404(year: int) -> None:
    """Years for which there is a calendar. Raises ``Http404``."""
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


def day_rows(days: Iterable[Day]) -> list[DayRow]:
    """Days as the pages list them."""
    return [DayRow(day.date, cn_weekday(day.date), day.works, day.name or "") for day in days]


def move_rows(moves: Iterable[logic.Move]) -> list[MoveRow]:
    """Dates that move, or would, as the pages list them."""
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


def moved_words(moved: Sequence[logic.Move]) -> str:
    """What an act moved, and how many units read of it."""
    told = [one for one in moved if one.kind != logic.REMINDER]
    units = {unit for one in told for unit in one.units}
    if not told:
        return "没有期限改动。"
    return f"{len(told)} 个期限顺延，没有期限提前" + (
        f"，已在 {len(units)} 个单位的页面上写明。" if units else "。"
    )
