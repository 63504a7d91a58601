"""The planned days of the stages: which rest, and how far the office may move them within the approved plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kaoping.calendars import DayKind, WorkingCalendar, YearNotAnnounced
from kaoping.campaigns.logic.stages import LABELS, ROUTINE, STAGES
from kaoping.checks.model import date_words
from kaoping.foreign.glyphs import glyphs

Span = tuple[date, date]
_WEEKDAYS: Final = "一二三四五六日"
AMENDMENT: Final = "要提前或推到这一天以后，须修订方案、重新呈批"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants: other days for a stage, and why."""

    stage: str
    first: date
    last: date
    reason: str


def plan_end(dates: Mapping[str, Span]) -> date | None:
    """The last day of the plan as approved; null for a plan without dates."""
    return max((last for _first, last in dates.values()), default=None)


def refusal_to_move(at: str, dates: Mapping[str, Span], stage: str, *, signing: bool) -> str | None:
    """Why the days of ``stage`` cannot be moved at all while a campaign is ``at`` its stage, in words, or null.

    ``signing``: the plan's sheet is under way.
    """
    if stage not in dates:
        return "方案没有给这个阶段排日期。"
    if signing:
        return "方案呈批表已有人签批，要改日期，请先由签批人点“退回”。"
    if stage == ROUTINE:
        return "平时考核的起止就是考核期，不能单独移动；要改须修订方案、重新呈批。"
    if STAGES.index(at) > STAGES.index(stage):
        return f"“{LABELS[stage]}”已经结束，日期不能再改。"
    return None


def refusal_of_days(dates: Mapping[str, Span], end: date, wanted: Wanted) -> str | None:
    """Why a stage that can be moved cannot have these days, in words, or null; ``end`` is the last day of the plan."""
    first, last = dates[wanted.stage]
    if wanted.first > wanted.last:
        return "末日不能早于首日。"
    if (wanted.first, wanted.last) == (first, last):
        return "日期没有改动。"
    if wanted.first < first or wanted.last < last:
        return f"已排定的日期不能提前（现为 {date_words(first)}至{date_words(last)}）；{AMENDMENT}。"
    if wanted.last > end:
        return f"方案的最后一天是 {date_words(end)}；{AMENDMENT}。"
    return None if glyphs(wanted.reason) else "请写明理由，各参评单位会看到。"


def said(days: Span) -> dict[str, str]:
    """The two days of a stage, field by field as the form to move them sends them: what its edition is made of."""
    return {"first": days[0].isoformat(), "last": days[1].isoformat()}


def changed(before: Span, after: Span) -> Iterator[tuple[str, date, date]]:
    """Each of the two days that becomes another one: what it is called, what it was, what it is."""
    for label, was, becomes in zip(("开始", "截止"), before, after, strict=True):
        if was != becomes:
            yield label, was, becomes


def rest_words(day: date, calendar: WorkingCalendar) -> str:
    """Why nobody works on a day, '' when it is a working day or its year is not known."""
    try:
        entry = calendar.day(day)
    except YearNotAnnounced:
        return ""
    if entry.works:
        return ""
    weekday = f"星期{_WEEKDAYS[day.weekday()]}"
    return weekday if entry.kind is DayKind.WEEKEND else f"{weekday}，{entry.label}放假"
