"""Verbs: revise the words of an order, serve a batch with a working-day deadline."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.doors import everywhere
from kaoping.accounts.logic import NOT_SAID, Opened, plain
from kaoping.accounts.queries import last_act
from kaoping.accounts.services import merged
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.calendars import WorkingCalendar, YearNotAnnounced
from kaoping.foreign.glyphs import glyphs
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.logic import reminding
from kaoping.rectification.models import Case, Reminder
from kaoping.rectification.services.opening import add_entry, said_already
from kaoping.registry.queries import organisers
from kaoping.support import jobs
from kaoping.workdays.queries import calendar as working_days
from kaoping.workdays.queries import hold_calendar


def _served(case: Case) -> str | None:
    return logic.refusal_to_serve(case.state)


@verb(
    "revise_order",
    "修改整改内容",
    kind="case",
    thing="case",
    door=policy.can_serve_cases,
    whose="case",
    denied="整改单由政务公开办修改。",
    refusal=_served,
    lock="case",
    said="修改 {number} 的整改内容。",
    final="原文留在经过里，下发前可以再改。",
)
def revise(
    act: Act, *, actor: Actor, case: Case, text: str, opened: Opened = NOT_SAID, now: datetime
) -> Case:
    """Change the words of an order that was not yet served; the old words stay on the timeline. Raises ``Stale``."""
    if words := logic.refusal_of_order(text):
        raise Refused(words)
    with act.writing():
        values = merged(
            opened=opened,
            mine={"text": text},
            stored={"text": case.order_text},
            last=lambda: last_act("case", case.number, "revise_order"),
        )
        if values["text"] == plain(case.order_text):
            return case
        add_entry(case, "revised", actor.who, f"原文：{case.order_text}", at=now)
        case.order_text = values["text"]
        case.save(update_fields=["order_text"])
        act.done(number=case.number)
    return case


def _serves(actor: Actor, numbers: Collection[str]) -> bool:
    """The office of the organiser whose the orders are, all of them."""
    whose = Case.objects.filter(number__in=numbers).order_by().values_list("organiser", flat=True).distinct()
    return everywhere(policy.can_serve_cases, actor, whose)


@verb(
    "serve_cases",
    "下发整改单",
    kind="case",
    door=_serves,
    denied="整改单由政务公开办下发。",
    said="下发 {number}，{due} 24:00 止。",
    news="下发整改单 {n} 张",
    room="cases",
    final="下发就是告知单位；依据撤回的，整改单随之撤销。",
)
def serve(
    act: Act, *, actor: Actor, numbers: Collection[str], now: datetime, days: int | None = None
) -> list[Case]:
    """Serve a batch: each unit has ``days`` working days (those of the rulebook in force, when none are said), until 24:00 of the last. All or none.

    Sets four reminders (service, three working days before, the day itself, the morning after), each with its own row. A
    deadline in a year whose arrangement is not entered is counted provisionally and may become later, never earlier.
    """
    wanted = sorted(set(numbers))
    if not wanted:
        raise Refused("没有选中任何一张。请勾选要下发的整改单。")
    days = queries.order_days(organisers.served(actor), day_of(now)) if days is None else days
    if not 1 <= days <= logic.MAX_DAYS:
        raise Refused(f"期限应为 1 到 {logic.MAX_DAYS} 个工作日。")
    with act.writing():
        hold_calendar()
        calendar = working_days(now)
        try:
            due = calendar.add_working_days(day_of(now), days)
        except YearNotAnnounced as error:
            raise Refused(str(error)) from None
        served = [_serve_one(locked(number), actor, due, days, now, calendar) for number in wanted]
        for case in served:  # a line each: whoever asks the log about one order finds its serving
            act.done(thing=case.number, number=case.number, due=due.isoformat())
    return served


def _serve_one(
    case: Case, actor: Actor, due: date, days: int, now: datetime, calendar: WorkingCalendar
) -> Case:
    words = logic.refusal_to_serve(case.state) or logic.refusal_of_order(case.order_text)
    if words:
        raise Refused(f"{case.number}：{words}")
    case.state, case.served_at, case.due_on, case.days = logic.SERVED, now, due, days
    case.save(update_fields=["state", "served_at", "due_on", "days"])
    text = (
        f"请于 {due.year}年{due.month}月{due.day}日前完成整改并回复（期限 {days} 个工作日，当天 24:00 止）。"
    )
    add_entry(case, "served", actor.who, text, at=now)
    for kind, day in reminding.reminder_days(calendar, due).items():
        at = reminding.morning_of(day)
        if at > now:
            Reminder.objects.create(case=case, kind=kind, promised_at=at)
            promise(case, kind, at, now, key=f"rectification-{case.number}-{kind}")
    Reminder.objects.create(case=case, kind="served", promised_at=now)
    promise(case, "served", now, now, key=f"rectification-{case.number}-served")
    return case


def _not_served(case: Case) -> str | None:
    return None if case.served_at else "整改单还没有下发，不能登记送达。"


@verb(
    "hand_over_order",
    "登记整改单送达",
    kind="case",
    thing="case",
    door=policy.can_serve_cases,
    whose="case",
    denied="送达由政务公开办登记。",
    refusal=_not_served,
    lock="case",
    said="{who} 登记 {number} 送达：{how}",
    final="送达过就是送达了，写错的再登记一次。",
)
def hand_over(act: Act, *, actor: Actor, case: Case, how: str, now: datetime) -> Case:
    """The office notes that it handed the order to the unit: how, and to whom. Noted twice on a day it is noted once."""
    if glyphs(how) < 4:
        raise Refused("请写明怎么送达、交给了谁，如“电话告知王敏”“纸质件交办公室签收”。")
    with act.writing():
        if said_already(case, "handed", actor.who, how.strip(), at=now):
            return case
        add_entry(case, "handed", actor.who, how.strip(), at=now)
        act.done(number=case.number, how=how.strip())
    return case


def promise(case: Case, kind: str, at: datetime, now: datetime, *, key: str) -> None:
    """Let the worker run the reminder at its time."""
    jobs.enqueue(
        "kaoping.rectification.jobs:remind",
        key=key,
        due_at=at,
        now=now,
        number=case.number,
        kind=kind,
    )


def locked(number: str) -> Case:
    """The case, locked for the transaction; ``Refused`` when there is none."""
    case = Case.objects.select_for_update().filter(number=number).first()
    if case is None:
        raise Refused(f"没有编号为 {number} 的整改单。")
    return case
