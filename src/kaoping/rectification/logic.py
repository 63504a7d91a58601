"""Decisions of rectification, pure: what is one fault, which state follows, when a case may be closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from kaoping.calendars import SHANGHAI, WorkingCalendar, end_of_day
from kaoping.checks.model import date_words

DRAFT, SERVED, ANSWERED, CLOSED = "draft", "served", "answered", "closed"
STATES: Final[dict[str, str]] = {
    DRAFT: "待下发",
    SERVED: "整改中",
    ANSWERED: "已回复，待核实",
    CLOSED: "已结案",
}
# Working days from service to the deadline. No rule of the city sets a number (proposed, 待核).
DAYS: Final = 15
DAYS_CONFIDENCE: Final = "proposed"
MAX_DAYS: Final = 60
REMIND_BEFORE: Final = 3  # working days
MORNING: Final = time(8, 30)  # when reminders of a day go out
REMINDERS: Final[dict[str, str]] = {
    "served": "送达提醒",
    "before": f"剩 {REMIND_BEFORE} 个工作日提醒",
    "due": "到期当天提醒",
    "overdue": "逾期提醒",
}
OPENING: Final = ("monitor", "visit", "draw", "register")
CLOSING: Final = ("retest", "visit", "draw", "office")
SOURCES: Final[dict[str, str]] = {
    "monitor": "在线监测",
    "retest": "复测",
    "visit": "实地查看",
    "draw": "随机抽查",
    "register": "登记（台账、意见）",
    "office": "市政务公开办核查",
}
ENTRY_KINDS: Final[dict[str, str]] = {
    "found": "发现并确认",
    "merged": "又一来源并入",
    "revised": "修改整改内容",
    "served": "下发整改单",
    "reminder": "提醒",
    "answer": "单位回复",
    "file": "单位材料",
    "ask": "单位提问",
    "reply": "市政务公开办答复",
    "retest": "复测",
    "check": "人工核查",
    "withdrawn": "记录撤回",
    "moved": "期限顺延",
    "closed": "结案",
}
CONDITION: Final = "须有一次通过的复测，或一名具名人员的核查记录"
# How the reason of a line begins by which a person says that the page of a fault was taken down (monitoring).
PAGE_GONE: Final = "网页已撤"
CLAIM_REFUSED: Final = f"单位不能自己结案：{CONDITION}。改好后请点“申请复测”，或等检查员核查。"


@dataclass(frozen=True, slots=True)
class Proof:
    """One observation merged into a case."""

    source: str
    value: str
    at: datetime
    by: str = ""
    reason: str = ""

    @property
    def words(self) -> str:
        """What the proof is, for the sentence that closes a case."""
        if self.source == "retest":
            return PAGE_GONE if self.reason.startswith(PAGE_GONE) else "复测通过"
        return f"{self.by or SOURCES[self.source]}核查通过"


def second_look_words(value: str, reason: str) -> str:
    """What the timeline says of a second look. A page that was taken down did not pass anything."""
    if value == "met" and reason.startswith(PAGE_GONE):
        return reason
    return f"复测{'通过' if value == 'met' else '未通过'}。{reason}"


def fault_of(check: str | None, item: str | None, target: str | None) -> str:
    """What makes two observations one fault: the check (else the item) and where it was seen."""
    return f"{check or item or ''}|{target or ''}"[:600]


def opens_case(source: str, kind: str, value: object, check: str | None) -> bool:
    """Whether an observation asks for rectification. An imported ledger line does so only when it names a check."""
    return (
        kind == "verdict"
        and value == "not_met"
        and source in OPENING
        and (source != "register" or bool(check))
    )


def belongs(source: str, kind: str, value: object) -> bool:
    """Whether an observation says something of a case that is already open."""
    return kind == "verdict" and value in ("met", "not_met") and source in (*OPENING, *CLOSING)


def state_after(state: str, proof: Proof) -> str:
    """A failed second look sends an answered case back to the unit."""
    return SERVED if state == ANSWERED and proof.value == "not_met" else state


def closing_proof(proofs: Iterable[Proof], served_at: datetime | None) -> Proof | None:
    """The observation that lets a case be closed: the newest verdict, met, after service and after the last failure."""
    ordered = sorted((one for one in proofs if one.value in ("met", "not_met")), key=lambda one: one.at)
    if not ordered:
        return None
    last = ordered[-1]
    if last.value != "met" or last.source not in CLOSING:
        return None
    return last if served_at is None or last.at >= served_at else None


def refusal_to_close(
    state: str,
    proofs: Sequence[Proof],
    served_at: datetime | None,
    *,
    then: str = "请点“安排复测”，或登记人工核查。",
) -> str | None:
    """Why a case cannot be closed, in words, or null when it can. ``then`` says what the reader can do about it."""
    if state == CLOSED:
        return "这张整改单已经结案。"
    if closing_proof(proofs, served_at) is not None:
        return None
    if served_at is None:
        return f"还不能结案：整改单还没有下发。{CONDITION}，下发前已改好的也一样。"
    failed = [
        one for one in proofs if one.source == "retest" and one.value == "not_met" and one.at >= served_at
    ]
    tail = "最近一次复测没有通过。" if failed else ""
    return f"还不能结案：{CONDITION}，时间在下发之后。{tail}{then}"


def refusal_to_serve(state: str, order_text: str) -> str | None:
    """Why an order cannot be served, in words, or null."""
    if state != DRAFT:
        return "只能下发“待下发”的整改单，请刷新后再选。"
    return None if order_text.strip() else "整改内容是空的，请先写明要改什么。"


def refusal_to_answer(state: str, text: str, has_proof: bool) -> str | None:
    """Why a unit's answer cannot be taken, in words, or null."""
    if state == DRAFT:
        return "整改单还没有下发，不需要回复。"
    if state == CLOSED:
        return "这张整改单已经结案，不再收回复。"
    if not text.strip():
        return "请写明改了什么。"
    return None if has_proof else "请附一份材料，或写明改好后的网址，便于核实。"


def reminder_days(calendar: WorkingCalendar, due: date) -> dict[str, date]:
    """The days on which a served case is reminded of its deadline, by kind."""
    return {
        "before": calendar.add_working_days(due, -REMIND_BEFORE),
        "due": due,
        "overdue": due + timedelta(days=1),
    }


def morning_of(day: date) -> datetime:
    """When reminders of a day go out."""
    return datetime.combine(day, MORNING, tzinfo=SHANGHAI)


def moved_words(was: date, becomes: date, basis: str) -> str:
    """What the unit reads on its timeline when its deadline became later."""
    return f"期限原定 {date_words(was)} 24:00，改为 {date_words(becomes)} 24:00。依据：{basis}。"


def overdue(state: str, due_on: date | None, now: datetime) -> bool:
    """Whether the unit still owes something after 24:00 of the deadline."""
    return state == SERVED and due_on is not None and now > end_of_day(due_on)


def order_text(unit: str, source: str, reason: str, where: str, remedy: str) -> str:
    """The body of an order as proposed to the person who serves it: what was found, where, what to do."""
    place = f"（{where}）" if where else ""
    what = reason.strip().rstrip("。")
    return f"{unit}：\n经{SOURCES.get(source, source)}确认：{what}{place}。\n{remedy.strip()}"


def number(year: int, serial: int) -> str:
    """The number of a case inside the program; no document number of an office is invented."""
    return f"ZG-{year}-{serial:04d}"
