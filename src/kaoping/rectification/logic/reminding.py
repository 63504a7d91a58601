"""Which reminders a served case gets, when, and what is true to say in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kaoping.beijing import BEIJING, day_of, end_of_day
from kaoping.calendars import WorkingCalendar
from kaoping.checks.model import date_words
from kaoping.rectification.logic import ANSWERED, MORNING, REMIND_BEFORE, SERVED, STATES


def reminder_days(calendar: WorkingCalendar, due: date) -> dict[str, date]:
    """The days on which a served case is reminded of its deadline, by kind."""
    return {
        "before": calendar.add_working_days(due, -REMIND_BEFORE),
        "due": due,
        "overdue": due + timedelta(days=1),
    }


def morning_of(day: date) -> datetime:
    """When reminders of a day go out."""
    return datetime.combine(day, MORNING, tzinfo=BEIJING)


@dataclass(frozen=True, slots=True)
class Reminding:
    """What a reminder does when it runs: the words to write, or why nothing is written; ``missed`` when that is our failure."""

    text: str = ""
    why: str = ""
    missed: bool = False


def needs_none(state: str, *, late: bool) -> bool:
    """Whether a case in ``state`` gets no reminder: the unit answered in time, or nothing is left for it to do."""
    return state not in (SERVED, ANSWERED) or (state == ANSWERED and not late)


def reminding(
    kind: str, state: str, due_on: date, *, late: bool, left: int | None, followed: bool, now: datetime
) -> Reminding:
    """What is true to say when a reminder runs, which may be later than promised.

    ``late`` is ``overdue``, ``left`` the working days to the deadline; ``followed`` says that a later reminder of the case is
    due already, so that this one has nothing true left to say.
    """
    if needs_none(state, late=late):
        return Reminding(why=f"{STATES[state]}，不需提醒")
    if kind == "overdue":
        if not late:
            return Reminding(why="没有逾期，不需提醒")
        return Reminding("已经逾期，请立即整改并回复；逾期情况计入平时考核台账。")
    if followed or now > end_of_day(due_on):
        return Reminding(why="到时间没有发出，补发时内容已不符合实际，未再发", missed=True)
    if kind == "served":
        return Reminding("整改单已下发，请在期限内整改并回复。")
    if day_of(now) == due_on:
        return Reminding("今天 24:00 到期，请在今天内回复。")
    if left is None:
        return Reminding(f"期限到 {date_words(due_on)} 24:00 止，请抓紧整改并回复。")
    return Reminding(f"距期限还有 {left} 个工作日，请抓紧整改并回复。")
